# SPDX-License-Identifier: MIT
"""The templates for GitHub and GitLab: their scripts run for real, in the environment that those give to a job, against golden,
a liar and hostile inputs; comments go to a small forge that keeps them as the two do."""

import functools
import http.server
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import threading
import unittest
import urllib.parse

import yaml

import kit

CI = os.path.join(kit.SOURCE, "ci")
ACTION = os.path.join(kit.SOURCE, "action.yml")
TEMPLATE = os.path.join(kit.SOURCE, "templates", "certify.yml")
TOKEN = "only-for-the-forge"


def load(path, documents=1):
    with open(path, encoding="utf-8") as file:
        loaded = list(yaml.safe_load_all(file))
    assert len(loaded) == documents, path
    return loaded[0] if documents == 1 else loaded


class Job(kit.Test):
    """A job's folder and environment; what stands for a file of GitHub's runner is one."""

    def setUp(self):
        super().setUp()
        self.github = {name: kit.write(self.path(name.lower()), "") for name in
                       ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")}
        self.github["GITHUB_ACTIONS"] = "true"

    def run_script(self, name, *arguments, code, **environment):
        done = self.run_program(*arguments, program=os.path.join(CI, name), environment={"PATH": f"{kit.BUILD}:{os.environ['PATH']}",
                                                                                         "no_proxy": "*", **environment})
        self.assertEqual(done.code, code, done)
        return done

    def certify_in_job(self, adapter, *, code, **inputs):
        environment = {f"VPCI_CI_{name.upper()}": value for name, value in inputs.items()}
        return self.run_script("certify.sh", code=code, VPCI_CI_ADAPTER=adapter, **self.github, **environment)

    def outputs(self):
        return dict(line.split("=", 1) for line in kit.read_bytes(self.path("github_output")).decode().splitlines())

    def text(self, *path):
        return kit.read_bytes(self.path(*path)).decode()


class Certify(Job):
    QUICK = {"arguments": "--step-time 500ms --workers 1"}

    def test_one_that_conforms(self):
        done = self.certify_in_job("golden", code=kit.CONFORMS, role="bus", profile="default", out="some/out")
        self.assertEqual(self.outputs(), {"verdict": "conforms", "exit-code": "0", "comparison": "", "out": "some/out",
                                          "results": "some/out/results.jsonl", **self.sarif("some/out")})
        self.assertEqual(kit.read_results(self.path("some/out")).footer["verdict"], "conforms")
        self.assertNotIn("::error", done.out)
        self.assertEqual(self.text("github_step_summary"), self.text("some/out/summary.md"))
        self.assertIn("### vpci-conform: conforms", self.text("some/out/comment.md"))

    def sarif(self, out):
        found = [name for name in os.listdir(self.path(out)) if name.endswith(".sarif")]
        return {"sarif": f"{out}/{found[0]}"} if found else {}

    def test_a_liar(self):
        done = self.certify_in_job("liar:caches-reads", code=kit.VIOLATION, **self.QUICK)
        self.assertEqual(self.outputs()["verdict"], "violation")
        self.assertEqual(done.out.splitlines()[-1], "::error title=vpci-conform::violation")
        self.assertIn("### vpci-conform: violation", self.text("out/comment.md"))

    def test_a_liar_fails_whatever_fails_the_job(self):
        """Without anything to compare with, a regression cannot be told from what always was."""
        for fail_on in ("violation", "regression"):
            self.certify_in_job("liar:caches-reads", code=kit.VIOLATION, fail_on=fail_on, base_results="not-there", out=fail_on, **self.QUICK)

    def test_failures_that_are_expected(self):
        self.certify_in_job("liar:caches-reads", code=kit.VIOLATION, out="before", **self.QUICK)
        entry = {"verdict": "fail", "reason": "not mended yet", "owner": "me", "issue": "1", "expires": "2999-12-31"}
        kit.write(self.path("expected.json"), json.dumps({"format": 1, "expectations": [
            {**entry, "cases": case["name"], "requirement": case["requirement"]}
            for case in kit.read_results(self.path("before")).cases if case["verdict"] == "fail"]}))
        self.certify_in_job("liar:caches-reads", code=0, expect="expected.json", out="after", **self.QUICK)
        self.assertEqual((self.outputs()["verdict"], self.outputs()["exit-code"]), ("as_expected", "0"))
        self.assertIn("### vpci-conform: as_expected", self.text("after/comment.md"))

    def test_a_certificate(self):
        key = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], capture_output=True, text=True, check=True, timeout=60).stdout
        done = self.certify_in_job("golden", code=0, key=key)
        public = kit.write(self.path("public.pem"), subprocess.run(["openssl", "pkey", "-pubout"], input=key, capture_output=True, text=True,
                                                                  check=True, timeout=60).stdout)
        self.assertEqual(self.run_program("verify", self.path("out", "certificate.json"), "--key", public).code, 0)
        left = subprocess.run(["grep", "-rlF", key.splitlines()[1], self.folder], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(left.stdout, "")
        self.assertNotIn("PRIVATE", done.out + done.err)

    def test_inconclusive(self):
        self.certify_in_job("golden", code=kit.INCONCLUSIVE, arguments="--time 1ms", out="a")
        self.assertEqual(self.outputs()["verdict"], "inconclusive")
        done = self.certify_in_job("golden", code=0, arguments="--time 1ms", fail_on="violation", out="b")
        self.assertEqual(self.outputs()["exit-code"], "2")
        self.assertIn("::warning", done.out.splitlines()[-1])

    def test_a_fault(self):
        for fail_on in ("nonconforming", "violation", "regression"):
            self.certify_in_job("./not-there.so", code=kit.FAULT, fail_on=fail_on, out=fail_on)
            self.assertEqual(self.outputs(), {"verdict": "fault", "exit-code": "3", "comparison": "", "out": fail_on})
            self.assertEqual(os.listdir(self.path(fail_on)), ["comment.md"])
        self.assertEqual(self.text("github_step_summary"), "")

    def test_results_of_another_run_are_not_taken(self):
        os.mkdir(self.path("out"))
        kit.write(self.path("out", "certificate.json"), "{}")
        self.assertIn("out is there already", self.certify_in_job("golden", code=kit.FAULT).out)
        self.assertEqual(self.outputs(), {})
        self.assertEqual(os.listdir(self.path("out")), ["certificate.json"])

    def test_what_is_refused(self):
        for inputs in ({"fail_on": "never"}, {"out": "a\nverdict=conforms"}, {"out": "-rf"}, {"arguments": "--no-such-option"},
                       {"role": "nobody", "out": "another"}):
            with self.subTest(inputs):
                self.certify_in_job("golden", code=kit.FAULT, **inputs)
        self.certify_in_job("", code=kit.FAULT)
        self.assertNotIn("conforms", self.text("github_output"))

    def test_inputs_are_no_shell(self):
        """Whatever stands in an input, no shell runs it."""
        for attack in ("$(touch pwned)", "`touch pwned`", "; touch pwned", "\ntouch pwned", "' ; touch pwned '", '" ; touch pwned "', "| touch pwned"):
            for number, name in enumerate(("adapter", "role", "profile", "expect", "arguments", "key", "base_results", "fail_on", "out")):
                inputs = {"adapter": "golden", "arguments": "--time 1ms", "out": f"{number}", name: attack}
                environment = {f"VPCI_CI_{key.upper()}": value for key, value in inputs.items()}
                self.run_program(program=os.path.join(CI, "certify.sh"), environment={
                    "PATH": f"{kit.BUILD}:{os.environ['PATH']}", **self.github, **environment})
                self.assertFalse(os.path.exists(self.path("pwned")), inputs)
            for number in range(9):
                shutil.rmtree(self.path(f"{number}"), ignore_errors=True)

    def test_arguments_are_no_patterns(self):
        kit.write(self.path("--quiet"), "")
        self.certify_in_job("golden", code=kit.FAULT, arguments="--qui*")

    def hostile(self, text):
        """An adapter that runs this and ends."""
        path = kit.write(self.path("hostile.sh"), f"#!/bin/sh\n{text}\n")
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        return "exec:./hostile.sh"

    def test_words_of_an_implementation_are_no_commands(self):
        """The program takes the sting out of them itself; that it is fenced in does not rest on that."""
        command = "##[error]mine"
        source = os.path.join(kit.SOURCE, "harness", "adapters", "templates", "c", "adapter.c")
        plugin = self.compile_plugin("mine", kit.read_bytes(source).decode().replace('"my-bus"', f'"{command}"'))
        done = self.certify_in_job(plugin, code=kit.INCONCLUSIVE, arguments="--time 1ms")
        start = re.search(r"^::stop-commands::([0-9a-f-]{36})$", done.out, re.MULTILINE)
        end = done.out.index(f"\n::{start.group(1)}::\n")
        self.assertIn("[error]mine", done.out[start.end():end])
        self.assertNotIn("mine", done.out[:start.start()] + done.out[end:])

    def test_what_an_implementation_is_not_told(self):
        self.certify_in_job(self.hostile("env >>told"), code=kit.INCONCLUSIVE, token=TOKEN)
        told = self.text("told")
        self.assertIn("PATH=", told)
        for name in ("GITHUB_OUTPUT=", "GITHUB_ENV=", "GITHUB_PATH=", "GITHUB_STEP_SUMMARY=", TOKEN):
            self.assertNotIn(name, told)

    def test_on_gitlab(self):
        done = self.run_script("certify.sh", code=kit.VIOLATION, VPCI_CI_ADAPTER="liar:caches-reads", GITLAB_CI="true")
        self.assertNotIn("::", done.out)
        self.assertIn("vpci-conform: error: violation", done.err)


class Comparison(Job):
    """Against an earlier run of the same or another implementation."""

    GOLDEN, LIAR = "golden", "liar:caches-reads"

    def compare(self, base, new, *, code, fail_on="regression", **inputs):
        self.certify_in_job(base, code=kit.VIOLATION if base == self.LIAR else kit.CONFORMS, out="base", **Certify.QUICK)
        done = self.certify_in_job(new, code=code, base_results="base", fail_on=fail_on, **{**Certify.QUICK, **inputs})
        shutil.rmtree(self.path("base"))
        return done, self.outputs()

    def test_worse(self):
        done, outputs = self.compare(self.GOLDEN, self.LIAR, code=1)
        self.assertEqual((outputs["verdict"], outputs["comparison"]), ("violation", "1"))
        self.assertTrue(self.text("out/comment.md").startswith("### vpci-conform: violation\n\n## WORSE\n"))
        self.assertIn(self.text("out/comparison.md"), self.text("github_step_summary"))
        self.assertIn("the comparison with the base says 1", done.out.splitlines()[-1])
        self.assertIn("`out/base.jsonl`", self.text("out/comparison.md"))

    def test_not_worse_and_not_good(self):
        done, outputs = self.compare(self.LIAR, self.LIAR, code=0)
        self.assertEqual((outputs["verdict"], outputs["exit-code"], outputs["comparison"]), ("violation", "1", "0"))
        self.assertIn("::warning", done.out.splitlines()[-1])

    def test_it_does_not_count_unless_asked(self):
        self.assertEqual(self.compare(self.LIAR, self.LIAR, code=1, fail_on="nonconforming")[1]["comparison"], "0")

    def test_less_is_worse(self):
        """A run that was cut short has nothing newly failing, and does not pass."""
        _, outputs = self.compare(self.GOLDEN, self.GOLDEN, code=2, arguments="--time 1ms")
        self.assertEqual((outputs["exit-code"], outputs["comparison"]), ("2", "2"))

    def test_a_fault_is_one_whatever_is_compared(self):
        done, outputs = self.compare(self.GOLDEN, "./not-there.so", code=3)
        self.assertEqual((outputs["verdict"], outputs["comparison"]), ("fault", ""), done)

    def test_a_base_that_is_none(self):
        kit.write(self.path("base.jsonl"), "no results\n")
        self.certify_in_job(self.GOLDEN, code=3, base_results="base.jsonl", fail_on="regression")
        self.assertEqual((self.outputs()["verdict"], self.outputs()["comparison"]), ("conforms", "3"))
        shutil.rmtree(self.path("out"))
        self.certify_in_job(self.GOLDEN, code=0, base_results="base.jsonl")


class Forge(http.server.BaseHTTPRequestHandler):
    """Keeps comments as GitHub and GitLab do, for one pull request, and the artifacts of one branch."""

    comments, asked, artifacts, status = [], [], {}, None

    def answer(self, status, content):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status in (301, 302, 307):
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def handle_request(self):
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        self.asked.append((self.command, self.path, dict(self.headers)))
        url = urllib.parse.urlsplit(self.path)
        if self.status is not None:
            return self.answer(self.status, {})
        if url.path in self.artifacts:
            return self.answer(200, self.artifacts[url.path])
        if TOKEN not in (self.headers.get("PRIVATE-TOKEN"), (self.headers.get("Authorization") or "").removeprefix("Bearer ")):
            return self.answer(401, {})
        all_of_it = {"/api/repos/me/kit/issues/7/comments", "/api/projects/5/merge_requests/7/notes"}
        if url.path in all_of_it and self.command == "GET":
            query = {name: int(values[0]) for name, values in urllib.parse.parse_qs(url.query).items()}
            start = (query["page"] - 1) * query["per_page"]
            return self.answer(200, self.comments[start:start + query["per_page"]])
        if url.path in all_of_it and self.command == "POST":
            self.comments.append({"id": 1000 + len(self.comments), "body": body["body"]})
            return self.answer(201, self.comments[-1])
        one = re.fullmatch(r"/api/repos/me/kit/issues/comments/(\d+)|/api/projects/5/merge_requests/7/notes/(\d+)", url.path)
        if one and self.command == ("PATCH" if one.group(1) else "PUT"):
            (comment,) = [entry for entry in self.comments if entry["id"] == int(one.group(1) or one.group(2))]
            comment["body"] = body["body"]
            return self.answer(200, comment)
        return self.answer(404, {})

    do_GET = do_POST = do_PATCH = do_PUT = handle_request

    def log_message(self, *_):
        pass


class WithForge(Job):
    def setUp(self):
        super().setUp()
        self.forge = type("ThisForge", (Forge,), {"comments": [], "asked": [], "artifacts": {}})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.forge)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        for cleanup in (server.server_close, thread.join, server.shutdown):
            self.addCleanup(cleanup)
        self.api = f"http://127.0.0.1:{server.server_port}/api"


class Comment(WithForge):
    def setUp(self):
        super().setUp()
        event = kit.write(self.path("event.json"), json.dumps({"pull_request": {"number": 7}}))
        self.jobs = {
            "github": {"GITHUB_ACTIONS": "true", "GITHUB_API_URL": self.api, "GITHUB_REPOSITORY": "me/kit", "GITHUB_EVENT_PATH": event},
            "gitlab": {"CI_API_V4_URL": self.api, "CI_MERGE_REQUEST_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "7", "GITHUB_ACTIONS": ""},
        }

    def comment(self, job, text, code=0, name="one", **environment):
        path = kit.write(self.path("comment.md"), text)
        done = self.run_program("-I", os.path.join(CI, "comment.py"), path, program=kit.INTERPRETER, environment={
            "no_proxy": "*", "VPCI_CI_TOKEN": TOKEN, "VPCI_CI_NAME": name, **self.jobs[job], **environment})
        self.assertEqual(done.code, code, done)
        return done

    def bodies(self):
        return [comment["body"] for comment in self.forge.comments]

    def each(self):
        for job in self.jobs:
            self.forge.comments.clear()
            self.forge.asked.clear()
            with self.subTest(job):
                yield job

    def test_one_comment_however_many_runs(self):
        for job in self.each():
            self.forge.comments.extend({"id": number, "body": text} for number, text in enumerate([None, "hello"] + ["more"] * 150))
            others = self.bodies()
            self.comment(job, "the first")
            self.comment(job, "the second")
            self.comment(job, "of another job", name="two")
            self.comment(job, "the third")
            self.assertEqual(self.bodies()[:len(others)], others)
            self.assertEqual(self.bodies()[len(others):], ["<!-- vpci-conform one -->\nthe third", "<!-- vpci-conform two -->\nof another job"])

    def test_a_quotation_is_not_taken_for_it(self):
        for job in self.each():
            self.forge.comments.append({"id": 1, "body": "> <!-- vpci-conform one -->\nlook at this"})
            self.comment(job, "mine")
            self.assertEqual(len(self.bodies()), 2)

    def test_a_name_does_not_leave_its_mark(self):
        for job in self.each():
            self.comment(job, "x", name="a --> @all\n")
            self.assertEqual(self.bodies(), ["<!-- vpci-conform a------all- -->\nx"])

    def test_too_long(self):
        for job in self.each():
            self.comment(job, "a line of words, ü\n" * 9000)
            (body,) = self.bodies()
            self.assertLessEqual(len(body), 65536)
            self.assertTrue(body.endswith("\n\nThe rest is in the files of the run.\n"))

    def test_nowhere_to_write(self):
        self.jobs["github"]["GITHUB_EVENT_PATH"] = kit.write(self.path("push.json"), '{"ref": "refs/heads/main"}')
        self.jobs["gitlab"]["CI_MERGE_REQUEST_IID"] = ""
        for job in self.each():
            self.assertIn("no pull request", self.comment(job, "x").out)
            self.assertIn("no token", self.comment(job, "x", VPCI_CI_TOKEN="").out)
            self.assertEqual(self.forge.asked, [])

    def test_it_may_not_write(self):
        for job in self.each():
            done = self.comment(job, "x", code=1, VPCI_CI_TOKEN="of a fork")
            self.assertIn("HTTP 401; the token may not write", done.err)
            self.assertNotIn("Traceback", done.err)

    def test_the_token_goes_nowhere_else(self):
        self.forge.status = 302
        for job in self.each():
            self.assertIn("HTTP 302", self.comment(job, "x", code=1).err)
            self.assertEqual([path for _, path, _ in self.forge.asked if "elsewhere" in path], [])

    def test_an_answer_that_is_none(self):
        self.forge.status = 200
        for job in self.each():
            self.assertIn("no list of comments", self.comment(job, "x", code=1).err)

    def test_nobody_answers(self):
        for job in self.each():
            key = {"github": "GITHUB_API_URL", "gitlab": "CI_API_V4_URL"}[job]
            self.assertIn("not written", self.comment(job, "x", code=1, **{key: "http://127.0.0.1:1"}).err)


class BaseOfGitlab(WithForge):
    def fetch(self, **environment):
        settings = {"CI_API_V4_URL": self.api, "CI_MERGE_REQUEST_PROJECT_ID": "5", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "release/1",
                    "CI_JOB_TOKEN": TOKEN, "VPCI_CI_OUT": "out", "VPCI_CI_NAME": "certify", **environment}
        kit.write(self.path("base.jsonl"), "of an older job")
        self.run_script("base-of-gitlab.sh", "base.jsonl", code=0, **settings)
        return self.text("base.jsonl") if os.path.exists(self.path("base.jsonl")) else None

    def test_it_is_there(self):
        self.forge.artifacts["/api/projects/5/jobs/artifacts/release%2F1/raw/out/results.jsonl"] = b"results\n"
        self.assertEqual(self.fetch(), "results\n")
        self.assertEqual(self.forge.asked[-1][2]["JOB-TOKEN"], TOKEN)
        self.assertEqual(self.fetch(VPCI_CI_TOKEN="other"), "results\n")
        self.assertEqual(self.forge.asked[-1][2]["PRIVATE-TOKEN"], "other")
        self.assertNotIn("JOB-TOKEN", self.forge.asked[-1][2])

    def test_it_is_not_there(self):
        self.assertIsNone(self.fetch())
        self.assertIsNone(self.fetch(CI_MERGE_REQUEST_TARGET_BRANCH_NAME=""))
        self.assertIsNone(self.fetch(CI_API_V4_URL="http://127.0.0.1:1"))
        self.forge.status = 302
        self.assertIsNone(self.fetch())


class Templates(Job):
    def test_github_inputs_stay_out_of_scripts(self):
        action = load(ACTION)
        steps = action["runs"]["steps"]
        for step in filter(lambda step: "run" in step, steps):
            self.assertNotIn("${{", step["run"])
            self.assertEqual(step["shell"], "sh")
        used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(steps)))
        self.assertEqual(used, set(action["inputs"]))
        outputs = set(re.findall(r"steps\.certify\.outputs\.([a-z-]+)", json.dumps([steps, action["outputs"]])))
        self.assertEqual(outputs, {"verdict", "exit-code", "comparison", "results", "out", "sarif"})
        passed = set(next(step for step in steps if step.get("id") == "certify")["env"])
        self.assertEqual(passed | {"VPCI_CI_PROGRAM", "VPCI_CI_TOKEN"}, set(re.findall(r"VPCI_CI_[A-Z_]+", self.script("certify.sh"))))

    @staticmethod
    def script(name):
        return kit.read_bytes(os.path.join(CI, name)).decode()

    def gitlab(self, **inputs):
        """The job as GitLab makes it of the template: inputs are put into the text, before or after it is read as YAML."""
        header, _ = load(TEMPLATE, documents=2)
        known = header["spec"]["inputs"]
        values = {name: inputs.get(name.replace("-", "_"), about.get("default")) for name, about in known.items()}
        self.assertLessEqual({name.replace("_", "-") for name in inputs}, set(known))
        put = functools.partial(re.sub, r"\$\[\[ inputs\.([a-z-]+) \]\]", lambda match: values[match.group(1)])
        body = kit.read_bytes(TEMPLATE).decode().split("\n---\n")[1]
        (name, job), = yaml.safe_load(put(body)).items()
        self.assertEqual(set(re.findall(r"inputs\.([a-z-]+)", body)), set(known))
        scripts = [part for part, lines in yaml.safe_load(body)["$[[ inputs.job ]]"].items() if part.endswith("script") and "$[[" in str(lines)]
        self.assertEqual(scripts, [])
        return name, job

    def run_job(self, **inputs):
        _, job = self.gitlab(kit="unused", **inputs)
        variables = {key: value["value"] if isinstance(value, dict) else value for key, value in job["variables"].items()}
        self.assertTrue(all(value["expand"] is False for value in job["variables"].values() if isinstance(value, dict)))
        variables.update(VPCI_CI_KIT_FOLDER=kit.SOURCE, PATH=f"{kit.BUILD}:{os.environ['PATH']}")
        done = self.run_program("-euc", "\n".join(job["script"]), program="/bin/sh", environment=variables)
        after = self.run_program("-euc", "\n".join(job["after_script"]), program="/bin/sh", environment=variables)
        self.assertEqual(after.code, 0, after)
        return job, done

    def test_gitlab_job(self):
        job, done = self.run_job(adapter="liar:caches-reads", arguments="--step-time 500ms", build="echo built >built")
        self.assertEqual(done.code, kit.VIOLATION, done)
        self.assertEqual(self.text("built"), "built\n")
        self.assertEqual(job["artifacts"]["reports"]["junit"], "$VPCI_CI_OUT/junit.xml")
        self.assertTrue(os.path.exists(self.path("out", "junit.xml")))
        shutil.rmtree(self.path("out"))
        self.assertEqual(self.run_job(adapter="golden")[1].code, kit.CONFORMS)

    def test_gitlab_inputs_are_no_shell(self):
        for attack in ("$(touch pwned)", "'; touch pwned; '", '"; touch pwned; "', "a: [b", "exec:sh -c 'exit 1'"):
            _, done = self.run_job(adapter=attack, role=attack, arguments=attack)
            self.assertNotEqual(done.code, 0)
            self.assertFalse(os.path.exists(self.path("pwned")), attack)
            shutil.rmtree(self.path("out"))

    def test_scripts_that_are_named_are_there(self):
        named = re.findall(r"/ci/([a-z-]+\.(?:sh|py))", kit.read_bytes(ACTION).decode() + kit.read_bytes(TEMPLATE).decode())
        self.assertEqual(set(named), set(os.listdir(CI)))
        for name in os.listdir(CI):
            self.assertEqual(os.access(os.path.join(CI, name), os.X_OK), name.endswith(".sh"), name)

    def test_linters(self):
        for text in [step["run"] for step in load(ACTION)["runs"]["steps"] if "run" in step]:
            self.lint("shellcheck", "--shell=sh", kit.write(self.path("step.sh"), text + "\n"))
        for name in ("before_script", "script", "after_script"):
            self.lint("shellcheck", "--shell=sh", "--exclude=SC2086", kit.write(self.path("job.sh"), "\n".join(self.gitlab(kit="x", adapter="y")[1][name]) + "\n"))
        self.lint("shellcheck", *(os.path.join(CI, name) for name in os.listdir(CI) if name.endswith(".sh")))
        self.lint("yamllint", "--strict", "-d", "{extends: relaxed, rules: {line-length: {max: 160}}}", ACTION, TEMPLATE)

    def lint(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, f"{shlex.join(command)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    unittest.main()
