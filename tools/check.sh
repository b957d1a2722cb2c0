#!/bin/sh
# tools/check.sh - the house rules that a machine can hold: formatting, sizes, marks left behind.
set -u
cd "$(dirname "$0")/.."
bad=0
complain() {
    echo "check: $1"
    bad=1
}
sources=$(git ls-files -co --exclude-standard '*.c' '*.h')
# shellcheck disable=SC2086 # words on purpose
clang-format --dry-run --Werror $sources >/dev/null 2>&1 || {
    for source in $sources; do
        clang-format --dry-run --Werror "$source" >/dev/null 2>&1 || complain "$source: not as clang-format has it"
    done
}
for source in $sources; do
    lines=$(wc -l <"$source")
    [ "$lines" -le 600 ] || complain "$source: $lines lines, at most 600"
    head -n 3 "$source" | grep -q 'SPDX-License-Identifier: MIT' || complain "$source: no SPDX line"
done
# A word of TAP is a mark elsewhere: the files that speak TAP are passed over.
marks=$(git grep -nIE '\b(TODO|FIXME|XXX|HACK)\b' -- . ':!tools/check.sh' ':!reports/tap.c' ':!tests/unit/test_report_marks.c' \
    ':!tests/e2e/test_hostile_reports.py' || true)
[ -z "$marks" ] || complain "marks left behind: $marks"
[ "$bad" -eq 0 ] && echo "check: formatting, sizes and marks are in order"
exit "$bad"
