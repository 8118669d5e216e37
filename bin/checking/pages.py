"""Rules about templates and catalogues: nothing unescaped, no inline script or style, the same words in all languages."""

import re

from .tree import Found, line_of

TEMPLATES = r"Sources/Jarshy/\w+/Templates/\w+\.mustache"
LANGUAGES = ("kk", "ru", "en")
# CLDR's forms for whole numbers.
PLURALS = {"kk": {"one", "other"}, "ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
FORMS = {"one", "few", "many", "other"}

_COMMENT = re.compile(r"\{\{!.*?\}\}", re.S)
_UNSAFE = [
    (re.compile(r"\{\{[ \t]*[{&]"), "unescaped text ({{{ }}} or {{& }})"),
    (re.compile(r"\{\{[ \t]*="), "changed delimiters"),
    (re.compile(r"<style\b", re.I), "a style element: styles belong into Static/css"),
    (re.compile(r"\sstyle\s*=", re.I), "a style attribute: the security policy refuses it"),
    (re.compile(r"\son[a-z]+\s*=", re.I), "an event attribute: scripts belong into Static/js"),
    (re.compile(r"<script\b(?![^>]*\ssrc=)", re.I), "a script without src: the security policy refuses it"),
    (re.compile(r"javascript:", re.I), "a javascript: address"),
    (re.compile(r"\s[\w-]+=\{\{"), "a value in an attribute without quotes"),
]
_KEY = re.compile(r"\[\[([\w.-]+)\]\]")
_PART = re.compile(r"\{\{[ \t]*[><][ \t]*([\w.-]+)[ \t]*\}\}")
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def _uncommented(text):
    return _COMMENT.sub(lambda m: "\n" * m.group(0).count("\n"), text)


def templates(tree):
    found = Found()
    paths = tree.matching(TEMPLATES)
    names = {path.split("/")[-1].removesuffix(".mustache") for path in paths}
    keys = {key for path in _catalogues(tree) for key in _messages(tree, path, Found())}
    for path in paths:
        found.look()
        text = _uncommented(tree.text(path))
        for pattern, what in _UNSAFE:
            for match in pattern.finditer(text):
                found.fault(path, what, line_of(text, match.start()))
        for match in _PART.finditer(text):
            if match.group(1) not in names:
                found.fault(path, f"no template {match.group(1)}", line_of(text, match.start()))
        for match in _KEY.finditer(text):
            if match.group(1) not in keys:
                found.fault(path, f"no words for [[{match.group(1)}]]", line_of(text, match.start()))
    return found


def _catalogues(tree):
    return tree.matching(r"Sources/Jarshy/\w+/Messages/(kk|ru|en)\.txt")


def _messages(tree, path, found):
    """Key to (line, text) of one file; faults of its form go to `found`."""
    messages = {}
    for number, line in enumerate(tree.text(path).split("\n"), 1):
        line = line.strip().lstrip("\ufeff")
        if not line or line.startswith("#"):
            continue
        key, equals, text = line.partition("=")
        key, text = key.strip(), text.strip()
        if not equals or not re.fullmatch(r"[a-z0-9_-][a-z0-9_.-]*", key):
            found.fault(path, f"no message: {line[:40]}", number)
        elif not text:
            found.fault(path, f"{key} has no text", number)
        elif key in messages:
            found.fault(path, f"{key} stands twice", number)
        else:
            messages[key] = (number, text)
    return messages


def _bases(messages):
    """Key of a message, plural forms gathered under one, to {form: slots}."""
    bases = {}
    for key, (_, text) in messages.items():
        base, dot, form = key.rpartition(".")
        counted = dot and form in FORMS and any(f"{base}.{other}" in messages for other in FORMS - {"other"})
        name, part = (base, form) if counted else (key, "")
        bases.setdefault(name, {})[part] = set(_SLOT.findall(text))
    return bases


def catalogues(tree):
    found = Found()
    features = sorted({path.split("/")[2] for path in _catalogues(tree)})
    everywhere = {language: {} for language in LANGUAGES}
    for feature in features:
        bases = {}
        for language in LANGUAGES:
            path = f"Sources/Jarshy/{feature}/Messages/{language}.txt"
            if not tree.has(path):
                found.fault(path, "is missing")
                continue
            messages = _messages(tree, path, found)
            found.look(len(messages))
            for key, (line, _) in messages.items():
                if key in everywhere[language]:
                    found.fault(path, f"{key} stands in {everywhere[language][key]} too", line)
                everywhere[language][key] = feature
            bases[language] = _bases(messages)
        _compare(feature, bases, found)
    return found


def _compare(feature, bases, found):
    for key in sorted({key for messages in bases.values() for key in messages}):
        slots = {
            language: set().union(*messages[key].values()) for language, messages in bases.items() if key in messages
        }
        all_slots = set().union(*slots.values())
        counted = any(set(messages.get(key, {})) - {""} for messages in bases.values())
        for language, messages in bases.items():
            path = f"Sources/Jarshy/{feature}/Messages/{language}.txt"
            if key not in messages:
                found.fault(path, f"no {key}")
                continue
            for slot in sorted(all_slots - slots[language]):
                found.fault(path, f"no {{{slot}}} in {key}")
            forms = set(messages[key])
            if counted and forms != PLURALS[language]:
                found.fault(
                    path, f"{key} has the forms {' '.join(sorted(forms))}, not {' '.join(sorted(PLURALS[language]))}"
                )


def texts(tree, language):
    """Every text of a language, as it stands."""
    return {
        text
        for path in _catalogues(tree)
        if path.endswith(f"/{language}.txt")
        for _, text in _messages(tree, path, Found()).values()
    }


def faults(tree):
    page = "Sources/Jarshy/Web/Templates/planted.mustache"
    for text, says in [
        ("<p>{{{name}}}</p>", "unescaped text"),
        ("<p>{{& name}}</p>", "unescaped text"),
        ("{{=<% %>=}}", "changed delimiters"),
        ('<p style="color: red">', "a style attribute"),
        ("<style>p{}</style>", "a style element"),
        ('<a onclick="x()">', "an event attribute"),
        ("<script>alert(1)</script>", "a script without src"),
        ('<a href="javascript:x()">', "a javascript: address"),
        ("<p class={{name}}>", "a value in an attribute without quotes"),
        ("{{>no_such_part}}", "no template no_such_part"),
        ("[[no.such.words]]", "no words for [[no.such.words]]"),
    ]:
        yield templates, {page: f"<p>\n{text}\n"}, f"planted.mustache:2: {says}"
    base = "Sources/Jarshy/Web/Messages/"
    kk, ru, en = (tree.text(base + language + ".txt") for language in LANGUAGES)
    add = "planted.key = {n} and {place}\n"
    yield catalogues, {base + "kk.txt": kk + add, base + "en.txt": en + add}, "Web/Messages/ru.txt: no planted.key"
    yield catalogues, {
        base + "kk.txt": kk + add,
        base + "ru.txt": ru + "planted.key = {n}\n",
        base + "en.txt": en + add,
    }, "ru.txt: no {place} in planted.key"
    counted = "planted.key.one = {n} a\nplanted.key.other = {n} b\n"
    yield catalogues, {
        base + "kk.txt": kk + counted,
        base + "ru.txt": ru + counted,
        base + "en.txt": en + counted,
    }, "ru.txt: planted.key has the forms one other"
    yield catalogues, {base + "en.txt": en + "planted.key =\n"}, "planted.key has no text"
    yield catalogues, {base + "en.txt": en + "Planted = text\n"}, "no message: Planted"
    yield catalogues, {base + "en.txt": en + "app.name = Again\n"}, "app.name stands twice"
    yield catalogues, {
        "Sources/Jarshy/Units/Messages/en.txt": tree.text("Sources/Jarshy/Units/Messages/en.txt") + "app.name = A\n"
    }, "app.name stands in Units too"
    yield catalogues, {"Sources/Jarshy/Units/Messages/ru.txt": None}, "Units/Messages/ru.txt: is missing"
