# SPDX-License-Identifier: MIT
"""The tables of the C headers, read by their macros, so that documents and schemas can be held to them."""

import os
import re

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def macro(path, name):
    """The rows X(...) of a table macro, each as its list of arguments."""
    text = read(path)
    start = text.index(f"#define {name}(X)")
    body = re.match(r"(?:[^\n]*\\\n)*[^\n]*\n", text[start:]).group(0)
    body = re.sub(r"/\*.*?\*/", "", body).replace("\\\n", " ")
    rows, depth, row = [], 0, ""
    for part in re.split(r"(\bX\(|[()])", body.split("(X)", 1)[1]):
        if part == "X(" and depth == 0:
            depth, row = 1, ""
            continue
        depth += part.endswith("(") - (part == ")")
        if depth == 0 and part == ")":
            rows.append(arguments(row))
        row += part
    return rows


def arguments(text):
    found, depth, quoted, current = [], 0, False, ""
    for character in text:
        quoted ^= character == '"'
        depth += not quoted and (character == "(") - (character == ")")
        if character == "," and depth == 0 and not quoted:
            found.append(current.strip())
            current = ""
        else:
            current += character
    return found + [current.strip()]


def string(argument):
    """A C string, or several that are written side by side."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', argument)).replace('\\"', '"')


def fields():
    """JSON name of each field -> its type."""
    return {string(json): kind for _, json, kind, _ in macro("models/event.h", "VPCI_FIELDS")}


def events():
    """JSON name of each event -> sender, required and optional members, without what only the kit observes."""
    names = {name: string(json) for name, json, _, _ in macro("models/event.h", "VPCI_FIELDS")}

    def members(argument):
        return [names[name] for name in re.findall(r"VPCI_F\((\w+)\)", argument)]

    return {string(json): {"sender": sender, "interface": interface, "needs": needs, "required": members(required),
                           "optional": members(optional)}
            for _, json, sender, interface, needs, required, optional in macro("models/event.h", "VPCI_EVENTS")
            if sender != "KIT"}


def capabilities():
    return {string(json): string(text) for _, json, text in macro("models/capability.h", "VPCI_CAPABILITIES")}


def roles():
    return [string(json) for _, json, _ in macro("models/capability.h", "VPCI_ROLES")]


def rules():
    """Id of each rule -> name of the failure it is in a run, and its text."""
    failures = {name: string(json) for name, json, _ in macro("harness/seam.h", "VPCI_FAILURES")}
    return {string(ident): (failures[failure], string(text))
            for _, ident, failure, text in macro("harness/channel_rule.h", "VPCI_CHANNEL_RULES")}


def failures():
    return {string(json): of == "true" for _, json, of in macro("harness/seam.h", "VPCI_FAILURES")}
