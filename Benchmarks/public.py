"""The public page of a question and its answer, kept as it was rendered and rendered afresh, beside the server's own plain-text
route, in turn in the same run."""
import pathlib
import sqlite3
import tempfile
import uuid

import load
import machines
from results import note

ROUNDS, SECONDS, CONNECTIONS = 3, 4, 16
NOBODY, AFRESH = "none", "none no-cache"


def answer(path):
    """The page of the most asked answer of the demo."""
    with sqlite3.connect(path) as db:
        row = db.execute(
            """SELECT a.id FROM answer a JOIN question q ON q.id = a.question WHERE a.state = 'published'
            ORDER BY q.asked DESC LIMIT 1""").fetchone()
    db.close()
    return f"/answers/{uuid.UUID(bytes=row[0])}?lang=kk"


def rate(server, folder, path, who):
    lines = pathlib.Path(folder, "paths")
    lines.write_text(path + "\n", encoding="utf-8")
    told = load.get(server, lines, who, CONNECTIONS, SECONDS)
    if told["wrong"] or told["errors"]:
        raise RuntimeError(f"{path}: {told}")
    return told["requests"] / told["seconds"]


def measure(results, engine, server, folder, page):
    """The best of the rounds of each: what disturbs a round disturbs all three kinds."""
    for path in (page, "/healthz"):
        rate(server, folder, path, NOBODY)
    plain, kept, afresh = ([] for _ in range(3))
    for _ in range(ROUNDS):
        plain.append(rate(server, folder, "/healthz", NOBODY))
        kept.append(rate(server, folder, page, NOBODY))
        afresh.append(rate(server, folder, page, AFRESH))
    note(f"{engine}: /healthz {max(plain):.0f}/s, the page kept {max(kept):.0f}/s, rendered afresh {max(afresh):.0f}/s")
    results.add(f"public_page_{engine}", max(kept), "pages/s", max(plain), max(kept) / max(plain))
    results.add(f"public_page_afresh_{engine}", max(afresh), "pages/s", max(plain), max(afresh) / max(plain))


def public(results, options):
    with tempfile.TemporaryDirectory(prefix="jarshy-bench-") as folder:
        path = f"{folder}/demo.sqlite"
        machines.jarshy("demo", "--database", f"sqlite:{path}")
        with machines.Server(f"sqlite:{path}", f"{folder}/server.log") as server:
            server.wait_until_idle()
            measure(results, "sqlite", server, folder, answer(path))
        with machines.Cluster() as cluster:
            url = cluster.create("demo")
            machines.jarshy("demo", "--database", url)
            found = cluster.sql(
                "SELECT a.id FROM answer a JOIN question q ON q.id = a.question WHERE a.state = 'published' ORDER BY q.asked DESC LIMIT 1",
                "demo")[0]
            with machines.Server(url, f"{folder}/postgres.log") as server:
                server.wait_until_idle()
                measure(results, "postgres", server, folder, f"/answers/{found}?lang=kk")
