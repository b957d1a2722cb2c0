/* SPDX-License-Identifier: MIT */
/* reports/html_assets.h - the files of reports/page/, which reports/embed.cmake makes part of the program. */
#ifndef VPCI_HTML_ASSETS_H
#define VPCI_HTML_ASSETS_H

#include <stddef.h>

struct vpci_html_asset {
    const unsigned char *bytes;
    size_t length;
};

extern const struct vpci_html_asset vpci_html_style;  /* page.css */
extern const struct vpci_html_asset vpci_html_script; /* page.js */

#endif
