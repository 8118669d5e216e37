"""Suggestions for 200 events and 50 lecturers: the page of the rota, as the server itself measured it, beside the server's own
plain-text route in the same run."""
import sqlite3
import tempfile
import time
import uuid

import board
import machines
from results import note

EVENTS, LIMIT_MS, RUNS = 200, 200, 20


def prepare(path):
    """The demo with exactly 200 events to come that have no lecturer."""
    with sqlite3.connect(path) as db:
        now = int(time.time() * 1000)
        pattern = db.execute(
            "SELECT campaign, unit, organization, activity, audience, topic, territory, author FROM event LIMIT 1").fetchone()
        db.execute("DELETE FROM event_hold WHERE event IN (SELECT id FROM event WHERE start_at > ?)", (now,))
        db.execute("UPDATE event_member SET state = 'withdrawn' WHERE event IN (SELECT id FROM event WHERE start_at > ?)", (now,))
        open_now = db.execute(
            "SELECT count(*) FROM event WHERE start_at > ? AND state IN ('draft', 'announced', 'moved')", (now,)).fetchone()[0]
        campaign, unit, organization, activity, audience, topic, territory, author = pattern
        for n in range(EVENTS - open_now):
            start = (now // 86_400_000 + 1 + n % 12) * 86_400_000 + (4 + n % 9) * 3_600_000
            db.execute(
                """INSERT INTO event (id, campaign, unit, organization, kind, activity, audience, topic, language, title, form,
                territory, link, start_at, end_at, state, shown, class, reason, sequence, author, made_at, changed_at)
                VALUES (?, ?, ?, ?, 'meeting', ?, ?, ?, 'kk', '', 'in_person', ?, '', ?, ?, 'draft', 'public', 'information',
                '', 0, ?, ?, ?)""",
                (uuid.uuid4().bytes, campaign, unit, organization, activity, audience, topic, territory, start,
                 start + 3_600_000, author, now, now))
    db.close()


def rota(results, options):
    with tempfile.TemporaryDirectory(prefix="jarshy-bench-") as folder:
        path = f"{folder}/demo.sqlite"
        machines.jarshy("demo", "--database", f"sqlite:{path}")
        prepare(path)
        with machines.Server(f"sqlite:{path}", f"{folder}/server.log") as server:
            cookie = server.sign_in("secretary", "jarshy-demo")
            headers = {"cookie": cookie, "accept": "text/html"}
            server.get("/speakers/rota?days=60", headers)
            since = server.log.stat().st_size
            for _ in range(RUNS):
                server.get("/speakers/rota?days=60", headers)
            taken = board.logged(server, "/speakers/rota", since)
            started = time.monotonic()
            for _ in range(RUNS):
                server.get("/healthz", {})
            plain = (time.monotonic() - started) * 1000 / RUNS
            note(f"rota of {EVENTS} events: median {board.percentile(taken, 0.5)} ms; /healthz {plain:.1f} ms a call")
            worst = board.percentile(taken, 0.95)
            results.add("rota_200_events", worst, "ms", LIMIT_MS, worst / LIMIT_MS)
