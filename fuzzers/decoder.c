/* SPDX-License-Identifier: MIT */
/* fuzzers/decoder.c - bytes to a case: see decoder.h and, record by record, step_codec.c. */
#include "fuzzers/decoder.h"

#include <string.h>

#include "fuzzers/step_codec.h"

void vpci_decode(const uint8_t *bytes, size_t length, struct vpci_script *script)
{
    struct vpci_codec codec;
    uint8_t last[VPCI_RECORD_BYTES] = { 0 };
    vpci_codec_start(&codec, script);
    for (size_t at = 0; at < length; at += VPCI_RECORD_BYTES) {
        const uint8_t *record = bytes + at;
        if (length - at < VPCI_RECORD_BYTES) {
            memcpy(last, record, length - at);
            record = last;
        }
        if (at == 0)
            vpci_codec_device(&codec, record);
        else if (!vpci_codec_record(&codec, record))
            return;
    }
}
