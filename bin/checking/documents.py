"""Rules about the documents: what they name exists, what they count is so, and the three guides say the same."""

import re

from . import layers, pages
from .pins import PINS
from .tree import Found, line_of

LONGEST = {"README.md": 120, "ARCHITECTURE.md": 200}
LONGEST_DECISION = 90
DECISION_PARTS = ["Context", "Options", "Decision", "Consequences", "How we would know it was wrong"]

_OURS = r"(README|ARCHITECTURE|CONTRIBUTING|SECURITY|CHANGELOG)\.md|docs/(?!api/).*\.md"
_TOP = ("bin/", "docs/", "Sources/", "Tests/", "Migrations/", "Static/", "Demo/", "Benchmarks/", ".ci/")
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
_BLOCK = re.compile(r"^```.*?^```", re.M | re.S)
_SCRIPT = re.compile(r"(?<![\w/.-])(?:\./)?bin/([a-z]+)(?![\w/.-])")
_COMMAND = re.compile(r"(?<![\w/])jarshy ([a-z]+(?:-[a-z]+)*)\b")


def _documents(tree):
    return tree.matching(_OURS)


def sizes(tree):
    """A document somebody is to read to the end is short enough for it."""
    found = Found()
    for path in _documents(tree):
        most = LONGEST.get(path, LONGEST_DECISION if path.startswith("docs/decisions/") else None)
        if most:
            found.look()
            lines = tree.text(path).count("\n")
            if lines > most:
                found.fault(path, f"{lines} lines, at most {most}")
    for path in LONGEST:
        if not tree.has(path):
            found.fault(path, "is missing")
    return found


def paths(tree):
    """Paths in `code` and in links lead somewhere. `{a,b}` and `*` may stand for several."""
    found = Found()
    for path in _documents(tree):
        text = tree.text(path)
        for match in _SPAN.finditer(text):
            for name in match.group(1).split():
                if name.startswith(_TOP) and not re.search(r"[<>…]", name):
                    found.look()
                    for one in _expanded(name):
                        if not _exists(tree, one):
                            found.fault(path, f"names {one}, which is not there", line_of(text, match.start()))
        for match in _LINK.finditer(text):
            found.look()
            folder = path.rpartition("/")[0]
            if not _exists(tree, _joined(folder, match.group(1))):
                found.fault(path, f"links to {match.group(1)}, which is not there", line_of(text, match.start()))
    return found


def _expanded(name):
    match = re.search(r"\{([^{}]*,[^{}]*)\}", name)
    if not match:
        return [name]
    return [
        one
        for part in match.group(1).split(",")
        for one in _expanded(name[: match.start()] + part + name[match.end() :])
    ]


def _joined(folder, name):
    parts = [part for part in folder.split("/") if part]
    for part in name.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _exists(tree, name):
    if "*" in name:
        return bool(tree.matching(re.escape(name.rstrip("/")).replace(r"\*", "[^/]*") + "(/.*)?"))
    return tree.has(name)


def commands(tree):
    """Scripts and commands the documents tell people to run exist."""
    found = Found()
    known = _server_commands(tree)
    for path in _documents(tree):
        text = tree.text(path)
        spans = [(m.start(), m.group(0)) for m in _BLOCK.finditer(text)] + [
            (m.start(), m.group(1)) for m in _SPAN.finditer(text)
        ]
        for start, span in spans:
            for match in _SCRIPT.finditer(span):
                found.look()
                if not tree.has("bin/" + match.group(1)):
                    found.fault(path, f"runs bin/{match.group(1)}, which is not there", line_of(text, start))
            for match in _COMMAND.finditer(span):
                found.look()
                if match.group(1) not in known:
                    found.fault(
                        path,
                        f"runs jarshy {match.group(1)}, which the command line does not have",
                        line_of(text, start),
                    )
    return found


def _server_commands(tree):
    names = set()
    for path in tree.matching(r"Sources/Server/.*\.swift"):
        text = tree.text(path)
        for match in re.finditer(r"struct (\w+): \w*ParsableCommand", text):
            body = text[match.end() : match.end() + 400]
            given = re.search(r'commandName: "([\w-]+)"', body.split("\nstruct ")[0])
            names.add(given.group(1) if given else match.group(1).lower())
    return names


def facts(tree):
    """Numbers and words a document repeats from the code are those of the code (see pins.py)."""
    found = Found()
    for pin in PINS:
        stands = pin.code(tree)
        if stands is None:
            found.fault(pin.source, f"the place that says {pin.what} is not found: mend bin/checking/pins.py")
            continue
        told = 0
        for path in _documents(tree):
            text = tree.text(path)
            for match in pin.document.finditer(text):
                told += 1
                said = pin.plain(match.group(1))
                if said != stands:
                    found.fault(
                        path,
                        f"says {match.group(1)} for {pin.what}; the code says {stands}",
                        line_of(text, match.start()),
                    )
        found.look(told)
        if not told:
            found.fault("bin/checking/pins.py", f"no document says {pin.what} any more: take the pin out")
    return found


def layers_told(tree):
    """ARCHITECTURE.md has one row for each folder of Sources/Jarshy, in the order of the layers."""
    found = Found()
    rows = re.findall(r"^\| `(\w+)` \|", tree.text("ARCHITECTURE.md"), re.M)
    rows = [row for row in rows if row in layers.ORDER or tree.has(f"Sources/Jarshy/{row}")]
    folders = {path.split("/")[2] for path in tree.matching(r"Sources/Jarshy/\w+/.*\.swift")}
    found.look(len(rows))
    expected = [layer for layer in layers.ORDER if layer in folders]
    if rows != expected:
        found.fault("ARCHITECTURE.md", f"lists the layers {' '.join(rows)}; the folders are {' '.join(expected)}")
    return found


def sign_ins(tree):
    """README.md tells exactly the sign-ins the demo has."""
    found = Found()
    told = [
        name
        for row in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", tree.text("README.md"), re.M)
        for name in re.findall(r"\w+", row)
    ]
    rows = [line.split("\t") for line in tree.text("Demo/people.tsv").splitlines() if not line.startswith("#")]
    known = [row[rows[0].index("login")] for row in rows[1:] if row[rows[0].index("login")]]
    found.look(len(told))
    for name in sorted(set(told) ^ set(known)):
        found.fault(
            "README.md",
            f"{name} {'is a sign-in of the demo and is not told' if name in known else 'is no sign-in of the demo'}",
        )
    return found


def metrics(tree):
    """docs/operations.md explains exactly the metrics the server has."""
    found = Found()
    told = set(re.findall(r"^\| `([a-z_]+)` \|", tree.text("docs/operations.md"), re.M))
    known = set(re.findall(r'head\("([a-z_]+)"', tree.text("Sources/Jarshy/Web/Metrics.swift")))
    found.look(len(told))
    for name in sorted(told ^ known):
        found.fault(
            "docs/operations.md", f"{name} is {'not explained' if name in known else 'no metric of the server'}"
        )
    return found


def decisions(tree):
    found = Found()
    numbers = []
    for path in tree.matching(r"docs/decisions/.*\.md"):
        found.look()
        match = re.fullmatch(r"docs/decisions/(\d{4})-[a-z0-9-]+\.md", path)
        if not match:
            found.fault(path, "is not named NNNN-words.md")
            continue
        numbers.append(int(match.group(1)))
        parts = re.findall(r"^## (.*)$", tree.text(path), re.M)
        if parts != DECISION_PARTS:
            found.fault(path, f"has the parts {', '.join(parts)}; wanted are {', '.join(DECISION_PARTS)}")
    if numbers != list(range(1, len(numbers) + 1)):
        found.fault("docs/decisions", f"numbers have a gap or a double: {numbers}")
    return found


def guides(tree):
    """The guides have the same parts, and every word they set in bold stands on a page in that language."""
    found = Found()
    shapes = {}
    for language in pages.LANGUAGES:
        path = f"docs/guide/{language}.md"
        text = tree.text(path)
        shapes[language] = [len(match) for match in re.findall(r"^(#+) ", text, re.M)]
        words = pages.texts(tree, language)
        for match in re.finditer(r"\*\*(.+?)\*\*", text):
            found.look()
            if match.group(1) not in words:
                found.fault(path, f"«{match.group(1)}» is on no page in {language}", line_of(text, match.start()))
    if len({tuple(shape) for shape in shapes.values()}) != 1:
        found.fault("docs/guide", f"parts differ: {', '.join(f'{k} {len(v)}' for k, v in shapes.items())}")
    return found


def faults(tree):
    readme, architecture = tree.text("README.md"), tree.text("ARCHITECTURE.md")
    yield sizes, {"README.md": readme + "\n" * 200}, "README.md: "
    yield sizes, {"ARCHITECTURE.md": None}, "ARCHITECTURE.md: is missing"
    yield paths, {"README.md": readme + "`Sources/Nowhere/`\n"}, "names Sources/Nowhere/"
    yield paths, {"README.md": readme + "`docs/guide/{kk,xx}.md`\n"}, "names docs/guide/xx.md"
    yield paths, {"README.md": readme + "[x](docs/nothing.md)\n"}, "links to docs/nothing.md"
    yield commands, {"README.md": readme + "`bin/nothing --fast`\n"}, "runs bin/nothing"
    yield commands, {"README.md": readme + "```\njarshy nothing --database x\n```\n"}, "runs jarshy nothing"
    for pin in PINS:
        source = tree.text(pin.source)
        yield facts, {pin.source: pin.spoiled(source)}, f"for {pin.what}"
    yield layers_told, {"ARCHITECTURE.md": architecture.replace("| `Units` |", "| `Unit` |")}, "lists the layers"
    yield layers_told, {
        "Sources/Jarshy/Board/Planted.swift": "\n",
        "ARCHITECTURE.md": architecture.replace("| `Board` |", "| Board |"),
    }, "lists the layers"
    yield sign_ins, {"README.md": readme.replace("| `reviewer` |", "| `viewer` |")}, "viewer is no sign-in"
    yield sign_ins, {
        "README.md": readme.replace("| `reviewer` |", "| viewer |")
    }, "reviewer is a sign-in of the demo and is not told"
    yield metrics, {
        "docs/operations.md": tree.text("docs/operations.md").replace("| `db_seconds`", "| `db_second`")
    }, "db_second is no metric"
    yield metrics, {
        "Sources/Jarshy/Web/Metrics.swift": tree.text("Sources/Jarshy/Web/Metrics.swift")
        + 'head("planted", "gauge", "")'
    }, "planted is not explained"
    yield decisions, {"docs/decisions/0099-planted.md": "# Planted\n"}, "0099-planted.md: has the parts"
    yield decisions, {"docs/decisions/planted.md": "# Planted\n"}, "is not named"
    guide = tree.text("docs/guide/kk.md")
    yield guides, {"docs/guide/kk.md": guide + "\n**Мұндай сөз жоқ**\n"}, "is on no page in kk"
    yield guides, {"docs/guide/kk.md": guide + "\n## Артық\n"}, "parts differ"
