"""Databases to measure on: the demo of country scale without its figures, made once and copied, and operations for it.

Cached under Benchmarks/cache (git-ignored) by the migrations and the demo data they come from.
"""
import datetime
import hashlib
import json
import pathlib
import random
import shutil
import sqlite3
import uuid

import machines
from results import note

CACHE = pathlib.Path(__file__).parent / "cache"
CAMPAIGN = "referendum"
LOGIN = "admin"
PASSWORD = "jarshy-demo"
METRICS = ("events", "attendees", "questions", "answered", "proposals")

# Children before parents.
FIGURES = """citation summary_row summary evidence credit presence total_cell_day total_cell total_unit_day total_unit
    inbox_mismatch inbox entry revision report path_member path cell stream feed""".split()

# How far a unit stands from the root, which is at 1.
DEPTHS = """
WITH RECURSIVE down (unit, depth) AS (
    SELECT no, 1 FROM unit WHERE no NOT IN (SELECT unit FROM unit_edge)
    UNION ALL SELECT unit_edge.unit, down.depth + 1 FROM down JOIN unit_edge ON unit_edge.parent = down.unit)
"""

# A primary organisation stands in its village; for "depth 4" it is put under the district itself.
FLATTEN = DEPTHS + """
UPDATE unit_edge SET parent = (SELECT up.parent FROM unit_edge up WHERE up.unit = unit_edge.parent)
WHERE unit IN (SELECT no FROM unit JOIN down ON down.unit = unit.no WHERE kind = 'primary' AND depth = 5);
UPDATE structure SET stamp = stamp + 1;
"""


def wipe():
    """Statements that leave the tree, the people and the campaign, and no figure."""
    return "".join(f"DELETE FROM {table};\n" for table in FIGURES)


def today():
    """The civil day of the product's zone (UTC+5)."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=5)).date()


def stamp():
    """Changes with everything a cached database comes from, and every ten days: the demo campaign ends 14 days after the day
    it is made on."""
    digest = hashlib.sha256(str(today().toordinal() // 10).encode())
    for folder, pattern in ((machines.ROOT / "Migrations", "*.sql"), (machines.ROOT / "Demo", "*.tsv")):
        for path in sorted(folder.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def country():
    """The demo's database of country scale with every figure taken out (SQLite), made once and kept."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"country-{stamp()}.sqlite"
    if not path.exists():
        for old in CACHE.glob("country-*.sqlite"):
            old.unlink()
        fresh = CACHE / "making.sqlite"
        remove(fresh)
        note("making the demo of country scale (kept afterwards)")
        machines.jarshy("demo", "--database", f"sqlite:{fresh}", "--scale", "country")
        with sqlite3.connect(fresh) as db:
            db.executescript(wipe())
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        remove_logs(fresh)
        fresh.rename(path)
    return path


def remove_logs(path):
    for end in ("-wal", "-shm"):
        pathlib.Path(f"{path}{end}").unlink(missing_ok=True)


def remove(path):
    pathlib.Path(path).unlink(missing_ok=True)
    remove_logs(path)


def copy(source, to):
    remove(to)
    shutil.copyfile(source, to)
    return f"sqlite:{to}"


def flat(folder):
    """The country with every primary organisation at depth 4: republic, region, district, organisation."""
    path = pathlib.Path(folder) / "flat.sqlite"
    copy(country(), path)
    with sqlite3.connect(path) as db:
        db.executescript(FLATTEN)
    db.close()
    return path


def flat_on(cluster):
    """The same as a template database of a PostgreSQL cluster; its name. Kept between runs as a dump."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"country-{stamp()}.dump"
    cluster.create("flat")
    if path.exists():
        cluster.run_program("pg_restore", "--dbname", cluster.url("flat"), "--no-owner", str(path))
    else:
        for old in CACHE.glob("country-*.dump"):
            old.unlink()
        note("making the demo of country scale on PostgreSQL (kept afterwards)")
        machines.jarshy("demo", "--database", cluster.url("flat"), "--scale", "country")
        cluster.sql(wipe() + FLATTEN, "flat")
        path.write_bytes(cluster.run_program("pg_dump", "--format=custom", cluster.url("flat")))
    cluster.sql("VACUUM (FULL, ANALYZE)", "flat")
    return "flat"


def primaries(path):
    """Codes of primary organisations at depth 4."""
    with sqlite3.connect(path) as db:
        codes = [row[0] for row in db.execute(
            DEPTHS + """SELECT min(code) FROM unit JOIN down ON down.unit = unit.no JOIN unit_code ON unit_code.unit = unit.no
            WHERE unit.kind = 'primary' AND down.depth = 4 GROUP BY unit.no ORDER BY 1""")]
    db.close()
    if len(codes) < 3000:
        raise RuntimeError(f"only {len(codes)} primary organisations at depth 4")
    return codes


def write_operations(codes, count, to, seed=1):
    """`count` reports of five metrics from units all over the country, a JSON object a line; the same from the same seed."""
    chance = random.Random(seed)
    days = [str(today() - datetime.timedelta(days=back)) for back in range(3)]
    with open(to, "w", encoding="utf-8") as out:
        for number in range(count):
            attendees = chance.randint(5, 60)
            questions = chance.randint(0, 5)
            values = (1, attendees, questions, chance.randint(0, questions), chance.randint(0, 3))
            op = {
                "op": str(uuid.UUID(int=(0x0193_0000_0000_7000 << 64) | (0x8000_0000_0000_0000 | seed << 48 | number))),
                "kind": "report.file", "campaign": CAMPAIGN, "unit": chance.choice(codes), "day": chance.choice(days),
                "activity": "meeting", "audience": "residents", "channel": "in_person",
                "metrics": dict(zip(METRICS, values)),
            }
            out.write(json.dumps(op, separators=(",", ":")) + "\n")


def write_bodies(operations, size, to):
    """Bodies of /api/v1/sync with `size` operations each, a body a line."""
    with open(operations, encoding="utf-8") as lines, open(to, "w", encoding="utf-8") as out:
        batch = []
        for line in lines:
            batch.append(line.rstrip("\n"))
            if len(batch) == size:
                out.write('{"device":"bench","ops":[' + ",".join(batch) + "]}\n")
                batch = []
