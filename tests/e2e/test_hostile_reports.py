# SPDX-License-Identifier: MIT
"""An implementation names itself, refuses and dies in whatever bytes it likes, and whoever expects or disputes a failure writes what
they like. Every report stays what it is, as its real parser reads it, and shows the text as text."""

import hashlib
import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import formats  # noqa: E402
import kit  # noqa: E402

SELECTION = "direct/a-read-returns-the-bytes-of-the-pf?length=?]"

TEXTS = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt;</code></pre></details></td></table>",
    "xml": "]]></failure><testcase name=\"x\"/><!-- --><?xml?><![CDATA[ & &amp; &#0; &bogus; \x01\x08\x0b\ufffe\uffff\"'",
    "ansi": "\x1b[2J\x1b[31mred\x1b]0;title\x07\x9b32m\x90\x85 \x1b]8;;http://x.y\x1b\\link\r over",
    "shell": "$(touch pwned) `id` ; rm -rf ~ | x && y > z < w \\ ' \" !! %s%n {a,b} *?",
    "markdown": "|`a`|``b``| @someone #12 GH-3 [x](http://x.y) ![i](http://x.y/i.png) <http://x.y> www.x.y # h\\|- [ ] ~~s~~ **b** $x$",
    "fences": "```\n~~~\n``````` </details> `````` \n---\n# title\n1. one\n- two",
    "tap": "# TODO x\\# SKIP y\nnot ok 7 - no\nok 8\n1..9\nBail out! now\n  ---\n  ...\n# Subtest: z\npragma +strict",
    "yaml": "---\nkey: value\n...\n\t- 'x': &a *a !!python/object | > % @ \" # c: {d} \\x41",
    "workflow": "::error::no\n::set-output name=x::y ##[error]no ##vso[task.setvariable variable=x]y ::stop-commands::z " + "w " * 9 +
                "::error::wrapped ::error::again",
    "bidi": "\u202etxt.exe\u202c \u2066in\u2069 \u200frtl \u061c \u2028line\u2029 \ufeffbom a\u0301 \u05d0\u05d1",
    "long": "\U0001f600" * 31 + "end",
    "wide": "w" * 126,
    "json": "\"},\"verdict\":\"pass\",\"x\":{\"\\u0041 \\ \" {0} [a](1) {{b}} \u00e9",
    "percent": "%41 %00 ../../etc/passwd /abs //host file:///x",
    "spaces": "   lead \t tab   trail   ",
}
INVALID = b"\xff\xfe\xc0\xaf\xed\xa0\x80 \xf4\x90\x80\x80 \x80 <b>|`]]>\x1b[31m"


class HostileReportsTest(kit.Test):
    def adapter(self, name, content):
        path = kit.write(self.path(f"{name}.txt"), content)
        return f"exec:{kit.INTERPRETER} {kit.SOURCE}/tests/hostile/speaks_in_tongues.py {path}"

    def play(self, name, content, *options):
        self.select(self.adapter(name, content), SELECTION, "--quiet", *options, code=kit.VIOLATION, out=name)
        return kit.read_results(self.path(name))

    def test_texts_of_implementations(self):
        for name, text in TEXTS.items():
            with self.subTest(text=name):
                text = text.encode()[:127].decode(errors="ignore")
                results = self.play(name, text)
                verdicts = {case["verdict"] for case in results.cases}
                self.assertLessEqual({"fail", "error"}, verdicts)
                self.assertEqual(formats.plain(results.header["name"]), formats.plain(text))
                formats.check_all(self, self.path(name), results)
                self.check_text(name, formats.plain(text))
        formats.validate_kept()

    def check_text(self, name, text):
        """The name and the reason of a refusal are there to be read, in the places for them."""
        folder = self.path(name)
        junit = formats.parse_xml(os.path.join(folder, "junit.xml"))
        names = {one.get("value") for one in junit.iter("property") if one.get("name") == "implementation"}
        self.assertEqual(names, {text})
        errors = [one.get("message") for one in junit.iter("error")]
        self.assertTrue(errors and all(text in message for message in errors), errors)
        self.assertTrue(all(text.strip() in one.text for one in junit.iter("error")))
        tap = formats.parse_tap(kit.read_bytes(os.path.join(folder, "results.tap")))
        self.assertIn(f"# implementation: {text}".rstrip(), [comment.rstrip() for comment in tap["comments"]])
        self.assertTrue(any(text in (point["diag"] or {}).get("detail", "") for point in tap["points"]))
        run = json.loads(kit.read_bytes(os.path.join(folder, "results.sarif")))["runs"][0]
        self.assertEqual(run["properties"]["implementation"], text)
        notices = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
        self.assertTrue(any(text in self.unescaped(notice) for notice in notices), notices)
        page = formats.parse_markdown(os.path.join(folder, "summary.md"))
        self.assertGreaterEqual(" ".join(page.text.split()).count(" ".join(text.split())), 2)

    @staticmethod
    def unescaped(message):
        """A SARIF message without its escapes."""
        for written, meant in (("\\[", "["), ("\\]", "]"), ("{{", "{"), ("}}", "}"), ("\\\\", "\\")):
            message = message.replace(written, meant)
        return message

    def test_bytes_that_are_no_text(self):
        """JSON cannot carry them: they come as the last words of a process, and in the command that starts it."""
        script = kit.write(self.path("dies.py"), b"import hostile, sys\nclass Dies(hostile.Adapter):\n def read(self, line):\n"
                           b"  sys.stderr.buffer.write(" + repr(INVALID).encode() + b"); sys.stderr.flush(); sys.exit(1)\nDies().run()\n")
        adapter = os.fsencode(f"exec:PYTHONPATH={kit.SOURCE}/tests/hostile {kit.INTERPRETER} {script} ")
        adapter = b"exec:env " + adapter[5:] + b"'" + INVALID.replace(b"'", b"") + b"'"
        done = kit.run("run", "--only", SELECTION, "--quiet", "--out", self.path("out"), "--adapter", os.fsdecode(adapter))
        self.assertEqual(done.code, kit.VIOLATION, done)
        results = kit.read_results(self.path("out"))
        self.assertTrue(all("?" in case["detail"] for case in results.cases if case["verdict"] == "fail"))
        formats.check_all(self, self.path("out"), results)

    def test_a_results_file_from_elsewhere(self):
        """Whoever seals a file can write anything into it that the reader takes: names of cases, causes, reasons."""
        self.select("liar:caches-reads", "direct/every-read-asks-the-pf-again", "--quiet", code=kit.VIOLATION)
        header, *cases, footer = map(json.loads, self.results_bytes().splitlines())
        texts = list(TEXTS.values())
        self.assertGreaterEqual(len(cases), 4)
        for number, case in enumerate(cases):
            text = texts[number % len(texts)] if len(cases) >= len(texts) else " ".join(texts[number::len(cases)])
            case.update(name=f"{number} {text}", detail=text)
            case["finding"].update(reason=text, allowed=text)
        lines = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in (header, *cases)).encode()
        footer["sha256"] = hashlib.sha256(lines).hexdigest()
        kit.write(self.path("out", "results.jsonl"), lines + json.dumps(footer).encode() + b"\n")
        results = kit.read_results(self.path("out"))
        formats.check_all(self, self.path("out"), results, files=False)
        formats.validate_kept()

    def test_texts_of_expectations_and_disputes(self):
        text = " ".join(TEXTS.values())
        corpus = self.path("corpus")
        shutil.copytree(kit.CORPUS, corpus)
        scenarios = ("direct/every-read-asks-the-pf-again", "direct/a-write-does-not-change-what-a-read-returns")
        kit.write(os.path.join(corpus, "disputes.json"), json.dumps(
            {"format": 1, "disputes": [{"scenario": scenarios[1], "state": "contested", "date": "2026-10-01", "text": text}]}))
        kit.write(self.path("expect.json"), json.dumps({"format": 1, "expectations": [
            {"cases": scenarios[0], "verdict": "fail", "reason": text, "owner": text, "issue": text, "expires": "2027-01-31"}]}))
        _, results = self.select("liar:caches-reads", "direct/*read*", "--quiet", "--corpus", corpus, "--expect", self.path("expect.json"),
                                 "--date", "2026-12-01")
        self.assertGreater(results.footer["expected"]["as_expected"], 0)
        self.assertGreater(results.footer["disputed"], 0)
        formats.check_all(self, self.path("out"), results)
        formats.validate_kept()
        run = json.loads(kit.read_bytes(self.path("out", "results.sarif")))["runs"][0]
        suppressed = [one["suppressions"][0] for one in run["results"] if "suppressions" in one]
        self.assertEqual([one["properties"]["owner"] for one in suppressed if "owner" in one["properties"]], [formats.plain(text)])
        self.assertTrue(all(formats.plain(text) in one["justification"] for one in suppressed))
        page = formats.parse_markdown(self.path("out", "summary.md"))
        self.assertEqual(" ".join(page.text.split()).count(" ".join(formats.plain(text).split())), 4)


if __name__ == "__main__":
    unittest.main()
