"""(g), (h): the field app's own core (phones/fleet.js) against a real server: phones that send an operation at a time, phones
that come back from no network, and one with a long queue. Every operation is sealed and signed as the app does it; all have to
be acknowledged, and `jarshy recount` has to be clean."""
import json
import pathlib
import random
import sqlite3
import subprocess
import tempfile
import time
import uuid

import machines
import world
from results import note

PHONES = 500
OPERATIONS = 20
SECONDS = 60
QUEUE = 5_000
LIMIT_MS = 1_000
LIMIT_QUEUE_SECONDS = 30
FLEET = pathlib.Path(__file__).parent / "phones" / "fleet.js"
ROLE = "activist"


def people(path):
    """Gives the country one activist for each phone, each in a primary organisation of their own, all with the password of
    the demo; returns (logins, codes of units). Written into the tables as `fill.py` does."""
    codes = world.primaries(path)
    chance = random.Random(1)
    chosen = chance.sample(codes, PHONES)
    logins = [f"phone-{number}" for number in range(PHONES)]
    now = int(time.time() * 1000)
    with sqlite3.connect(path) as db:
        hashed = db.execute("SELECT password FROM account WHERE login = 'activist'").fetchone()[0]
        day = db.execute("SELECT min(from_day) FROM role_grant").fetchone()[0]
        units = dict(db.execute("SELECT code, unit FROM unit_code"))
        for login, code in zip(logins, chosen):
            person, grant = (uuid.UUID(int=chance.getrandbits(128), version=4).bytes for _ in range(2))
            db.execute(
                """INSERT INTO person (id, name, name_latin, sort_key, folded, language, public_office, created_at)
                VALUES (?, ?, ?, x'', ?, 'kk', 0, ?)""", (person, login, login, login, now))
            db.execute("INSERT INTO account (person, login, password) VALUES (?, ?, ?)", (person, login, hashed))
            db.execute(
                """INSERT INTO role_grant (id, person, role, unit, from_day, granted_at) VALUES (?, ?, ?, ?, ?, ?)""",
                (grant, person, ROLE, units[code], day, now))
    db.close()
    return logins, chosen


def run(url, logins, units, folder, sizes):
    """The fleet against a server on `url`: what fleet.js tells."""
    wanted = {
        "password": world.PASSWORD, "logins": logins, "units": units, "campaign": world.CAMPAIGN, **sizes,
    }
    with machines.Server(url, f"{folder}/server.log") as server:
        server.wait_until_idle()
        done = subprocess.run(
            ["node", str(FLEET)], input=json.dumps({"address": server.address, **wanted}), text=True, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"{done.stderr[-3000:]}\n{server.log.read_text(errors='replace')[-2000:]}")
        told = json.loads(done.stdout)
        note(f"phones: the server took {server.processor_seconds():.0f} s of processor, {server.memory()[1] >> 20} MB")
    return told


def check(told, sizes, count):
    """Everything sealed was accepted, and stands in the database."""
    phones, operations = sizes["phones"], sizes["operations"]
    for name, wanted in (
            ("singles", phones * operations), ("taps", 2 * phones * operations), ("queue", sizes["queue"])):
        if told[name]["states"] != {"accepted": wanted}:
            raise RuntimeError(f"phones: not all was acknowledged: {told[name]}")
    sealed = 2 * phones * operations + sizes["queue"]
    if count != sealed:
        raise RuntimeError(f"phones: {sealed} operations were sealed, {count} reports are stored")


def phones(results, options):
    sizes = {"operations": OPERATIONS, "seconds": SECONDS, "queue": QUEUE}
    with tempfile.TemporaryDirectory(prefix="jarshy-bench-") as folder:
        path = world.flat(folder)
        logins, units = people(path)
        url = f"sqlite:{path}"
        told = run(url, logins, units, folder, sizes)
        with sqlite3.connect(path) as db:
            count = db.execute("SELECT count(*) FROM report").fetchone()[0]
        db.close()
        check(told, {**sizes, "phones": PHONES}, count)
        machines.jarshy("recount", "--database", url)
    for name in ("singles", "taps"):
        part = told[name]
        note(f"phones_{name}: {part['requests']} requests in {part['seconds']:.1f} s, p50 {part['p50']:.1f} ms, "
             f"slowest {part['most']:.0f} ms")
        results.add(f"phones_{name}_p99", part["p99"], "ms", LIMIT_MS, part["p99"] / LIMIT_MS)
    seconds = told["queue"]["seconds"]
    results.add("phones_queue", seconds, "s", LIMIT_QUEUE_SECONDS, seconds / LIMIT_QUEUE_SECONDS)
