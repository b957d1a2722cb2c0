# SPDX-License-Identifier: MIT
"""tools/mutate/source.py - a C file as tokens, as far as mutation needs it: which tokens are code, and in which function or
table they stand. No parser: the files are as clang-format leaves them, so spaces tell a binary operator from a unary one."""

import collections
import hashlib
import re

TOKEN = re.compile(
    r"""(?P<skip>/\*.*?\*/|//[^\n]*|^[ \t]*\#(?:[^\n\\]|\\.|\\\n)*|\s+)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<number>(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?)[uUlL]*)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[][{}()<>;:,.?!~&|^+\-*/%=])""",
    re.VERBOSE | re.MULTILINE | re.DOTALL)

Token = collections.namedtuple("Token", "kind text start end")
Span = collections.namedtuple("Span", "first last")  # tokens, both ends in it

FUNCTION, TABLE, OTHER = "function", "table", "other"
Part = collections.namedtuple("Part", "kind name first last returns")  # tokens of the body, its braces in it

OPENERS = {"(": ")", "[": "]", "{": "}"}


def tokens_of(code):
    """The tokens that are code. Comments, preprocessor lines and spaces are none."""
    found, place = [], 0
    while place < len(code):
        match = TOKEN.match(code, place)
        if match is None:
            raise ValueError(f"no token of C at byte {place}: {code[place:place + 20]!r}")
        place = match.end()
        if match.lastgroup != "skip":
            found.append(Token(match.lastgroup, match.group(), match.start(), match.end()))
    return found


def partners(tokens):
    """{opening token: closing token} and back, by index."""
    pairs, stack = {}, []
    for index, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.text in OPENERS:
            stack.append(index)
        elif token.text in OPENERS.values():
            opener = stack.pop()
            pairs[opener], pairs[index] = index, opener
    return pairs


def part_of(tokens, pairs, first, brace):
    """What the braces at file level are, with what stands before them."""
    head = tokens[first:brace]
    words = [token.text for token in head]
    last = pairs[brace]
    if "=" in words:
        name = [word for word in words[:words.index("=")] if re.match(r"[A-Za-z_]", word)]
        name = re.sub(r"\[.*", "", " ".join(words[:words.index("=")])).split()[-1] if name else "?"
        return Part(TABLE, name, brace, last, "")
    if words and words[-1] == ")":
        opening = words.index("(")
        returns = " ".join(word for word in words[:opening - 1] if word not in ("static", "inline", "const"))
        return Part(FUNCTION, words[opening - 1], brace, last, returns)
    return Part(OTHER, "", brace, last, "")


class Source:
    """One file: its text, tokens, pairs of brackets, and its functions and tables in order."""

    def __init__(self, path, code):
        self.path, self.code = path, code
        self.tokens = tokens_of(code)
        self.pairs = partners(self.tokens)
        self.parts = []
        first = index = 0
        while index < len(self.tokens):
            text = self.tokens[index].text
            if text == "{":
                part = part_of(self.tokens, self.pairs, first, index)
                self.parts.append(part)
                index = part.last
                if part.kind == FUNCTION:
                    first = index + 1
            elif text in ("(", "["):
                index = self.pairs[index]
            elif text == ";":
                first = index + 1
            index += 1

    def text(self, first, last):
        """Of the tokens from first to last, both in it."""
        return self.code[self.tokens[first].start:self.tokens[last].end]

    def is_binary(self, index):
        """Whether spaces stand on both sides of the sign: in formatted code, no unary one has them."""
        token = self.tokens[index]
        return self.code[token.start - 1].isspace() and self.code[token.end].isspace()

    def line_hash(self, place):
        """Of the line at a byte of the code, whatever its indentation: lines move, and keep it."""
        start = self.code.rfind("\n", 0, place) + 1
        end = self.code.find("\n", place)
        return hashlib.sha256(self.code[start:end].strip().encode()).hexdigest()[:8]

    def line_number(self, place):
        return self.code.count("\n", 0, place) + 1
