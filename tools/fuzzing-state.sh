#!/bin/sh
# tools/fuzzing-state.sh fetch|store|propose FOLDER - what nightly hunts keep lives on a branch of its own, because a cache is
# thrown away.
#   fetch    checks the branch out into FOLDER; a branch that is not there yet is an empty folder
#   store    makes FOLDER the one commit of the branch, unless that would lose the whole corpus
#   propose  opens a pull request with the findings in FOLDER/findings that corpus/regressions/ lacks
set -eu
branch=fuzzing-state
regressions=corpus/regressions
verb=${1:?fetch, store or propose}
folder=${2:?FOLDER}
git() { command git -c user.name=nightly -c user.email=nightly@localhost "$@"; }

fetch() {
    there=0
    git ls-remote --exit-code origin "refs/heads/$branch" >/dev/null || there=$?
    case $there in
    0)
        git fetch -q --depth 1 origin "$branch"
        git worktree add -q --detach "$folder" FETCH_HEAD ;;
    2) # there is no such branch, which an unreachable server does not say
        git worktree add -q --detach --no-checkout "$folder" HEAD
        git -C "$folder" read-tree --empty ;;
    *) exit "$there" ;;
    esac
}

store() {
    if [ -n "$(git -C "$folder" ls-tree HEAD corpus)" ] && [ -z "$(find "$folder/corpus" -type f 2>/dev/null | head -n 1)" ]; then
        echo "$folder/corpus is empty and was not: nothing is stored" >&2
        exit 1
    fi
    git -C "$folder" add -A
    commit=$(git -C "$folder" commit-tree -m "fuzzing state" "$(git -C "$folder" write-tree)")
    git push -q --force origin "$commit:refs/heads/$branch"
}

propose() {
    new=
    for finding in "$folder"/findings/*.json; do
        [ ! -f "$finding" ] || [ -f "$regressions/$(basename "$finding")" ] || new="$new $finding"
    done
    [ -n "$new" ] || exit 0
    proposal=findings-$(date -u +%Y-%m-%d-%H%M)
    git checkout -q -b "$proposal"
    mkdir -p "$regressions"
    # shellcheck disable=SC2086 # words on purpose
    cp $new "$regressions/"
    git add "$regressions"
    git commit -q -m "New findings of the nightly hunt"
    git push -q origin "$proposal"
    # shellcheck disable=SC2016 # backticks of Markdown
    {
        echo "The nightly hunt found these. Each is a scenario: \`vpci-conform replay FILE --adapter ADAPTER\` repeats it."
        for finding in $new; do
            printf '\n`%s`\n\n```json\n' "$regressions/$(basename "$finding")"
            head -c 4000 "$finding"
            printf '\n```\n'
        done
    } | head -c 60000 >"$folder/.proposal.md"
    gh pr create --head "$proposal" --title "New findings of the nightly hunt" --body-file "$folder/.proposal.md"
}

case $verb in
fetch | store | propose) "$verb" ;;
*)
    echo "$verb: there are fetch, store and propose" >&2
    exit 3 ;;
esac
