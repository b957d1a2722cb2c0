#!/bin/sh
# tools/check-fuzzers.sh FOLDER - holds built fuzz targets to what a fleet expects of them, and to what a fleet does not
# look at: that they have coverage at all. They are tried the way a fleet runs them: copied elsewhere, from another folder,
# as a user who can write to /tmp only. FUZZING_ENGINE (libfuzzer, afl) and SANITIZER (address, undefined, "address
# undefined", none) are those of the build; EDGES_MIN is how many places of coverage a target has at least.
# shellcheck disable=SC2317 # check_libfuzzer and check_afl are called by a name that is made up
set -u
folder=${1:?FOLDER}
engine=${FUZZING_ENGINE:-libfuzzer}
sanitizer=${SANITIZER:-none}
edges_min=${EDGES_MIN:-300}
calls_max=20 # of UndefinedBehaviorSanitizer's run-time: the run-time of AddressSanitizer has two
bad=0
complain() {
    echo "check-fuzzers: $name: $1"
    [ -z "${2:-}" ] || tail -n 5 "$2" | sed 's/^/    /'
    bad=1
}

place=$(mktemp -d /tmp/check-fuzzers.XXXXXX)
trap 'rm -rf "$place"' EXIT
cp -r "$folder" "$place/out"
mkdir "$place/try"
chmod -R a+rX "$place"
chmod a+rwx "$place/try"
nobody=
[ "$(id -u)" -ne 0 ] || nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"

try() { # ARGUMENT...: runs the target, output in $place/said
    # shellcheck disable=SC2086 # words on purpose
    (cd / && timeout 120 $nobody env -i PATH=/usr/bin:/bin "${settings:-A=1}" "$place/out/$name" "$@" >"$place/said" 2>&1 </dev/null)
}

check_file() {
    case $name in *[!A-Za-z0-9_-]*) complain "its name has other characters than A-Z a-z 0-9 _ -" ;; esac
    nm "$target" 2>/dev/null | grep -q ' [TW] main$' || complain "stripped, or no program"
    for path in $(readelf -d "$target" | sed -n 's/.*(\(RUNPATH\|RPATH\)).*\[\(.*\)\]/\2/p' | tr : ' '); do
        case $path in \$ORIGIN*) ;; *) complain "looks for libraries at $path" ;; esac
    done
    # What a bare machine has; everything else has to lie beside the target.
    ldd "$target" | grep -vE 'linux-vdso|ld-linux|/lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+)\.so' | grep -vF "$place/out/" >"$place/said"
    [ ! -s "$place/said" ] || complain "needs a library that does not lie beside it" "$place/said"
}

# Calls of functions whose name starts like that.
count_calls() { # PATTERN
    objdump -d --no-show-raw-insn "$target" | grep -c "call.*<$1"
}

check_sanitizer() {
    case $sanitizer in
    none) return ;;
    *address*) [ "$(nm "$target" | grep -c 'asan\.module_ctor')" -gt 0 ] || complain "not compiled with AddressSanitizer" ;;
    *) [ "$(nm "$target" | grep -c 'asan\.module_ctor')" -eq 0 ] || complain "compiled with AddressSanitizer" ;;
    esac
    calls=$(count_calls __ubsan_handle)
    case $sanitizer in
    *undefined*) [ "$calls" -gt "$calls_max" ] || complain "not compiled with UndefinedBehaviorSanitizer ($calls calls)" ;;
    *) [ "$calls" -le "$calls_max" ] || complain "compiled with UndefinedBehaviorSanitizer ($calls calls)" ;;
    esac
}

check_attachments() {
    [ -f "$target.options" ] || complain "no $name.options"
    [ -f "${target}_seed_corpus.zip" ] || complain "no ${name}_seed_corpus.zip"
    case $name in parse_*) [ -f "$target.dict" ] || complain "no $name.dict" ;; esac
    rm -rf "$place/seeds"
    mkdir "$place/seeds"
    [ ! -f "${target}_seed_corpus.zip" ] || unzip -q "${target}_seed_corpus.zip" -d "$place/seeds"
    [ -n "$(ls "$place/seeds")" ] || complain "no seeds"
    chmod -R a+rX "$place/seeds"
    : >"$place/empty"
    chmod a+r "$place/empty"
}

# The coverage that the run in $place/said told of.
check_edges() { # EDGES
    [ "${1:-0}" -ge "$edges_min" ] || complain "${1:-0} places of coverage, at least $edges_min are wanted" "$place/said"
}

check_libfuzzer() {
    options=$(sed -n 's/^\([a-z_]*\) *= *\([^ ]*\)$/-\1=\2/p' "$target.options" 2>/dev/null)
    [ ! -f "$target.dict" ] || options="$options -dict=$target.dict"
    # shellcheck disable=SC2086 # words on purpose
    try -runs=4 -seed=1337 $options || complain "does not start" "$place/said"
    ! grep -q 'no interesting inputs' "$place/said" || complain "finds no input interesting" "$place/said"
    ! grep -q 'unrecognized flag' "$place/said" || complain "an option that the engine does not know" "$place/said"
    check_edges "$(sed -n 's/^INFO: Loaded [0-9]* modules.*(\([0-9]*\) inline 8-bit counters).*/\1/p' "$place/said" | head -n 1)"
    case $name in
    block_protocol*) grep -q '^INFO: [0-9]* Extra Counters' "$place/said" || complain "no extra counters" "$place/said" ;;
    esac
    try "$place/empty" || complain "fails on empty input" "$place/said"
    try -runs=0 "$place/seeds" || complain "fails on its seeds" "$place/said"
    grep -q "seed corpus: files: $(find "$place/seeds" -type f -size +0 | wc -l) " "$place/said" ||
        complain "did not take all of its seeds" "$place/said"
}

check_afl() {
    grep -q '##SIG_AFL_PERSISTENT##' "$target" || complain "not in persistent mode"
    settings=AFL_DUMP_MAP_SIZE=1
    try
    settings=
    check_edges "$(sed -n 's/^\([0-9][0-9]*\)$/\1/p' "$place/said" | head -n 1)"
    try "$place/empty" || complain "fails on empty input" "$place/said"
    # shellcheck disable=SC2046 # words on purpose
    try $(find "$place/seeds" -type f) || complain "fails on its seeds" "$place/said"
}

found=0
for target in "$place"/out/*; do
    name=$(basename "$target")
    case $name in *.so) continue ;; esac
    { [ -f "$target" ] && [ -x "$target" ] && grep -q LLVMFuzzerTestOneInput "$target"; } || continue
    found=$((found + 1))
    settings=
    check_file
    check_sanitizer
    check_attachments
    "check_$engine"
done
name=$folder
[ "$found" -gt 0 ] || complain "no target in it"
[ "$bad" -ne 0 ] || echo "check-fuzzers: $folder: $found targets are in order"
exit "$bad"
