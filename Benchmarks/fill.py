"""A ledger of any size, written straight into the tables of the country: reports, revisions, entries, roll-ups, presence.

Not the way figures come in, but clean by `jarshy recount`, which is run over every ledger of up to a million reports made
here. The same count makes the same figures. Half of the reports are checked by the district, half of these by the region,
so there are 2.5 entries a report.
"""
import sqlite3
import time

import machines
import world
from results import note

SLOTS = 16
DAYS = 60
RECOUNTED = 1_000_000
ACTIVITIES, AUDIENCES = 3, 4

# What a report tells, by metric, from a pseudo-random number h.
VALUES = {
    "events": "1", "attendees": "5 + (h / 64) % 55", "questions": "2 + (h / 4096) % 6", "answered": "(h / 32768) % 3",
    "proposals": "(h / 262144) % 4",
}


def filled(count):
    """The country with `count` reports, cached; the path of an SQLite file."""
    path = world.CACHE / f"filled-{world.stamp()}-{count}.sqlite"
    if path.exists():
        return path
    base = world.country()
    for old in world.CACHE.glob(f"filled-*-{count}.sqlite"):
        old.unlink()
    note(f"filling {count} reports")
    began = time.monotonic()
    making = world.CACHE / "filling.sqlite"
    world.copy(base, making)
    db = sqlite3.connect(making, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "temp_store = MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    Filler(db, count).run()
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    world.remove_logs(making)
    note(f"filled in {time.monotonic() - began:.0f} s, {making.stat().st_size / 1e6:.0f} MB")
    if count <= RECOUNTED:
        began = time.monotonic()
        told = machines.jarshy("recount", "--database", f"sqlite:{making}")
        note(f"{told.stdout.strip()} ({time.monotonic() - began:.0f} s)")
        world.remove_logs(making)
    making.rename(path)
    return path


class Filler:
    def __init__(self, db, count):
        self.db = db
        self.count = count
        self.campaign, self.first = db.execute(
            "SELECT no, first_day FROM campaign WHERE code = ?", (world.CAMPAIGN,)).fetchone()
        self.slots = dict(db.execute("SELECT code, slot FROM metric WHERE campaign = ?", (self.campaign,)))
        self.authors = [row[0] for row in db.execute("SELECT person FROM account ORDER BY login LIMIT 2")]
        self.cells = 0
        # (column, how it is worked out from h), in the order of the slots.
        self.told = sorted((self.slots[code], value) for code, value in VALUES.items())

    def columns(self, expression, absent):
        """The sixteen columns m0 … m15: `expression` with the slot for those a report tells, `absent` for the others."""
        told = {slot for slot, _ in self.told}
        return ", ".join(expression.format(slot) if slot in told else absent for slot in range(SLOTS))

    def run(self):
        db = self.db
        # Made anew at the end: an index that grows row by row costs more than one that is sorted once.
        indexes = db.execute(
            """SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
            AND tbl_name IN ('report', 'entry', 'revision')""").fetchall()
        for name, _ in indexes:
            db.execute(f"DROP INDEX {name}")
        db.execute("BEGIN")
        self.add_cells()
        streams = self.add_paths()
        total = sum(paths for _, paths in streams)
        left = self.count
        for ordinal, (stream, paths) in enumerate(streams):
            share = left if ordinal == len(streams) - 1 else self.count * paths // total
            left -= share
            self.add_reports(ordinal, stream, paths, share)
            db.execute("COMMIT")
            db.execute("BEGIN")
        self.add_totals()
        for _, sql in indexes:
            db.execute(sql)
        db.execute("COMMIT")

    def add_cells(self):
        terms = [
            [row[0] for row in self.db.execute(f"SELECT code FROM {table} WHERE campaign = ? ORDER BY position LIMIT {most}",
                                               (self.campaign,))]
            for table, most in (("activity", ACTIVITIES), ("audience", AUDIENCES), ("channel", 1))
        ]
        organizations = [row[0] for row in self.db.execute("SELECT no FROM organization ORDER BY no LIMIT 2")]
        for activity in terms[0]:
            for audience in terms[1]:
                for organization in organizations:
                    self.cells += 1
                    self.db.execute(
                        "INSERT INTO cell (id, campaign, activity, audience, channel, organization) VALUES (?, ?, ?, ?, ?, ?)",
                        ((self.campaign << 32) + self.cells, self.campaign, activity, audience, terms[2][0], organization))

    def add_paths(self):
        """A path for every primary organisation; numbers run within a stream as the ledger gives them.
        Returns (stream, how many paths) for each stream."""
        parents = dict(self.db.execute("SELECT unit, parent FROM unit_edge WHERE to_day IS NULL"))
        counts = {}
        for (unit,) in self.db.execute("SELECT no FROM unit WHERE kind = 'primary' ORDER BY no").fetchall():
            chain = [unit]
            while chain[-1] in parents:
                chain.append(parents[chain[-1]])
            stream = chain[-2]
            counts[stream] = counts.get(stream, 0) + 1
            path = (stream << 32) + counts[stream]
            if counts[stream] == 1:
                self.db.execute("INSERT INTO stream (unit, seq) VALUES (?, 0)", (stream,))
            self.db.execute("INSERT INTO path VALUES (?, ?, ?, ?)", (path, "/".join(map(str, chain)), unit, stream))
            self.db.executemany(
                "INSERT INTO path_member (unit, path, depth, parent) VALUES (?, ?, ?, ?)",
                [(member, path, depth, (chain + [0])[depth + 1]) for depth, member in enumerate(chain)])
        return sorted(counts.items())

    def add_reports(self, ordinal, stream, paths, count):
        if count == 0:
            return
        db = self.db
        values = "".join(f", {value} AS m{slot}" for slot, value in self.told)
        db.execute("DROP TABLE IF EXISTS temp.made")
        db.execute(f"""
            CREATE TEMP TABLE made AS
            WITH RECURSIVE counted (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM counted WHERE x < {count}),
            mixed AS (SELECT x, (x * 2654435761 + {ordinal} * 1013904223) % 4294967291 AS h FROM counted)
            SELECT x, {stream << 32} + 1 + h % {paths} AS path,
                {self.first} + (x - 1) * {DAYS} / {count} AS day,
                {self.campaign << 32} + 1 + ((h % {paths}) * 5 + (h / 1048576) % 4) % {self.cells} AS cell,
                CASE WHEN x % 4 = 0 THEN 2 WHEN x % 2 = 0 THEN 1 ELSE 0 END AS band,
                CASE WHEN h % 100 = 0 THEN 'unusual' WHEN h % 20 = 1 THEN 'late' ELSE '' END AS flags,
                ({self.first} * 86400 + 21600) * 1000 + (x - 1) * {DAYS * 86_400_000} / {count} AS at,
                CAST(printf('%03d%013d', {ordinal}, x) AS blob) AS id{values}
            FROM mixed""")
        listed = ", ".join(f"m{slot}" for slot in range(SLOTS))
        author, checker = self.authors
        db.execute(f"""
            INSERT INTO report (id, campaign, unit, path, day, cell, place, estimated, band, rev, last_rev, voided, evidenced,
                competing, flags, author, on_behalf, door, replaces, note, filed_at, changed_at, {listed})
            SELECT made.id, {self.campaign}, path.unit, path, day, cell, NULL, 0, band, 1, 1, 0, 0, 0, flags, ?, 1, 'sync', NULL,
                '', at, at, {self.columns('m{}', 'NULL')}
            FROM made JOIN path ON path.id = made.path ORDER BY x""", (author,))
        db.execute(f"""
            INSERT INTO revision (report, rev, op, kind, state, base_rev, settled_by, day, cell, place, estimated, reason,
                reason_text, author, at, stream, seq, {listed})
            SELECT id, 1, id, 'file', 'applied', 0, NULL, day, cell, NULL, 0, '', '', ?, at, {stream}, x,
                {self.columns('m{}', 'NULL')}
            FROM made ORDER BY x""", (author,))
        self.add_entries(stream, "x", "1", "file", "0", author, "id", "at", "")
        half, quarter = count // 2, count // 4
        for step, where, seq, frm in (
                ("d", "WHERE x % 2 = 0", f"{count} + x / 2", 0),
                ("r", "WHERE x % 4 = 0", f"{count + half} + x / 4", 1)):
            op = f"CAST(printf('{step}%02d%013d', {ordinal}, x) AS blob)"
            self.add_entries(stream, seq, "-1", "check", str(frm), checker, op, "at + 86400000", where)
            self.add_entries(stream, seq, "1", "check", str(frm + 1), checker, op, "at + 86400000", where)
        db.execute("UPDATE stream SET seq = ? WHERE unit = ?", (count + half + quarter, stream))
        self.add_cell_days(stream)
        db.execute(f"""
            INSERT INTO presence (campaign, path, place, reports, events, last_day, last_at)
            SELECT {self.campaign}, path, 0, count(*), sum(m{self.slots['events']}), max(day), max(at) FROM made GROUP BY path""")

    def add_entries(self, stream, seq, side, kind, band, author, op, at, where):
        listed = ", ".join(f"m{slot}" for slot in range(SLOTS))
        self.db.execute(f"""
            INSERT INTO entry (stream, seq, side, kind, campaign, report, rev, path, day, cell, band, evidenced, reports,
                author, op, at, {listed})
            SELECT {stream}, {seq}, {side}, '{kind}', {self.campaign}, id, 1, path, day, cell, {band}, 0, {side}, ?, {op}, {at},
                {self.columns(side + ' * m{}', '0')}
            FROM made {where} ORDER BY x""", (author,))

    def add_cell_days(self, stream):
        """The finest totals of a stream: of the organisations themselves, then of each level above them."""
        sums = self.columns("sum(m{0}) AS m{0}", "0")
        self.db.execute("DROP TABLE IF EXISTS temp.leaf")
        kept = ", ".join(f"sum(m{slot}) AS m{slot}" for slot, _ in self.told)
        self.db.execute(f"""
            CREATE TEMP TABLE leaf AS
            SELECT path, day, cell, band, count(*) AS reports, {kept} FROM made GROUP BY path, day, cell, band""")
        deepest = self.db.execute(
            "SELECT max(depth) FROM path_member JOIN path ON id = path WHERE stream = ?", (stream,)).fetchone()[0]
        listed = ", ".join(f"m{slot}" for slot in range(SLOTS))
        for depth in range(deepest):
            # By level of the chain's bottom; two chains of different lengths may meet in one unit, so rows are added up.
            self.db.execute(f"""
                INSERT INTO total_cell_day AS t (campaign, basis, parent, unit, day, cell, stream, layer, reports, {listed})
                SELECT {self.campaign}, 0, member.parent, member.unit, day, cell, {stream}, band, sum(reports), {sums}
                FROM leaf JOIN path_member AS member ON member.path = leaf.path AND member.depth = {depth}
                WHERE member.parent <> 0 GROUP BY member.parent, member.unit, day, cell, band
                ON CONFLICT (campaign, basis, parent, unit, day, cell, stream, layer) DO UPDATE SET
                    reports = t.reports + excluded.reports,
                    {', '.join(f'm{slot} = t.m{slot} + excluded.m{slot}' for slot in range(SLOTS))}""")

    def add_totals(self):
        listed = ", ".join(f"m{slot}" for slot in range(SLOTS))
        sums = ", ".join(f"sum(m{slot})" for slot in range(SLOTS))
        for table, keys in (
                ("total_unit_day", "campaign, basis, parent, unit, day, stream, layer"),
                ("total_cell", "campaign, basis, parent, unit, cell, stream, layer"),
                ("total_unit", "campaign, basis, parent, unit, stream, layer")):
            self.db.execute(f"""
                INSERT INTO {table} ({keys}, reports, {listed})
                SELECT {keys}, sum(reports), {sums} FROM total_cell_day GROUP BY {keys}""")
