#!/bin/sh
# fuzzers/build.sh - builds every fuzz target for one engine, the way OSS-Fuzz and ClusterFuzzLite ask for it: compilers,
# flags and engine come from the environment (CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE), the targets with their
# dictionaries, options and seeds go to OUT. No sanitizer and no coverage is added here. WORK keeps the objects, so that
# a second call is quick; SRC may hold the source of cJSON, which is then built in.
set -eu
: "${CC:?}" "${CXX:?}" "${OUT:?}" "${LIB_FUZZING_ENGINE:?}"
root=$(cd "$(dirname "$0")/.." && pwd)
work=${WORK:-$OUT/.work}/vpci-conform
jobs=${JOBS:-$(nproc)}
cjson=
[ ! -f "${SRC:-}/cjson/cJSON.c" ] || cjson=$SRC/cjson
mkdir -p "$OUT" "$work"

# A build type that CMake has no flags for: only those that were given count.
cmake -S "$root" -B "$work" -DVPCI_FUZZERS=ON -DCMAKE_BUILD_TYPE=Fleet -DVPCI_CJSON="$cjson" -DVPCI_ENGINE="$LIB_FUZZING_ENGINE" \
    -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_C_FLAGS="${CFLAGS:-}" -DCMAKE_CXX_FLAGS="${CXXFLAGS:-}"
cmake --build "$work" --target fuzzers -j "$jobs"

# What a target has of its own, or what the targets of its family (the word before the first "_") share.
attach() { # FOLDER NAME SUFFIX
    for candidate in "$2" "${2%%_*}"; do
        [ ! -f "$root/fuzzers/$1/$candidate.$3" ] || {
            cp "$root/fuzzers/$1/$candidate.$3" "$OUT/$2.$3"
            return
        }
    done
}

# The words of the kit's own tables, as entries of a dictionary, so that a new event or option is known at once.
add_words() { # NAME
    case $1 in
    parse_options)
        sed -n 's/^ *X([A-Z_]*, \("--[a-z-]*"\).*/\1/p; s/^ *X([A-Z_]*, \("[a-z][a-z ]*"\).*/\1/p' "$root/harness/options.h" |
            sed 's/ /\\x0a/g' | sort -u ;;
    parse_*)
        sed -n 's/^ *X([A-Z0-9_]*, "\([a-z_]*\)".*/"\\"\1\\""/p; s/^ *X(\([A-Z_]*\), 0x.*/"\\"\1\\""/p' "$root"/models/event.h \
            "$root"/models/capability.h "$root"/models/protocol.h | sort -u ;;
    esac >>"$OUT/$1.dict"
}

# Seeds of a target: seeds/NAME, and what this tree has besides that it can read: every scenario of the corpus, as text or
# as records, and every event of the traces. The same files give the same bytes.
pack_seeds() { # NAME
    seeds=$work/seeds/$1
    rm -rf "$seeds" "$OUT/$1_seed_corpus.zip"
    mkdir -p "$seeds"
    [ ! -d "$root/fuzzers/seeds/$1" ] || cp "$root/fuzzers/seeds/$1"/* "$seeds"
    case $1 in
    parse_scenario | parse_json)
        (cd "$root/corpus/scenarios" && find . -name '*.json') | while read -r scenario; do
            cp "$root/corpus/scenarios/$scenario" "$seeds/$(echo "${scenario#./}" | tr / _)"
        done ;;
    block_*) "$work/targets/write_seeds" "$root/corpus/scenarios" "$seeds" ;;
    parse_event) cat "$root"/fuzzers/seeds/parse_trace/* | grep '"event"' | split -l 1 -a 3 - "$seeds/event-" ;;
    esac
    [ -n "$(ls "$seeds")" ] || return 0
    touch -d 2000-01-01 "$seeds"/*
    (cd "$seeds" && find . -type f | LC_ALL=C sort | zip -q -X "$OUT/$1_seed_corpus.zip" -@)
}

for source in "$root"/fuzzers/targets/*.c; do
    name=$(basename "$source" .c)
    cp "$work/targets/$name" "$OUT/$name"
    attach dictionaries "$name" dict
    [ ! -f "$OUT/$name.dict" ] || add_words "$name"
    attach options "$name" options
    pack_seeds "$name"
done
mkdir -p "$OUT/adapters/variants"
cp "$work/targets/vpci-mutator.so" "$OUT/"
cp "$work/adapters/golden.so" "$OUT/adapters/"
cp "$work"/adapters/variants/*.so "$OUT/adapters/variants/"

# cJSON comes as a shared object where there is no source of it: it goes along, and targets look for it beside themselves.
[ -n "$cjson" ] || {
    mkdir -p "$OUT/lib"
    cp -L "$(ldd "$work/targets/$name" | sed -n 's/.*libcjson\.so\.1 => \(\/[^ ]*\) .*/\1/p')" "$OUT/lib/libcjson.so.1"
}
