#!/bin/sh
# .clusterfuzzlite/build.sh - called in the image, with the fleet's compilers and flags in the environment.
exec "$SRC/vpci-conform/fuzzers/build.sh"
