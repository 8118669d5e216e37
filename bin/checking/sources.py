"""Rules about every Swift file: its length, what it may import, which words it may not hold."""

import re

from . import swift
from .tree import Found, line_of

LONGEST = 400

# A module on the left is named only below the folders on the right. `front` stands for a feature's front-door file,
# Sources/Jarshy/<Feature>/<Feature>.swift.
FENCED = {
    "GRDB": ["Sources/Storage/SQLite/"],
    "GRDBSQLite": ["Sources/Storage/SQLite/"],
    "CPostgreSQL": ["Sources/Storage/Postgres/", "Tests/TestSupport/"],
    "Mustache": ["Sources/Jarshy/Web/Pages/", "Tests/JarshyTests/Web/"],
    "Hummingbird": [
        "Sources/Jarshy/Web/",
        "Sources/Jarshy/App/",
        "front",
        "Tests/JarshyTests/",
        "Tests/TestSupport/",
    ],
    "HummingbirdTesting": ["Tests/JarshyTests/", "Tests/TestSupport/"],
    "CSodium": ["Sources/Jarshy/People/"],
    "CStemmer": ["Sources/JarshyKit/Text/"],
    "CZlib": ["Sources/JarshyKit/Tables/", "Sources/Jarshy/Web/"],
    "ArgumentParser": ["Sources/Server/"],
}

# What a lower module may import at all; anything else would be a way round the fences, or a feature.
ALLOWED = {
    "Sources/JarshyKit/": {"FoundationEssentials", "CStemmer", "CZlib"},
    "Sources/Storage/": {
        "JarshyKit",
        "GRDB",
        "GRDBSQLite",
        "CPostgreSQL",
        "Crypto",
        "Dispatch",
        "Foundation",
        "Logging",
        "Synchronization",
    },
}

# Russian and Kazakh stand in catalogues and in data. These files are tables of a language, or words that become data.
CYRILLIC_ALLOWED = {
    "Sources/JarshyKit/Language/": "dates, ordinals and names of the languages",
    "Sources/JarshyKit/Text/": "alphabets, foldings and the kinds of places in KATO",
    "Sources/Jarshy/Board/TileMap.swift": "short names of the 20 regions, as they stand on the map",
    "Sources/Jarshy/Canvass/AddressText.swift": "words for street and signs for house and flat that an address may or may not have",
    "Sources/Jarshy/People/Passwords.swift": "the rows of a keyboard, as a password that is no password",
    "Sources/Jarshy/People/PeopleSheet.swift": "heads of columns a spreadsheet may bring",
    "Sources/Jarshy/People/Role.swift": "the roles the product ships with, written to the database once",
    "Sources/Jarshy/People/Secret.swift": "letters that look like Latin ones on a keyboard",
    "Sources/Jarshy/Units/UnitKinds.swift": "the kinds of units the product ships with, written to the database once",
    "Sources/Jarshy/Units/UnitPlan.swift": "the name of the root, which KATO does not have",
}

CYRILLIC = re.compile(r"[\u0400-\u052F]")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")
PRINT = re.compile(r"(?<![.\w])print\(")


def length(tree):
    found = Found()
    for path in tree.matching(r"(Sources|Tests|Benchmarks)/.*\.swift"):
        found.look()
        lines = tree.text(path).count("\n")
        if lines > LONGEST:
            found.fault(path, f"{lines} lines, at most {LONGEST}: a file is one idea")
    return found


def _is_front_door(path):
    parts = path.split("/")
    return len(parts) == 4 and path.startswith("Sources/Jarshy/") and parts[3] == parts[2] + ".swift"


def fences(tree):
    found = Found()
    for path in tree.matching(r"(Sources|Tests)/.*\.swift"):
        found.look()
        allowed = next((modules for folder, modules in ALLOWED.items() if path.startswith(folder)), None)
        for line, module in swift.imports(swift.read(tree.text(path))):
            places = FENCED.get(module)
            if places and not any(path.startswith(p) or (p == "front" and _is_front_door(path)) for p in places):
                found.fault(path, f"import {module} belongs to {', '.join(places)}", line)
            elif allowed is not None and module not in allowed:
                found.fault(
                    path, f"import {module}: {path.split('/')[1]} may import {', '.join(sorted(allowed))}", line
                )
    return found


def words(tree):
    """No unfinished work, no printing past the log, no Russian or Kazakh outside the tables that need it."""
    found = Found()
    used = set()
    for path in tree.matching(r"Sources/.*\.swift"):
        found.look()
        text = tree.text(path)
        source = swift.read(text)
        for match in UNFINISHED.finditer(text):
            found.fault(path, f"{match.group(1)}: finish it or open an issue", line_of(text, match.start()))
        # The command line's answers go to standard output; everything else goes to the log.
        if not path.startswith("Sources/Server/"):
            for match in PRINT.finditer(source.code):
                found.fault(path, "print(…): use the logger", line_of(source.code, match.start()))
        place = next((place for place in CYRILLIC_ALLOWED if path.startswith(place)), None)
        for line, literal in source.literals:
            if not CYRILLIC.search(literal):
                continue
            if place:
                used.add(place)
            else:
                found.fault(path, f"words in Swift: «{literal.strip()[:40]}» belongs into Messages or Demo", line)
                break
    for place in sorted(set(CYRILLIC_ALLOWED) - used):
        found.fault(
            "bin/checking/sources.py", f"{place} is allowed Cyrillic words and has none: take it off the list"
        )
    return found


def faults(tree):
    """(rule, changes, what the fault must say): each must be found, or the rule proves nothing."""
    storage = "Sources/Storage/SQL.swift"
    yield length, {"Sources/JarshyKit/Planted.swift": "let a = 1\n" * (LONGEST + 1)}, "Planted.swift: 401 lines"
    for module, place in [
        ("GRDB", "Sources/Jarshy/Units/Planted.swift"),
        ("GRDB", "Sources/Storage/Planted.swift"),
        ("CPostgreSQL", "Sources/Storage/SQLite/Planted.swift"),
        ("Mustache", "Sources/Jarshy/Web/Planted.swift"),
        ("Hummingbird", "Sources/Jarshy/Reports/Planted.swift"),
        ("HummingbirdTesting", "Sources/Jarshy/Web/Planted.swift"),
        ("Jarshy", storage),
        ("Hummingbird", storage),
        ("Storage", "Sources/JarshyKit/Planted.swift"),
        ("ArgumentParser", "Sources/Jarshy/App/Planted.swift"),
    ]:
        yield fences, {
            place: (
                f"import JarshyKit\npublic import {module}\n" if "JarshyKit/" not in place else f"import {module}\n"
            )
        }, f"import {module}"
    yield fences, {
        "Sources/Jarshy/Base/Planted.swift": "@preconcurrency import struct Mustache.Template\n"
    }, "import Mustache"
    yield words, {"Sources/Storage/Planted.swift": "/// TODO: later\nlet a = 1\n"}, "Planted.swift:1: TODO"
    yield words, {"Sources/Jarshy/Web/Planted.swift": 'func a() {\n    print("x")\n}\n'}, "Planted.swift:2: print"
    yield words, {
        "Sources/Jarshy/Web/Planted.swift": 'let a = """\n    Есеп\n    """\n'
    }, "Planted.swift:1: words in Swift"
    yield words, {"Sources/Jarshy/Web/Planted.swift": 'let a = "\\(b("Есеп"))"\n'}, "words in Swift: «Есеп»"
    yield words, {"Sources/Jarshy/Board/TileMap.swift": "enum TileMap {}\n"}, "TileMap.swift is allowed Cyrillic"
