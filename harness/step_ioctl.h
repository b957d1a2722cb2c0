/* SPDX-License-Identifier: MIT */
/* harness/step_ioctl.h - an IOCTL step as its sender thinks of it: a block, a length, bytes to write. Apart
 * because printing needs to know whether a step can be put that way, and shrinking changes steps that way. */
#ifndef VPCI_STEP_IOCTL_H
#define VPCI_STEP_IOCTL_H

#include "harness/scenario.h"

struct vpci_ioctl_layout {
    uint32_t block, length;
    enum vpci_pf_data word; /* of the payload; UNIQUE also where there is none, GIVEN: bytes */
    const uint8_t *bytes;   /* byte_count of them. Borrowed from the step */
    uint32_t byte_count;
};

/* True when the step is a READ_BLOCK or WRITE_BLOCK whose input the scenario loader lays out in the same way
 * from a block, a length and a payload. Its claimed lengths may still differ from the usual ones. */
bool vpci_ioctl_has_layout(const struct vpci_step *step, struct vpci_ioctl_layout *layout_out);

/* What the sender claims unless the step says otherwise; may be above UINT32_MAX. length: of a transfer. */
uint64_t vpci_ioctl_usual_input_length(uint32_t code, uint32_t length);
uint32_t vpci_ioctl_usual_output_length(uint32_t code, uint32_t length);

/* Whether an IOCTL of any code claims the lengths that are usual for it and has as its input what goes with
 * them. */
bool vpci_ioctl_is_usual(const struct vpci_step *step);

/* Whether all of the bytes have this value. */
bool vpci_bytes_are(const uint8_t *bytes, uint32_t length, uint8_t value);

#endif
