"""docs/faults.md: every fault it lists has tests named after it, and every test named after a fault is listed."""

import re

from .tree import Found

TABLE = "docs/faults.md"
# Faults of the reference that somebody without network, or a bad network, can meet: each must have a test.
WANTED = [1, 2, *range(4, 13), 14, 15, 16, 22, 31, 32, 35, 36, 40]

_ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \|$", re.M)
_PATH = re.compile(r"`(Tests/[^`]+)`")
_NAMES = {
    ".swift": re.compile(r'@Test\(\s*"((?:[^"\\]|\\.)*)"'),
    ".js": re.compile(r'\btest\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)'),
    ".py": re.compile(r"^def (test_\w+)", re.M),
}
_NUMBERS = re.compile(r"(?<![A-Za-z])faults?[ _](\d+(?:(?:, | and |_and_)\d+)*)")


def _named(text, ending):
    """Numbers of the faults that the names of a file's tests begin with."""
    numbers = set()
    for match in _NAMES[ending].finditer(text):
        name = next(group for group in match.groups() if group)
        found = _NUMBERS.search(name)
        if found:
            numbers |= {int(number) for number in re.findall(r"\d+", found.group(1))}
    return numbers


def proven(tree):
    found = Found()
    named = {}
    for path in tree.matching(r"Tests/.*\.(swift|js|py)"):
        for number in _named(tree.text(path), path[path.rindex("."):]):
            named.setdefault(number, set()).add(path)
    rows = {int(number): set(_PATH.findall(tests)) for number, _, tests in _ROW.findall(tree.text(TABLE))}
    for number in WANTED:
        if number not in rows:
            found.fault(TABLE, f"fault {number} is not listed")
    for number, paths in sorted(rows.items()):
        found.look()
        for path in sorted(paths - named.get(number, set())):
            found.fault(TABLE, f"fault {number}: no test in {path} is named after it")
        for path in sorted(named.get(number, set()) - paths):
            found.fault(TABLE, f"fault {number}: {path} has a test of it and is not listed")
        if not paths:
            found.fault(TABLE, f"fault {number}: no test is listed")
    for number in sorted(set(named) - set(rows)):
        found.fault(TABLE, f"fault {number} has tests and is not listed")
    return found


def faults(tree):
    table = tree.text(TABLE)
    yield proven, {TABLE: re.sub(r"^\| 7 .*\n", "", table, flags=re.M)}, "fault 7 is not listed"
    yield proven, {TABLE: re.sub(r"^(\| 35 \|.*\|) .* \|$", r"\1 - |", table, flags=re.M)}, "fault 35: no test is listed"
    disk = "Tests/Faults/disk_test.py"
    yield proven, {disk: tree.text(disk).replace("def test_fault_35", "def test_a")}, f"no test in {disk} is named after it"
    worker = "Tests/Field/faults-worker.test.js"
    yield proven, {worker: tree.text(worker).replace('test("fault 7', 'test("fault 8')}, f"{worker} has a test of it"
    tree_tests = "Tests/JarshyTests/Reports/Faults/TreeFaultTests.swift"
    yield proven, {tree_tests: tree.text(tree_tests).replace('"fault 12:', '"')}, "fault 12: no test in"
    yield proven, {"Tests/Field/planted.test.js": 'test("fault 99: planted", () => {});\n'}, "fault 99 has tests"
