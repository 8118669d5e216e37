"""Reads the tables out of Migrations/ and writes docs/data-dictionary.md."""

import re

DOCUMENT = "docs/data-dictionary.md"
_CREATE = re.compile(r"CREATE TABLE (\w+) \(")
# What a part of a table may begin with besides a column's name.
_CONSTRAINTS = ("PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CONSTRAINT", "CHECK")
_SLOTS = [f"m{slot}" for slot in range(16)]


class Table:
    def __init__(self, name, path, line, about, parts, clustered):
        self.name, self.path, self.line, self.about, self.clustered = name, path, line, about, clustered
        self.columns = [part for part in parts if not part.startswith(_CONSTRAINTS)]
        self.rules = [part for part in parts if part.startswith(_CONSTRAINTS)]
        self.indexes = []


def _parts(body):
    """A list of columns and constraints, cut at the commas that stand outside brackets."""
    parts, depth, at = [], 0, 0
    for index, letter in enumerate(body):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(body[at:index])
            at = index + 1
    return [" ".join(part.split()) for part in parts + [body[at:]] if part.strip()]


def _comment_above(lines, index):
    above = []
    while index > 0 and lines[index - 1].startswith("--"):
        index -= 1
        above.insert(0, lines[index][2:].strip())
    return " ".join(above)


def tables(tree):
    """Every table in the order of the migrations. A pair of files for two engines is read from the PostgreSQL one."""
    found = {}
    for path in tree.matching(r"Migrations/.*\.sql"):
        if path.endswith(".sqlite.sql"):
            continue
        lines = tree.text(path).split("\n")
        for index, line in enumerate(lines):
            create = _CREATE.match(line)
            if create:
                end = next(
                    (at for at in range(index, len(lines)) if lines[at].rstrip().endswith(";")), len(lines) - 1
                )
                text = "\n".join(lines[index : end + 1])
                clustered = "/* clustered */" in text
                body = text[create.end() : text.rstrip().rindex(")")]
                name = create.group(1)
                found[name] = Table(name, path, index + 1, _comment_above(lines, index), _parts(body), clustered)
            added = re.match(r"ALTER TABLE (\w+) ADD COLUMN (.*);", line)
            if added and added.group(1) in found:
                found[added.group(1)].columns.append(added.group(2))
            index_of = re.match(r"CREATE (UNIQUE )?INDEX \w+ ON (\w+) \((.*)\)", line)
            if index_of and index_of.group(2) in found:
                found[index_of.group(2)].indexes.append((index_of.group(1) or "").lower() + index_of.group(3))
    return list(found.values())


def _column(text):
    name, _, rest = text.partition(" ")
    words = rest.split(" ")
    kind = words[0] + (" precision" if words[:2] == ["double", "precision"] else "")
    rest = rest[len(kind) :].strip()
    needed = "NOT NULL" in rest or "PRIMARY KEY" in rest
    rest = " ".join(rest.replace("NOT NULL", "").split())
    rest = re.sub(r"REFERENCES (\w+) \((\w+)\)", r"→ `\1.\2`", rest)
    return name, kind, needed, rest


def _rows(table):
    columns = [_column(text) for text in table.columns]
    slots = [column for column in columns if column[0] in _SLOTS]
    for column in columns:
        if column in slots:
            # Sixteen alike are one line.
            if column is slots[0]:
                yield ("m0 … m15" if len(slots) == 16 else column[0],) + column[1:]
        else:
            yield column


def document(tree):
    out = [
        "# Data dictionary",
        "",
        "Made from the comments and definitions in `Migrations/` by `bin/dictionary`; `bin/check` refuses an old one. Do not edit.",
        "",
        "Types are PostgreSQL's; SQLite keeps `uuid` and `bytea` as BLOB, `bigint` and `boolean` as INTEGER. A column `…_at` is a "
        "moment in milliseconds since 1970 UTC; a column `day` or `…_day` is a civil day as its number since 1970-01-01. `no` is a "
        "number for joins that is never shown; `id` is the UUIDv7 the outside sees. m0 … m15 hold metrics by `metric.slot`.",
        "",
    ]
    path = ""
    for table in tables(tree):
        if table.path != path:
            path = table.path
            out += [f"## {path.split('/')[-1]}", ""]
        out += [f"### {table.name}", ""]
        if table.about:
            out += [table.about, ""]
        out += ["| Column | Type | Empty | More |", "|---|---|---|---|"]
        for name, kind, needed, rest in _rows(table):
            out.append(f"| `{name}` | {kind} | {'no' if needed else 'yes'} | {rest.replace('|', chr(92) + '|')} |")
        out.append("")
        rules = [rule for rule in table.rules] + [f"index ({columns})" for columns in table.indexes]
        if table.clustered:
            rules.append("stored in the order of its key (WITHOUT ROWID on SQLite)")
        out += [f"- {rule}" for rule in rules] + ([""] if rules else [])
    return "\n".join(out).rstrip() + "\n"
