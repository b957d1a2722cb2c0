#!/bin/sh
# tests/bench/run.sh BUILD - all benchmarks, a table at the end. Figures never decide a test: this always exits 0.
cd "$(dirname "$0")/../.." || exit 0
build=${1:-build-bench}
run() {
    echo "--- $*"
    "$@" 2>&1 || echo "(did not finish)"
}
run "$build/tests/bench_model"
run "$build/tests/bench_inprocess" "$build"
run "$build/tests/bench_channel" "$build" 0.5
run "$build/tests/bench_interval"
run /usr/bin/python3 -B tests/bench/bench_certify.py "$build"
exit 0
