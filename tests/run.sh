#!/bin/sh
# tests/run.sh [JOBS] - builds the release and the sanitized tree and the fuzz targets, runs every test, and closes with one line:
# "N passed, N failed, N skipped".
set -eu
cd "$(dirname "$0")/.."
jobs=${1:-2}
build() {
    mkdir -p "$2"
    if ! { cmake --preset "$1" && cmake --build "$2" -j "$jobs"; } >"$2/build.log" 2>&1; then
        grep -E -A5 'error:|undefined reference' "$2/build.log" | head -n 60
        echo "the build of $2 failed"
        echo "0 passed, 1 failed, 0 skipped"
        exit 1
    fi
}
build release build
build sanitize build-sanitize
JOBS=$jobs fuzzers/flavours.sh || {
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}
status=0
tools/check.sh || status=1
ctest --test-dir build-sanitize -j "$jobs" --output-on-failure --output-junit junit.xml || true
/usr/bin/python3 -B tests/summary.py build-sanitize/junit.xml $status
