"""(c): a unit's totals and a region's children at the storage call on SQLite, against DuckDB over a Parquet copy of the same
ledger with one column a metric; and the same call at this size against the same call at a hundred thousand reports."""
import json
import sqlite3
import subprocess
import textwrap
import time

import fill
import machines
import world
from results import note

SMALL = 100_000
ROUNDS = 3


def parquet(count, database):
    """The ledger as Parquet, in the order of the ledger, with the unit, its district and its region in each row, so that
    DuckDB need not join. Cached."""
    import duckdb

    path = world.CACHE / f"ledger-{world.stamp()}-{count}.parquet"
    if path.exists():
        return path
    for old in world.CACHE.glob(f"ledger-*-{count}.parquet"):
        old.unlink()
    with sqlite3.connect(database) as db:
        metrics = db.execute(
            "SELECT metric.code, slot FROM metric JOIN campaign ON campaign = no WHERE campaign.code = ? AND additive ORDER BY slot",
            (world.CAMPAIGN,)).fetchall()
    db.close()
    named = ", ".join(f"m{slot} AS {code}" for code, slot in metrics)
    csv = world.CACHE / "ledger.csv"
    script = f"""
        CREATE TEMP TABLE place AS SELECT path.id AS path, path.unit, path.stream AS region, member.unit AS district
        FROM path JOIN path_member AS member ON member.path = path.id AND member.parent = path.stream;
        CREATE UNIQUE INDEX temp.place_path ON place (path);
        .mode csv
        .headers on
        .output {csv}
        SELECT region, district, place.unit, seq, side, kind, day, cell, band, evidenced, reports, at, {named}
        FROM entry JOIN place ON place.path = entry.path ORDER BY stream, seq, side;
        """
    subprocess.run(["sqlite3", "-readonly", str(database)], input=textwrap.dedent(script), text=True, check=True)
    duckdb.execute("SET enable_progress_bar = false")
    duckdb.execute(f"COPY (SELECT * FROM read_csv('{csv}', header = true)) TO '{path}.part' (FORMAT parquet)")
    csv.unlink()
    (world.CACHE / f"{path.name}.part").rename(path)
    note(f"exported {path.stat().st_size / 1e6:.0f} MB of Parquet")
    return path


def region_and_district(database):
    """The region with the most reports and its district with the most: (no, code) each."""
    with sqlite3.connect(database) as db:
        def largest(parent):
            return db.execute(
                """SELECT unit, (SELECT min(code) FROM unit_code WHERE unit_code.unit = total_unit.unit), sum(reports)
                FROM total_unit WHERE parent = ? GROUP BY unit ORDER BY 3 DESC, 1 LIMIT 1""", (parent,)).fetchone()[:2]
        root = db.execute("SELECT no FROM unit WHERE no NOT IN (SELECT unit FROM unit_edge)").fetchone()[0]
        region = largest(root)
        district = largest(region[0])
    db.close()
    return region, district


def ours(databases, code):
    """What the storage call takes and says on each database, read in turn."""
    urls = [part for database in databases for part in ("--database", f"sqlite:{database}")]
    return [json.loads(line) for line in machines.jarshy("bench", "figures", *urls, "--unit", code).stdout.splitlines()]


class Duck:
    """The same questions in SQL over the Parquet file, its metadata kept between queries."""

    def __init__(self, path):
        import duckdb

        self.db = duckdb.connect()
        self.db.execute("SET parquet_metadata_cache = true")
        columns = [row[0] for row in self.db.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]
        self.metrics = columns[columns.index("at") + 1:]
        sums = ", ".join(f"sum({name})" for name in ["reports", *self.metrics])
        self.unit = f"SELECT band, {sums} FROM '{path}' WHERE district = ? GROUP BY band"
        self.children = f"SELECT district, band, {sums} FROM '{path}' WHERE region = ? GROUP BY district, band"

    def time(self, sql, unit, times=15):
        """Median in microseconds, after two that are not counted, and the rows."""
        taken = []
        for turn in range(times + 2):
            began = time.perf_counter()
            rows = self.db.execute(sql, [unit]).fetchall()
            if turn > 1:
                taken.append((time.perf_counter() - began) * 1e6)
        return sorted(taken)[times // 2], rows


def check(told, rows, key, slots):
    """Both engines must say the same, or a time means nothing. `told` is ours: by layer, or the sum over bands."""
    if key == "total":
        for band, *sums in rows:
            mine = told["total"][str(band)]
            if [mine[0]] + [mine[1 + slot] for slot in slots] != sums:
                raise RuntimeError(f"DuckDB and Jarshy differ in band {band}: {sums} and {mine}")
    else:
        sums = [sum(column) for column in list(zip(*rows))[2:]]
        mine = told["children"]
        if [mine[0]] + [mine[1 + slot] for slot in slots] != sums:
            raise RuntimeError(f"DuckDB and Jarshy differ: {sums} and {mine}")


def figures(results, options):
    """Storage call against DuckDB, and against itself at a hundred thousand reports."""
    database, small = fill.filled(options.reports), fill.filled(SMALL)
    duck = Duck(parquet(options.reports, database))
    region, district = region_and_district(database)
    with sqlite3.connect(database) as db:
        slots = dict(db.execute("SELECT code, slot FROM metric"))
    db.close()
    slots = [slots[name] for name in duck.metrics]
    for name, call, sql, place, key in (
            ("unit", "total_us", duck.unit, district, "total"),
            ("children", "children_us", duck.children, region, "children")):
        times, references = [], []
        for _ in range(ROUNDS):
            mine, before = ours((database, small), place[1])
            times.append((mine[call] / before[call], mine[call], before[call]))
            reference, rows = duck.time(sql, place[0])
            references.append(reference)
            check(mine, rows, key, slots)
        growth, value, before = sorted(times)[ROUNDS // 2]
        reference = sorted(references)[ROUNDS // 2]
        results.add(f"figures_{name}", value, "µs", reference, reference / value, size=options.reports)
        results.add(f"figures_{name}_growth", value, "µs", before, growth)
