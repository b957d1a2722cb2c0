/* SPDX-License-Identifier: MIT */
/* harness/version.h - the version of the kit, in one place; CMake reads it from here. */
#ifndef VPCI_VERSION_H
#define VPCI_VERSION_H

#define VPCI_KIT_VERSION "0.1.0"

#endif
