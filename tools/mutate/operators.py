# SPDX-License-Identifier: MIT
"""tools/mutate/operators.py - the kinds of small mistakes that are made on purpose, one at a time. Each operator looks at the
tokens of a function or table and yields (from byte, to byte, text to stand there instead)."""

import collections
import re

import source
from source import FUNCTION, TABLE

Mutant = collections.namedtuple("Mutant", "id path function operator line start end text was")

SWAPS = {  # operator: {sign: what stands there instead}
    "equality": {"==": "!=", "!=": "=="},
    "boundary": {"<": "<=", "<=": "<", ">": ">=", ">=": ">"},
    "order": {"<": ">", "<=": ">=", ">": "<", ">=": "<="},
    "logic": {"&&": "||", "||": "&&"},
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/"},
    "bits": {"&": "|", "|": "&", "^": "&"},
    "shift": {"<<": ">>", ">>": "<<"},
    "assign_other": {"+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "^=": "|=", "*=": "/=", "/=": "*="},
    "assign_plain": {"+=": "=", "-=": "=", "|=": "=", "&=": "=", "^=": "="},
    "step": {"++": "--", "--": "++"},
}
UNSPACED = {"++", "--"}
ASSERTS = {"static_assert", "_Static_assert", "assert", "sizeof", "offsetof"}
REQUIREMENT = re.compile(r"(VPCI_)?([A-Z]{2})_(\d\d)$")
ENDS = {";", "{", "}", ":"}
BEFORE_OPERAND = {"(", "[", "{", ",", ";", "?", ":", "=", "return", "&&", "||", "+=", "-=", "|=", "&=", "^="}


class Vocabulary:
    """What a name may be mistaken for: the next of its enumeration, the next requirement."""

    def __init__(self, headers):
        self.next = {}
        requirements = sorted({f"{a}_{b}" for a, b in re.findall(r"\bX\(([A-Z]{2}), ?(\d\d)", headers)}
                              | {f"{a}_{b}" for a, b in re.findall(r"\b([A-Z]{2})_(\d\d)\b", headers)})
        self.requirement = dict(zip(requirements, requirements[1:] + requirements[:1]))
        for body in re.findall(r"enum \w*\s*\{(.*?)\}", re.sub(r"/\*.*?\*/", "", headers, flags=re.DOTALL), re.DOTALL):
            names = [name for name in re.findall(r"(?:^|,)\s*(VPCI_\w+)", body) if not re.search(r"_(COUNT|MAX)$|SIGHTING", name)]
            if len(names) > 1:
                self.next.update(zip(names, names[1:] + names[:1]))
        self.next["VPCI_REQUIREMENT_NONE"] = "VPCI_RD_01"


def swapped_signs(code, part, _):
    for index in range(part.first + 1, part.last):
        token = code.tokens[index]
        if token.kind != "sign" or not (token.text in UNSPACED or code.is_binary(index)):
            continue
        for operator, swaps in SWAPS.items():
            if token.text in swaps:
                yield operator, token.start, token.end, swaps[token.text]


def dropped_signs(code, part, _):
    for index in range(part.first + 1, part.last):
        token = code.tokens[index]
        if token.text in ("!", "~"):
            yield {"!": "not", "~": "complement"}[token.text], token.start, token.end, ""


def conditions(code, part, _):
    for index in range(part.first + 1, part.last):
        word = code.tokens[index].text
        if word not in ("if", "while") or code.tokens[index + 1].text != "(":
            continue
        opening, closing = index + 1, code.pairs[index + 1]
        start, end = code.tokens[opening].end, code.tokens[closing].start
        if word == "while":
            yield "loop_never", start, end, "0"
            continue
        yield "condition_negate", start, end, f"!({code.code[start:end]})"
        yield "condition_true", start, end, "1"
        yield "condition_false", start, end, "0"


def operand_start(code, index):
    """The first token of the operand that ends before index: back to what can only stand before an expression."""
    at = index - 1
    while code.tokens[at].text not in BEFORE_OPERAND:
        at = code.pairs[at] - 1 if code.tokens[at].text in (")", "]", "}") else at - 1
    return at + 1


def operand_end(code, index):
    """The last token of the operand that begins behind index."""
    at = index + 1
    while code.tokens[at].text not in (")", "]", "}", ",", ";", "?", ":", "&&", "||"):
        at = code.pairs[at] + 1 if code.tokens[at].text in ("(", "[", "{") else at + 1
    return at - 1


def choices(code, part, _):
    """What decides a ?: becomes true or false."""
    for index in range(part.first + 1, part.last):
        if code.tokens[index].text != "?":
            continue
        first = index
        while True:  # the condition may itself be made of && and ||
            first = operand_start(code, first)
            if code.tokens[first - 1].text not in ("&&", "||"):
                break
            first -= 1
        start, end = code.tokens[first].start, code.tokens[index - 1].end
        yield "choice_true", start, end, "1"
        yield "choice_false", start, end, "0"


def clauses(code, part, _):
    """One operand of && or || says nothing any more."""
    seen = set()
    for index in range(part.first + 1, part.last):
        sign = code.tokens[index].text
        if sign not in ("&&", "||"):
            continue
        neutral = "1" if sign == "&&" else "0"
        for first, last in ((operand_start(code, index), index - 1), (index + 1, operand_end(code, index))):
            if first not in seen:
                seen.add(first)
                yield "clause", code.tokens[first].start, code.tokens[last].end, neutral


def literals(code, part, _):
    for index in range(part.first + 1, part.last):
        token = code.tokens[index]
        if token.text in ("true", "false"):
            yield "bool", token.start, token.end, "false" if token.text == "true" else "true"
        if token.kind != "number" or "." in token.text:
            continue
        digits = token.text.rstrip("uUlL")
        suffix, value = token.text[len(digits):], int(digits, 0)
        form = "0x%X" if digits[:2] in ("0x", "0X") else "%d"
        for other in ((value + 1,) if value == 0 else (value - 1, value + 1)):
            yield "constant", token.start, token.end, form % other + suffix


def statement_ends(code, part):
    """Simple statements: (first token, the semicolon)."""
    first = part.first + 1
    index = first
    while index < part.last:
        text = code.tokens[index].text
        if text == ";":
            yield first, index
            first = index + 1
        elif text in ("if", "while", "for", "switch") or (code.tokens[index].kind == "word" and text.startswith("VPCI_FOR_EACH")):
            index = code.pairs[index + 1]
            first = index + 1
        elif text in ("{", "}", ":", "else", "do"):
            first = index + 1
        elif text in ("(", "["):
            index = code.pairs[index]
        elif text == "=" and code.tokens[index + 1].text == "{":
            index = code.pairs[index + 1]
        index += 1


def is_effect(code, first, last):
    """Whether the statement is a call or an assignment, and no declaration."""
    words = [token.text for token in code.tokens[first:last]]
    if not words:
        return False
    if words[:3] == ["(", "void", ")"]:
        return len(words) > 4
    if words[0] in ("++", "--", "*") or words[-1] in ("++", "--"):
        return True
    if code.tokens[first].kind != "word" or words[0] in ("return", "break", "continue", "goto", "const", "static", "struct", "enum"):
        return False
    return len(words) > 1 and words[1] in ("(", "->", ".", "[", "=", "+=", "-=", "|=", "&=", "^=", "*=", "/=", ">>=", "<<=")


def statements(code, part, _):
    if part.kind != FUNCTION:
        return
    for first, last in statement_ends(code, part):
        start, end = code.tokens[first].start, code.tokens[last].end
        word = code.tokens[first].text
        if word in ("break", "continue"):
            yield "remove_jump", start, end, ";"
        elif word == "return":
            yield from returns(code, part, first, last)
        elif is_effect(code, first, last):
            yield "remove_statement", start, end, ";"


def returns(code, part, first, last):
    start, end = code.tokens[first + 1].start, code.tokens[last].start
    value = code.code[start:end].strip()
    if first + 1 == last:
        yield "remove_jump", code.tokens[first].start, code.tokens[last].end, ";"
    elif part.returns == "bool":
        if value not in ("true", "false"):
            yield "return_value", start, end, "true"
            yield "return_value", start, end, "false"
    elif value not in ("0", "NULL"):
        yield "return_value", start, end, "0"


def table_entries(code, opening):
    """The values between the commas of a pair of braces, without the designators before them."""
    entries, at = [], opening + 1
    closing = code.pairs[opening]
    while at < closing:
        first = at
        if code.tokens[at].text in ("[", ".") and "=" in [token.text for token in code.tokens[at:closing]]:
            while code.tokens[at].text != "=":
                at += 1
            first = at + 1
        while at < closing and code.tokens[at].text != ",":
            at = code.pairs[at] if code.tokens[at].text in ("(", "[", "{") else at
            at += 1
        if first < at:
            entries.append((first, at - 1))
        at += 1
    return entries


def initializers(code, part):
    """Opening braces of initializers."""
    for index in range(part.first, part.last):
        if code.tokens[index].text != "{":
            continue
        if part.kind == TABLE or code.tokens[index - 1].text in ("=", ")", ",") and (
                code.tokens[index - 1].text != ")" or code.tokens[code.pairs[index - 1] + 1].text in ("struct", "const", "uint32_t")
                or code.tokens[code.pairs[index - 1] - 1].text in ("=", "return", "?", ":", ",", "(")):
            yield index


def exchanged(code, part, _):
    """Neighbours in a table change places."""
    for opening in initializers(code, part):
        entries = table_entries(code, opening)
        for one, other in zip(entries, entries[1:]):
            texts = code.text(*one), code.text(*other)
            if texts[0] != texts[1]:
                start, end = code.tokens[one[0]].start, code.tokens[other[1]].end
                between = code.code[code.tokens[one[1]].end:code.tokens[other[0]].start]
                yield "exchange", start, end, texts[1] + between + texts[0]


def names(code, part, vocabulary):
    for index in range(part.first + 1, part.last):
        token = code.tokens[index]
        if token.kind != "word" or code.tokens[index + 1].text == "(":
            continue
        match = REQUIREMENT.match(token.text)
        if match:
            other = vocabulary.requirement.get(f"{match[2]}_{match[3]}")
            if other:
                yield "blame", token.start, token.end, (match[1] or "") + other
        elif token.text in vocabulary.next:
            yield "name", token.start, token.end, vocabulary.next[token.text]


OPERATORS = (swapped_signs, dropped_signs, conditions, choices, clauses, literals, statements, exchanged, names)


def guarded(code, part):
    """Bytes that are left alone: assertions and sizes."""
    spans = []
    for index in range(part.first, part.last):
        if code.tokens[index].text in ASSERTS and code.tokens[index + 1].text == "(":
            spans.append((code.tokens[index].start, code.tokens[code.pairs[index + 1]].end))
    return spans


def mutants_of(path, text, vocabulary, functions=None):
    """Every mutant of a file, in the order of its bytes. functions: only these."""
    code = source.Source(path, text)
    found = []
    for part in code.parts:
        if part.kind not in (FUNCTION, TABLE) or (functions and part.name not in functions):
            continue
        alone = guarded(code, part)
        made = [made for operator in OPERATORS for made in operator(code, part, vocabulary)]
        found += [(start, end, operator, text, part.name) for operator, start, end, text in made
                  if not any(low <= start < high for low, high in alone)]
    counts = collections.Counter()
    mutants = []
    for start, end, operator, text, function in sorted(set(found)):
        key = f"{path}:{function}:{code.line_hash(start)}:{operator}"
        counts[key] += 1
        mutants.append(Mutant(f"{key}:{counts[key]}", path, function, operator, code.line_number(start), start, end, text,
                              code.code[start:end]))
    return mutants
