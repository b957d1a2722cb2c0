/* SPDX-License-Identifier: MIT
 * parse-tap.js - reads TAP on standard input with tap-parser, of which argument 1 is the folder, and prints what it made of it as
 * JSON: the test points in order, the plan, whether it bailed out, and what it took for no TAP at all. */
"use strict";
const { Parser } = require(process.argv[2]);

const seen = { points: [], comments: [], extra: [], children: 0 };
const parser = new Parser({ strict: true }, (result) => {
  const { ok, count, plan, bailout, failures } = result;
  process.stdout.write(JSON.stringify({ ...seen, ok, count, plan, bailout, problems: failures.filter((one) => one.tapError).length }));
});
parser.on("assert", ({ ok, id, name, skip, todo, diag }) => seen.points.push({ ok, id, name, skip, todo, diag }));
parser.on("comment", (comment) => seen.comments.push(comment));
parser.on("extra", (line) => seen.extra.push(line));
parser.on("child", () => { seen.children += 1; });
process.stdin.pipe(parser);
