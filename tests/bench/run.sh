#!/bin/sh
# tests/bench/run.sh [BUILD] - runs all benchmarks of a build folder (default build-bench) and ends with one table:
# what, figure, target, reached. What the benchmarks print themselves comes first.
# Figures never decide a test: this always exits 0.
cd "$(dirname "$0")/../.." || exit 0
build=${1:-build-bench}
said=$(mktemp) || exit 0
trap 'rm -f "$said"' EXIT

run() {
    echo "--- $*"
    "$@" 2>&1 || echo "(did not finish)"
}

{
    run "$build/tests/bench_model"
    run "$build/tests/bench_inprocess" "$build"
    run "$build/tests/bench_play" "$build"
    run "$build/tests/bench_shrink" "$build"
    run "$build/tests/bench_explore" "$build"
    run "$build/tests/bench_channel" "$build" 0.5
    run "$build/tests/bench_interval"
    run /usr/bin/python3 -B tests/bench/bench_certify.py "$build"
    [ ! -d build/fuzzers/libfuzzer ] || run /usr/bin/python3 -B tests/bench/bench_fuzz.py build
} | tee "$said"

echo
awk '
function row(what, figure, unit, target, more_is_better) {
    reached = target == "" ? "-" : (more_is_better ? figure + 0 >= target + 0 : figure + 0 <= target + 0) ? "yes" : "NO"
    printf "%-44s %12s %-18s %10s  %s\n", what, figure, unit, target == "" ? "-" : target, reached
}
function member(name,    value) {
    if (match($0, "\"" name "\":[0-9.]+") == 0)
        return "?"
    value = substr($0, RSTART, RLENGTH)
    sub(/.*:/, "", value)
    return value
}
BEGIN { printf "%-44s %12s %-18s %10s  %s\n", "what", "figure", "unit", "target", "reached" }
/^model: /      { row("events judged, one core", $2, "M events/s", 10, 1)
                  row("  beside a loop that only reads them", $12 + 0, "times as fast", "", 1) }
/^in process: / { row("cases in process, one core", $3, "cases/s", 20000, 1)
                  row("  beside a fork for each case", $14 + 0, "times as fast", "", 1) }
/^play: /       { row("one case of 32 stimuli, in process", $2, "us", 5, 0)
                  row("  each judged event", $14, "ns", "", 0)
                  row("  a case of 4 stimuli", $23, "us", "", 0) }
/^play, model / { row("  the judging of the 32 alone", $4, "us", "", 0) }
/^shrink: /     { row("a case of 32 steps shrunk, in process", $2, "ms", 5, 0) }
/^explore: /    { row("exploration, macro-steps", $2, "M/s", 1, 1)
                  row("  its product, " $8 " cases", $11, "s", 5, 0) }
/^fuzz, /       { what = $2; sub(/:/, "", what); share = $0; sub(/.*share /, "", share)
                  target = $0; sub(/.*target /, "", target)
                  row("fuzz, " what ", inputs of 32 events", $3, "per CPU-s", "", 1)
                  row("  beside an empty target", share + 0, "times as fast", target + 0, 1) }
/"bench":"channel"/ { row("fences over the channel", member("fences_per_s"), "fences/s", "", 1)
                      row("  beside bare pipe round trips", member("share"), "times as fast", member("target"), 1) }
/CPU-s/ && /^[uv]/  { what = substr($0, 1, 50); sub(/ +$/, "", what)
                      match($0, /[0-9.]+ CPU-s/)
                      row("intervals: " substr(what, 1, 33), substr($0, RSTART, RLENGTH - 6), "CPU-s / 100000", "", 0) }
/^certify, /    { what = $0; sub(/:.*/, "", what); seconds = $0; sub(/^[^:]*: /, "", seconds)
                  target = $0; sub(/.*target /, "", target)
                  row(what, seconds + 0, "s", target + 0, 0) }
/did not finish/ { row("a benchmark did not finish", 1, "", 0, 0) }
' "$said"
exit 0
