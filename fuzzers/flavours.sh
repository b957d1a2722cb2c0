#!/bin/sh
# fuzzers/flavours.sh [FLAVOUR...] - the targets as this project hunts with them, each flavour below build/fuzzers/:
#   libfuzzer       fast
#   libfuzzer-asan  with AddressSanitizer and UndefinedBehaviorSanitizer
#   afl             for afl-fuzz
# Without a name all three. FUZZERS_OUT is another folder than build/fuzzers.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
out=${FUZZERS_OUT:-$root/build/fuzzers}
build() { # FLAVOUR CC CXX ENGINE FLAGS
    mkdir -p "$out/$1"
    if ! env CC="$2" CXX="$3" LIB_FUZZING_ENGINE="$4" CFLAGS="$5" CXXFLAGS="$5" OUT="$out/$1" WORK="$out/$1/.work" \
        "$root/fuzzers/build.sh" >"$out/$1/build.log" 2>&1; then
        tail -n 40 "$out/$1/build.log"
        echo "the build of the fuzz targets failed: flavour $1"
        exit 3
    fi
}
[ $# -gt 0 ] || set -- libfuzzer libfuzzer-asan afl
for name; do
    case $name in
    libfuzzer) build "$name" clang-19 clang++-19 -fsanitize=fuzzer "-O2 -g1 -fsanitize=fuzzer-no-link" ;;
    libfuzzer-asan)
        build "$name" clang-19 clang++-19 -fsanitize=fuzzer \
            "-O1 -g1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" ;;
    afl) AFL_QUIET=1 build "$name" afl-clang-fast afl-clang-fast++ /usr/lib/afl/libAFLDriver.a "-O2 -g1" ;;
    *)
        echo "$name: there are libfuzzer, libfuzzer-asan and afl" >&2
        exit 3 ;;
    esac
done
