#!/bin/sh
# tools/merge-corpus.sh TARGET CORPUS - thins a libFuzzer corpus out to the fewest inputs with the same features. The new
# corpus replaces the old one only when it has no fewer; an interrupted or failed merge leaves the old one as it was.
set -eu
target=${1:?TARGET}
corpus=${2:?CORPUS}
place=$(mktemp -d "$corpus.merge.XXXXXX")
trap 'rm -rf "$place"' EXIT
mkdir "$place/new"

# How many features the inputs of a folder have together.
features() { # FOLDER
    "$target" -runs=0 "$1" >"$place/log" 2>&1 || {
        tail -n 20 "$place/log" >&2
        exit 1
    }
    sed -n 's/^#[0-9]*[[:space:]]*DONE .* ft: \([0-9]*\) .*/\1/p' "$place/log"
}
count() { find "$1" -type f | wc -l; }

before=$(features "$corpus")
"$target" -set_cover_merge=1 "$place/new" "$corpus" >"$place/log" 2>&1 || {
    tail -n 20 "$place/log" >&2
    exit 1
}
after=$(features "$place/new")
inputs=$(count "$corpus")
if [ "${after:-0}" -lt "${before:-1}" ]; then
    echo "the merge has ${after:-0} features, the corpus ${before:-no number of}: kept as it was" >&2
    exit 1
fi
mv "$corpus" "$place/old"
mv "$place/new" "$corpus"
echo "$inputs inputs became $(count "$corpus"), $before features became $after"
