"""Rules about scripts: shells and Python accept them, they may be run, and the demo data passes its own check."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from .tree import Found


def _scripts(tree):
    return tree.matching(r"bin/[a-z]+|\.ci/[a-z]+")


def shell(tree):
    found = Found()
    for path in _scripts(tree):
        text = tree.text(path)
        first = text.split("\n", 1)[0]
        found.look()
        if not re.fullmatch(r"#!/usr/bin/env (bash|python3)", first):
            found.fault(path, "begins neither with #!/usr/bin/env bash nor python3", 1)
        elif first.endswith("bash"):
            if "\nset -euo pipefail\n" not in text:
                found.fault(path, "does not say set -euo pipefail")
            said = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
            if said.returncode:
                found.fault(path, said.stderr.strip().splitlines()[0])
        if path not in tree.changes and not os.access(tree.root / path, os.X_OK):
            found.fault(path, "may not be run: chmod +x")
    return found


def python(tree):
    found = Found()
    for path in tree.matching(r"(bin|Demo|Tests|Benchmarks)/.*\.py"):
        found.look()
        _compile(tree, path, found)
    for path in _scripts(tree):
        if tree.text(path).startswith("#!/usr/bin/env python3"):
            found.look()
            _compile(tree, path, found)
    return found


def _compile(tree, path, found):
    try:
        compile(tree.text(path), path, "exec")
    except SyntaxError as error:
        found.fault(path, error.msg, error.lineno)


def demo(tree):
    """Demo/check.py, which plants faults of its own."""
    found = Found()
    with tempfile.TemporaryDirectory() as folder:
        changed = [path for path in tree.changes if path.startswith("Demo/")]
        at = tree.root
        if changed:
            at = pathlib.Path(folder)
            (at / "Demo").mkdir()
            for path in tree.matching(r"Demo/[^/]*"):
                (at / path).write_text(tree.text(path), encoding="utf-8")
        said = subprocess.run(
            [sys.executable, "-B", str(at / "Demo" / "check.py")] + ([] if changed else ["--self-test"]),
            capture_output=True,
            text=True,
        )
        found.look(said.stdout.count("\n"))
        if said.returncode:
            lines = (said.stdout + said.stderr).strip().splitlines()
            for line in [line for line in lines if not line.startswith("ok")][:20]:
                found.fault("Demo/check.py", line)
    return found


def faults(tree):
    yield shell, {"bin/planted": "#!/usr/bin/env bash\nset -euo pipefail\nif true; then\n"}, "bin/planted: "
    yield shell, {"bin/planted": "#!/usr/bin/env bash\necho\n"}, "bin/planted: does not say set -euo"
    yield shell, {"bin/planted": "echo\n"}, "bin/planted:1: begins neither"
    yield python, {"bin/checking/planted.py": "def a(:\n"}, "planted.py:1: "
    yield python, {"bin/planted": "#!/usr/bin/env python3\nx = = 1\n"}, "bin/planted:2: "
    yield demo, {
        "Demo/people.tsv": tree.text("Demo/people.tsv").replace("\nadmin\tadmin\t", "\nadmin\tadmon\t", 1)
    }, "Demo/check.py: "
