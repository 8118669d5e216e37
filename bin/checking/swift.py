"""Cuts Swift source into code and string literals, so that a rule about one does not stumble over the other."""

import functools
import re

_TOKEN = re.compile(r'//|/\*|(#*)("""|")|[()]')


class Source:
    """`code`: the text without comments and literals, lines kept, interpolations kept. `literals`: (line, text)."""

    def __init__(self, text):
        self.text = text
        self.literals = []
        self._out = []
        self._code(0, inside=False)
        self.code = "".join(self._out)

    def _skip(self, start, end):
        self._out.append("\n" * self.text.count("\n", start, end))

    def _code(self, at, inside):
        """Reads code from `at`; inside an interpolation, up to its closing bracket. Returns where it ended."""
        text, depth = self.text, 0
        while True:
            token = _TOKEN.search(text, at)
            if not token:
                self._out.append(text[at:])
                return len(text)
            self._out.append(text[at : token.start()])
            what = token.group(0)
            if what == "//":
                at = text.find("\n", token.end())
                if at < 0:
                    return len(text)
            elif what == "/*":
                at = self._comment(token.end())
            elif what == "(":
                depth += 1
                at = token.end()
                self._out.append(what)
            elif what == ")":
                at = token.end()
                self._out.append(what)
                if inside and depth == 0:
                    return at
                depth -= 1
            else:
                self._out.append('"')
                at = self._literal(token.end(), token.group(1), token.group(2))
                self._out.append('"')

    def _comment(self, at):
        start, depth = at, 1
        while depth:
            token = re.compile(r"/\*|\*/").search(self.text, at)
            if not token:
                at = len(self.text)
                break
            depth += 1 if token.group(0) == "/*" else -1
            at = token.end()
        self._skip(start, at)
        return at

    def _literal(self, at, hashes, quote):
        line = self.text.count("\n", 0, at) + 1
        parts, escape = [], "\\" + hashes
        mark = re.compile(re.escape(escape) + "|" + re.escape(quote + hashes) + ("|\n" if quote == '"' else ""))
        while True:
            token = mark.search(self.text, at)
            end = token.start() if token else len(self.text)
            parts.append(self.text[at:end])
            self._skip(at, end)
            if not token or token.group(0) != escape:
                self.literals.append((line, "".join(parts)))
                # A line break is left for the code that follows.
                return end if not token or token.group(0) == "\n" else token.end()
            at = token.end()
            if self.text[at : at + 1] == "(":
                parts.append("\0")
                self._out.append("(")
                at = self._code(at + 1, inside=True)
            else:
                self._skip(at, at + 1)
                at += 1


@functools.lru_cache(maxsize=None)
def read(text):
    return Source(text)


def imports(source):
    """(line, module) of every import."""
    pattern = re.compile(
        r"^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*(?:(?:public|package|internal|fileprivate|private)[ \t]+)?import[ \t]+"
        r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)[ \t]+)?(\w+)",
        re.M,
    )
    return [(source.code.count("\n", 0, m.start()) + 1, m.group(1)) for m in pattern.finditer(source.code)]
