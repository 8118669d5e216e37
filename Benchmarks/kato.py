"""(f): import of the official classifier into a fresh SQLite database; the second import changes nothing."""
import os
import pathlib
import sqlite3
import tempfile
import time

import machines
from results import note

LIMIT_SECONDS = 2
ROUNDS = 3
FILE = pathlib.Path(os.environ.get("JARSHY_KATO", machines.ROOT.parent / "shared" / "data" / "kato_official_2026-07-17.csv"))


def content(path):
    """Every row of every table but the feed of deeds."""
    with sqlite3.connect(path) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        rows = {table: sorted(map(repr, db.execute(f"SELECT * FROM {table}"))) for table in tables if table != "feed"}
    db.close()
    return rows


def kato(results, options):
    if not FILE.exists():
        note(f"kato: there is no {FILE}; JARSHY_KATO may name another place. Skipped.")
        return
    times = []
    with tempfile.TemporaryDirectory(prefix="jarshy-bench-") as folder:
        for turn in range(ROUNDS):
            path = f"{folder}/{turn}.sqlite"
            machines.jarshy("migrate", "--database", f"sqlite:{path}")
            began = time.monotonic()
            machines.jarshy("import", "units", FILE, "--database", f"sqlite:{path}")
            times.append(time.monotonic() - began)
        before = content(path)
        if len(before["unit"]) < 15_594:
            raise RuntimeError(f"only {len(before['unit'])} units were imported")
        machines.jarshy("import", "units", FILE, "--database", f"sqlite:{path}")
        if content(path) != before:
            raise RuntimeError("the second import changed something")
    results.add("kato_import", sorted(times)[ROUNDS // 2], "s", LIMIT_SECONDS, sorted(times)[ROUNDS // 2] / LIMIT_SECONDS)
