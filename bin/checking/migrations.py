"""Rules about Migrations/: numbered without gap, told what for, never changed once a release has carried them."""

import hashlib
import re

from . import dictionary
from .tree import Found

FOLDER = "Migrations"
LOCK = "docs/migrations.lock"
_NAME = re.compile(r"(\d{4})-([a-z0-9-]+)(\.sqlite|\.postgres)?\.sql")


def files(tree):
    return tree.matching(rf"{FOLDER}/.*\.sql")


def sum_of(tree, path):
    return hashlib.sha256(tree.text(path).encode()).hexdigest()


def locked(tree):
    """File name to SHA-256 of the migrations a release has carried."""
    rows = (line.split() for line in tree.text(LOCK).splitlines() if line and not line.startswith("#"))
    return {name: checksum for name, checksum in rows}


def lock(tree):
    """The text of the lock with every migration there is now."""
    head = [line for line in tree.text(LOCK).splitlines() if line.startswith("#")]
    return "\n".join(head + [f"{path.split('/')[-1]} {sum_of(tree, path)}" for path in files(tree)]) + "\n"


def order(tree):
    found = Found()
    numbers, engines = {}, {}
    for path in files(tree):
        found.look()
        name = path.split("/")[-1]
        match = _NAME.fullmatch(name)
        if not match:
            found.fault(path, "is not named NNNN-noun.sql, NNNN-noun.sqlite.sql or NNNN-noun.postgres.sql")
            continue
        number, noun, engine = match.groups()
        if numbers.setdefault(int(number), noun) != noun:
            found.fault(path, f"number {number} is taken by {numbers[int(number)]}")
        engines.setdefault(number, set()).add(engine or "")
    for number, there in engines.items():
        if there not in ({""}, {".sqlite", ".postgres"}):
            found.fault(FOLDER, f"{number} needs one file, or one for each engine")
    if numbers and sorted(numbers) != list(range(1, max(numbers) + 1)):
        found.fault(FOLDER, f"numbers have a gap: {' '.join(str(n) for n in sorted(numbers))}")
    return found


def appended(tree):
    """A database in use has run the released files and refuses a changed one: what must differ goes into a new file."""
    found = Found()
    known = locked(tree)
    names = {path.split("/")[-1]: path for path in files(tree)}
    found.look(len(names))
    for name, checksum in known.items():
        if name not in names:
            found.fault(f"{FOLDER}/{name}", "was released and is gone")
        elif sum_of(tree, names[name]) != checksum:
            found.fault(names[name], "was released and has changed: write a new migration")
    newest = max((name[:4] for name in known), default="")
    for name, path in names.items():
        if name not in known and name[:4] <= newest:
            found.fault(path, f"comes before {newest}, which was released: give it the next number")
    return found


def told(tree):
    """Every table says above itself what one row is; the data dictionary is made of it and is up to date."""
    found = Found()
    for table in dictionary.tables(tree):
        found.look()
        if not table.about:
            found.fault(table.path, f"no comment above CREATE TABLE {table.name}", table.line)
    if tree.text(dictionary.DOCUMENT) != dictionary.document(tree):
        found.fault(dictionary.DOCUMENT, "is not what Migrations say: run bin/dictionary")
    return found


def faults(tree):
    path = files(tree)[0]
    name = path.split("/")[-1]
    here = {LOCK: lock(tree)}
    changed = tree.text(path).replace("NOT NULL", "", 1)
    yield order, {"Migrations/9-planted.sql": "\n"}, "9-planted.sql: is not named"
    yield order, {"Migrations/0099-planted.sql": "\n"}, "numbers have a gap"
    yield order, {"Migrations/0001-planted.sql": "\n"}, "number 0001 is taken"
    yield order, {f"Migrations/{len(files(tree)) + 1:04}-planted.sqlite.sql": "\n"}, "needs one file"
    yield appended, {**here, path: changed}, f"{name}: was released and has changed"
    yield appended, {**here, path: None}, f"{name}: was released and is gone"
    yield appended, {**here, "Migrations/0001-planted.sql": "\n"}, "0001-planted.sql: comes before"
    yield told, {
        "Migrations/0099-planted.sql": "-- Old.\n\nCREATE TABLE planted (\n    id uuid\n);\n"
    }, "CREATE TABLE planted"
    yield told, {path: changed}, "is not what Migrations say"
