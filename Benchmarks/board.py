"""(d), (e): time of the board's pages at country scale over many reports, and what the server's memory has grown to after
pages, figures, batches and single reports."""
import random
import re
import sqlite3
import tempfile

import fill
import load
import machines
import world
from results import note

SECONDS = 10
LIMIT_MS = 50
LIMIT_MB = 200
EACH = 200


def pages(database, path):
    """Addresses of boards, as many of the republic as of regions, districts and organisations; a line each."""
    with sqlite3.connect(database) as db:
        levels = {}
        for depth, code in db.execute(
                world.DEPTHS + """SELECT CASE WHEN unit.kind = 'primary' THEN 9 ELSE depth END, min(code)
                FROM unit JOIN down ON down.unit = unit.no JOIN unit_code ON unit_code.unit = unit.no
                WHERE depth <= 3 OR unit.kind = 'primary' GROUP BY unit.no ORDER BY 2"""):
            levels.setdefault(depth, []).append(code)
    db.close()
    chance = random.Random(1)
    lines = [f"/board/{chance.choice(codes)}" for codes in levels.values() for _ in range(EACH)]
    chance.shuffle(lines)
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return levels


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def logged(server, route, since):
    """Milliseconds of a route's answers as the server itself measured and logged them, from a place in its log on."""
    pattern = re.compile(r"\bms=(\d+)")
    with open(server.log, encoding="utf-8", errors="replace") as lines:
        lines.seek(since)
        return [int(pattern.search(line).group(1)) for line in lines if f"route={route} " in line and "status=200" in line]


def note_by_level(server, levels, cookie):
    """What a page of each level takes alone, for whoever looks for the slow one."""
    for depth, codes in sorted(levels.items()):
        since = server.log.stat().st_size
        for code in codes[:10] * 2:
            server.get(f"/board/{code}", {"cookie": cookie, "accept": "text/html", "accept-encoding": "gzip"})
        taken = logged(server, "/board/{unit}", since)
        name = {1: "republic", 2: "region", 3: "district", 9: "organisation"}[depth]
        note(f"board of a unit at the level '{name}' alone: median {percentile(taken, 0.5)} ms")


def board(results, options, after=None):
    """Pages from two connections; then, on the same server, everything else, for its memory."""
    with tempfile.TemporaryDirectory(prefix="jarshy-bench-") as folder:
        url = world.copy(fill.filled(options.reports), f"{folder}/filled.sqlite")
        levels = pages(f"{folder}/filled.sqlite", f"{folder}/pages")
        with machines.Server(url, f"{folder}/server.log") as server:
            server.wait_until_idle()
            cookie = server.sign_in("coordinator", world.PASSWORD)
            load.get(server, f"{folder}/pages", cookie, 2, 3)
            since = server.log.stat().st_size
            told = load.get(server, f"{folder}/pages", cookie, 2, SECONDS)
            if told["wrong"] or told["errors"]:
                raise RuntimeError(f"pages were not answered as they should be: {told}")
            taken = logged(server, "/board/{unit}", since)
            if len(taken) < told["requests"]:
                raise RuntimeError(f"{told['requests']} pages, {len(taken)} in the log")
            server_p95 = percentile(taken, 0.95)
            note_by_level(server, levels, cookie)
            note(f"{told['requests']} pages in {told['seconds']:.0f} s, p50 {told['p50_ms']} ms, p99 {told['p99_ms']} ms")
            results.add("board_p95_server", server_p95, "ms", LIMIT_MS, server_p95 / LIMIT_MS)
            results.add("board_p95_client", told["p95_ms"], "ms", LIMIT_MS, told["p95_ms"] / LIMIT_MS)
            if after:
                after(results, server, url, folder, levels)


def memory(results, options):
    """(d), then figures over the API, batches of 50 and single reports; then the resident memory."""
    def rest(results, server, url, folder, levels):
        token = "Bearer " + machines.jarshy("token", "--database", url, "--login", world.LOGIN).stdout.strip()
        with open(f"{folder}/rollups", "w", encoding="utf-8") as out:
            for depth in (2, 3):
                for code in levels[depth]:
                    for by in ("unit", "day", "activity"):
                        out.write(f"/api/v1/rollups?campaign={world.CAMPAIGN}&unit={code}&by={by}\n")
        told = [load.get(server, f"{folder}/rollups", token, 4, 5)]
        for seed, (size, connections) in enumerate(((50, 4), (1, 64)), start=2):
            world.write_operations(levels[9], 60_000, f"{folder}/operations", seed=seed)
            world.write_bodies(f"{folder}/operations", size, f"{folder}/bodies")
            told.append(load.post(server, "/api/v1/sync", f"{folder}/bodies", token, connections, 5))
        for answers in told:
            if answers["wrong"] or answers["errors"]:
                raise RuntimeError(f"the load was not answered as it should be: {answers}")
        now, highest = (bytes / 1e6 for bytes in server.memory())
        note(f"resident memory {now:.0f} MB now, {highest:.0f} MB at its highest")
        results.add("memory", now, "MB", LIMIT_MB, now / LIMIT_MB)

    board(results, options, after=rest)
