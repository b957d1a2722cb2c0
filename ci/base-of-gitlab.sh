#!/bin/sh
# ci/base-of-gitlab.sh FILE - what the job of this name left on the branch that the merge request is for, as FILE. No FILE
# when there is none: no merge request, no successful pipeline of that branch yet, or a token that may not read it.
set -eu
file=${1:?FILE}
rm -f "$file"
[ -n "${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-}" ] || exit 0
branch=$(printf %s "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME" | sed 's/%/%25/g; s,/,%2F,g; s/#/%23/g; s/?/%3F/g')
header="JOB-TOKEN: $CI_JOB_TOKEN"
[ -z "${VPCI_CI_TOKEN:-}" ] || header="PRIVATE-TOKEN: $VPCI_CI_TOKEN"
status=$(printf '%s\n' "$header" | curl --silent --show-error --max-time 60 --header @- --output "$file.part" --write-out '%{http_code}' \
    "$CI_API_V4_URL/projects/$CI_MERGE_REQUEST_PROJECT_ID/jobs/artifacts/$branch/raw/$VPCI_CI_OUT/results.jsonl?job=$VPCI_CI_NAME") ||
    status="no answer"
if [ "$status" = 200 ]; then
    mv "$file.part" "$file"
else
    echo "no results of the base: $status"
    rm -f "$file.part"
fi
