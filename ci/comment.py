# SPDX-License-Identifier: MIT
"""ci/comment.py FILE - shows FILE as a comment of the pull request (GitHub) or merge request (GitLab) that this job is about.
There is one comment for each VPCI_CI_NAME: the next run changes it. VPCI_CI_TOKEN is what may write it. Where it belongs is
in the environment that the job runs in. Nothing is asked of the two but Python.

Exit code 0 when it is written or there is nowhere to write it, 1 when that failed: never a statement about a run."""

import json
import os
import re
import sys
import urllib.error
import urllib.request

LIMIT = 65000  # characters that GitHub takes, less some
PAGES = 100
PER_PAGE = 100


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to no other host than it was meant for."""

    def redirect_request(self, *_):
        return None


def ask(method, url, headers, body=None):
    request = urllib.request.Request(url, method=method, headers={"Content-Type": "application/json", **headers},
                                     data=None if body is None else json.dumps({"body": body}).encode())
    with urllib.request.build_opener(NoRedirect).open(request, timeout=30) as answer:
        return json.load(answer)


def github(environment):
    """(address of the comments, of one of them, method that changes one, headers), or None outside of a pull request."""
    with open(environment["GITHUB_EVENT_PATH"], encoding="utf-8") as file:
        number = json.load(file).get("pull_request", {}).get("number")
    if not isinstance(number, int):
        return None
    issues = f"{environment['GITHUB_API_URL']}/repos/{environment['GITHUB_REPOSITORY']}/issues"
    headers = {"Accept": "application/vnd.github+json", "Authorization": f"Bearer {environment['VPCI_CI_TOKEN']}"}
    return f"{issues}/{number}/comments", f"{issues}/comments", "PATCH", headers


def gitlab(environment):
    if not environment.get("CI_MERGE_REQUEST_IID"):
        return None
    request = f"{environment['CI_API_V4_URL']}/projects/{environment['CI_MERGE_REQUEST_PROJECT_ID']}/merge_requests"
    notes = f"{request}/{environment['CI_MERGE_REQUEST_IID']}/notes"
    return notes, notes, "PUT", {"PRIVATE-TOKEN": environment["VPCI_CI_TOKEN"]}


def find(comments, headers, mark):
    """The number of the comment that starts with the mark, or None."""
    for page in range(1, PAGES + 1):
        found = ask("GET", f"{comments}?per_page={PER_PAGE}&page={page}", headers)
        if not isinstance(found, list):
            raise ValueError("no list of comments is answered")
        for comment in found:
            if (comment.get("body") or "").startswith(mark):
                return int(comment["id"])
        if len(found) < PER_PAGE:
            return None
    return None


def shorten(text):
    if len(text) <= LIMIT:
        return text
    return text[:LIMIT].rpartition("\n")[0] + "\n\nThe rest is in the files of the run.\n"


def write(path, environment):
    place = github(environment) if environment.get("GITHUB_ACTIONS") == "true" else gitlab(environment)
    if place is None:
        print("comment: this job is about no pull request or merge request")
        return
    comments, one, method, headers = place
    mark = f"<!-- vpci-conform {re.sub('[^A-Za-z0-9._-]', '-', environment.get('VPCI_CI_NAME', ''))} -->"
    with open(path, encoding="utf-8", errors="replace") as file:
        text = shorten(f"{mark}\n{file.read()}")
    known = find(comments, headers, mark)
    if known is None:
        ask("POST", comments, headers, text)
    else:
        ask(method, f"{one}/{known}", headers, text)
    print("comment: " + ("written" if known is None else "changed"))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not os.environ.get("VPCI_CI_TOKEN"):
        print("comment: no token is given, so nothing is written")
        return
    try:
        write(sys.argv[1], os.environ)
    except urllib.error.HTTPError as error:
        hint = "; the token may not write (of a fork it never may)" if error.code in (401, 403, 404) else ""
        sys.exit(f"comment: not written: HTTP {error.code}{hint}")
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        sys.exit(f"comment: not written: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
