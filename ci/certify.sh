#!/bin/sh
# ci/certify.sh - one certification in a job of GitHub or GitLab. What it is told comes in the environment and is never read as
# shell; what may stay away is in brackets:
#   VPCI_CI_ADAPTER         as for --adapter
#   [VPCI_CI_ROLE] [VPCI_CI_PROFILE] [VPCI_CI_EXPECT]   as for the options of these names
#   [VPCI_CI_ARGUMENTS]     further options, separated by spaces, such as "--step-time 500ms"
#   [VPCI_CI_KEY]           a private key, the text itself and no path, for --key
#   [VPCI_CI_BASE_RESULTS]  results.jsonl of the run to compare with, or its folder; there need not be one
#   [VPCI_CI_FAIL_ON]       nonconforming, violation or regression; what they mean: docs/continuous-integration.md
#   [VPCI_CI_OUT]           out; a folder that is empty or not there
#   [VPCI_CI_PROGRAM]       vpci-conform
# Leaves in the folder out what `certify` writes, comment.md, and if there was something to compare with, base.jsonl and
# comparison.md.
# Exit code: that of certify, or as VPCI_CI_FAIL_ON has it.
set -eu
program=${VPCI_CI_PROGRAM:-vpci-conform}
out=${VPCI_CI_OUT:-out}
base=${VPCI_CI_BASE_RESULTS:-}
fail_on=${VPCI_CI_FAIL_ON:-nonconforming}

tell() { # LEVEL TEXT: an annotation on GitHub, a line elsewhere
    if [ "${GITHUB_ACTIONS:-}" = true ]; then
        echo "::$1 title=vpci-conform::$2"
    else
        echo "vpci-conform: $1: $2" >&2
    fi
}
refuse() {
    tell error "$1"
    exit 3
}
publish() { # NAME VALUE: an output of the step
    [ -z "${GITHUB_OUTPUT:-}" ] || printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}
[ -n "${VPCI_CI_ADAPTER:-}" ] || refuse "no adapter is given"
case $fail_on in nonconforming | violation | regression) ;; *) refuse "fail-on is nonconforming, violation or regression" ;; esac
case $out in *[!A-Za-z0-9._/-]* | -*) refuse "out: a path of letters, digits and . _ - / is wanted" ;; esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 3' HUP INT TERM
[ ! -d "$base" ] || base=$base/results.jsonl
has_base=no
if [ -n "$base" ] && [ -f "$base" ]; then
    cp -- "$base" "$scratch/base.jsonl"
    has_base=yes
elif [ -n "$base" ]; then
    tell notice "there are no base results yet, nothing is compared"
fi
[ ! -e "$out" ] || [ -z "$(ls -A -- "$out")" ] || refuse "out: $out is there already, and what is in it could be taken for this run's"
mkdir -p "$out"
[ "$has_base" = no ] || mv "$scratch/base.jsonl" "$out/base.jsonl"

# ---- certify ----
set -f
# shellcheck disable=SC2086 # words on purpose
set -- ${VPCI_CI_ARGUMENTS:-}
set +f
set -- certify --adapter "$VPCI_CI_ADAPTER" --out "$out" "$@"
[ -z "${VPCI_CI_ROLE:-}" ] || set -- "$@" --role "$VPCI_CI_ROLE"
[ -z "${VPCI_CI_PROFILE:-}" ] || set -- "$@" --profile "$VPCI_CI_PROFILE"
[ -z "${VPCI_CI_EXPECT:-}" ] || set -- "$@" --expect "$VPCI_CI_EXPECT"
[ -z "${VPCI_CI_KEY:-}" ] || {
    (umask 077 && printf '%s\n' "$VPCI_CI_KEY" >"$scratch/key.pem")
    set -- "$@" --key "$scratch/key.pem"
}
# The words of an implementation are no commands to GitHub's runner, and its files, the tokens and the key are none of its business.
fence=$(cat /proc/sys/kernel/random/uuid)
[ "${GITHUB_ACTIONS:-}" != true ] || echo "::stop-commands::$fence"
code=0
env -u VPCI_CI_KEY -u VPCI_CI_TOKEN -u CI_JOB_TOKEN -u GITHUB_OUTPUT -u GITHUB_ENV -u GITHUB_PATH -u GITHUB_STATE \
    -u GITHUB_STEP_SUMMARY "$program" "$@" || code=$?
rm -f "$scratch/key.pem"
results=$out/results.jsonl
comparison=
[ "$has_base" = no ] || [ ! -f "$results" ] || {
    comparison=0
    "$program" compare "$out/base.jsonl" "$results" --format markdown >"$out/comparison.md" || comparison=$?
}
[ "${GITHUB_ACTIONS:-}" != true ] || echo "::$fence::"

# ---- what came out ----
case $code in 0) verdict=conforms ;; 1) verdict=violation ;; 2) verdict=inconclusive ;; *) verdict=fault code=3 ;; esac
sealed=$([ ! -f "$results" ] || tail -n 1 "$results" | sed -n 's/^{"record": *"footer", *"verdict": *"\([a-z_]*\)".*/\1/p')
[ "$code" -ne 0 ] || verdict=${sealed:-$verdict} # 0 also stands for failures that were expected
final=$code
case $fail_on in
violation) [ "$code" -ne 2 ] || final=0 ;;
regression) [ "$code" -eq 3 ] || [ -z "$comparison" ] || final=$comparison ;;
esac
{
    printf '### vpci-conform: %s\n\n' "$verdict"
    [ -z "$comparison" ] || head -c 30000 "$out/comparison.md"
    [ ! -f "$out/summary.md" ] || {
        printf '\n\n<details><summary>The whole run</summary>\n\n'
        head -c 30000 "$out/summary.md"
        printf '\n\n</details>\n'
    }
} >"$out/comment.md"
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || { # at most 1 MiB, else all of it is refused
    [ -z "$comparison" ] || head -c 300000 "$out/comparison.md"
    [ ! -f "$out/summary.md" ] || head -c 600000 "$out/summary.md"
} >>"$GITHUB_STEP_SUMMARY"
publish verdict "$verdict"
publish exit-code "$code"
publish comparison "$comparison"
publish out "$out"
[ ! -f "$results" ] || publish results "$results"
for sarif in "$out"/*.sarif; do
    [ ! -f "$sarif" ] || publish sarif "$sarif"
done

case $final:$code in
0:0) ;;
0:*) tell warning "$verdict, which does not fail this job (fail-on: $fail_on)" ;;
*) tell error "$verdict${comparison:+, and the comparison with the base says $comparison}" ;;
esac
exit "$final"
