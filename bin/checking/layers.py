"""The layers of Sources/Jarshy: a folder names only earlier ones, so that features form no circle.

Swift has no imports between the files of one module, so the arrows are read from names: who mentions a type, or calls a
global function, that only a later layer declares, leans on that layer.
"""

import collections
import re

from . import swift
from .tree import Found, line_of

ORDER = """Base Web Units People Campaigns Search Mail Reports Structure Events Speakers Questions Proposals
Canvass Materials Field Board Exchange Demo App""".split()

_MODIFIERS = r"(?:(?:public|package|internal|fileprivate|private|open|final|indirect|nonisolated|distributed)[ \t]+)*"
_TYPE = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?[ \t\n]+)*"
    + _MODIFIERS
    + r"(?:struct|class|enum|actor|protocol|typealias)[ \t]+([A-Z]\w*)",
    re.M,
)
_FUNCTION = re.compile(r"^(?:@\w+(?:\([^)]*\))?[ \t\n]+)*(?:(?:public|package|internal)[ \t]+)*func[ \t]+(\w+)", re.M)
_NESTED = re.compile(r"\b(?:struct|class|enum|actor|protocol|typealias|associatedtype)[ \t]+([A-Z]\w*)")
_PARAMETER = re.compile(r"<([^<>]*)>")
# A name after a dot belongs to something else; a call has a bracket behind it.
_MENTION = re.compile(r"(?<![.\w])([A-Z]\w*)\b|(?<![.\w])(?<!func )([a-z]\w*)(?=\()")


def _layer(path):
    parts = path.split("/")
    return parts[2] if len(parts) > 3 else None


def order(tree):
    """A file names only earlier layers, and lies in one of them."""
    found = Found()
    owners = collections.defaultdict(set)
    paths = tree.matching(r"Sources/(Jarshy|JarshyKit|Storage)/.*\.swift")
    for path in paths:
        layer = _layer(path) if path.startswith("Sources/Jarshy/") else "below"
        code = swift.read(tree.text(path)).code
        for pattern in (_TYPE, _FUNCTION):
            for match in pattern.finditer(code):
                owners[match.group(1)].add(layer)
    # A name two layers declare says nothing about who is meant.
    owner = {name: next(iter(layers)) for name, layers in owners.items() if len(layers) == 1}
    for path in paths:
        if not path.startswith("Sources/Jarshy/"):
            continue
        found.look()
        layer = _layer(path)
        if layer not in ORDER:
            found.fault(path, "lies in no layer: put it into a folder of " + " ".join(ORDER))
            continue
        code = swift.read(tree.text(path)).code
        own = set(_NESTED.findall(code))
        for generics in _PARAMETER.findall(code):
            own.update(re.findall(r"\b([A-Z]\w*)\s*(?::|,|$)", generics))
        told = set()
        for match in _MENTION.finditer(code):
            name = match.group(1) or match.group(2)
            other = owner.get(name)
            if other in ORDER and ORDER.index(other) > ORDER.index(layer) and name not in own and name not in told:
                told.add(name)
                found.fault(path, f"{layer} names {name} of {other}, a later layer", line_of(code, match.start()))
    return found


def folders(tree):
    """Package.swift leaves out Templates and Messages of exactly the folders that have them."""
    found = Found()
    match = re.search(r"let rooms = \[([^\]]*)\]", tree.text("Package.swift"))
    listed = set(re.findall(r'"(\w+)"', match.group(1))) if match else set()
    if not listed:
        found.fault("Package.swift", "no list of rooms found")
    for kind in ("Templates", "Messages"):
        there = {path.split("/")[2] for path in tree.matching(rf"Sources/Jarshy/\w+/{kind}/.*")}
        found.look(len(there))
        for name in sorted(there - listed):
            found.fault(
                "Package.swift", f"{name}/{kind} is not in the list of rooms: the compiler will stumble over it"
            )
        for name in sorted(listed - there):
            found.fault("Package.swift", f"{name} is in the list of rooms and has no {kind}")
    return found


def faults(tree):
    yield order, {
        "Sources/Jarshy/Reports/Planted.swift": "struct Planted { let a: RollupsApi }\n"
    }, "Reports names RollupsApi of Board"
    yield order, {
        "Sources/Jarshy/Web/Planted.swift": "func planted(_ a: any Sendable) { _ = a as? Tree }\n"
    }, "Web names Tree of Units"
    yield order, {"Sources/Jarshy/Units/Planted.swift": 'let a = "\\(Campaigns.self)"\n'}, "Units names Campaigns"
    yield order, {
        "Sources/Jarshy/App/Planted.swift": "func plantedCall() {}\n",
        "Sources/Jarshy/Demo/Planted.swift": "func a() { plantedCall() }\n",
    }, "Demo names plantedCall of App"
    yield order, {"Sources/Jarshy/Loose.swift": "struct Loose {}\n"}, "Loose.swift: lies in no layer"
    yield order, {
        "Sources/Jarshy/Helpers/Planted.swift": "struct Planted {}\n"
    }, "Helpers/Planted.swift: lies in no layer"
    yield folders, {
        "Sources/Jarshy/Structure/Templates/planted.mustache": "<p></p>\n"
    }, "Structure/Templates is not in the list"
    package = tree.text("Package.swift")
    yield folders, {"Package.swift": package.replace('"Units", ', "")}, "Units/Templates is not in the list"
