/* SPDX-License-Identifier: MIT */
/* harness/version.h - the version of the kit, in one place; CMake reads it from here. */
#ifndef VPCI_VERSION_H
#define VPCI_VERSION_H

#define VPCI_KIT_VERSION "0.1.0"

/* SHA-256, hexadecimal, of the sources of the model, and of all the kit but its bundled adapters. Generated.
 */
extern const char vpci_model_sources_digest[];
extern const char vpci_runner_sources_digest[];

#endif
