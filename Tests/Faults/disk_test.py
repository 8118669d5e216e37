"""Fault 35 of reference/reporting.md: the disk takes no more. The server stops acknowledging, answers what it can read, and never
acknowledges what is not saved; once there is room again everything that was sent counts once.

Every file the server writes has a limit a little above the size of the database, which the system enforces as a full disk does:
the log of SQLite cannot be folded into the database any more, grows, and cannot grow either.
"""
import contextlib
import http.client
import json
import os
import random
import sqlite3
import uuid

from kill_test import LOGINS, METRIC, Sent, Sqlite, machines, post, receipts, resend, root_total, world

SEED = int(os.environ.get("JARSHY_SEED", str(random.SystemRandom().randrange(1 << 32))))
BATCH = 20
MOST_BATCHES = 3_000


def report(chance, unit):
    return Sent({
        "op": str(uuid.UUID(int=chance.getrandbits(128), version=4)), "kind": "report.file", "campaign": world.CAMPAIGN,
        "unit": unit, "day": str(world.today()), "activity": "meeting", "audience": "residents", "channel": "in_person",
        "metrics": {"events": 1, METRIC: chance.randint(5, 50)}, "note": "x" * 1_900,
    }, LOGINS[0])


def send(server, token, batch):
    """Posts a batch and keeps the receipts of what was accepted. True when all of it was. Of what is answered with 503 or
    parked nothing is known: a part may have been saved, and is told when it is sent again."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with contextlib.closing(connection):
        status, answer = post(connection, token, batch)
    if status == 503:
        return False
    assert status == 200, (status, answer[:300])
    told = [(one, receipt, json.loads(receipt)["status"]) for one, receipt in zip(batch, receipts(answer), strict=True)]
    for one, receipt, state in told:
        assert state in ("accepted", "parked"), receipt
        if state == "accepted":
            one.receipt = receipt
    return all(state == "accepted" for _, _, state in told)


def test_fault_35_a_full_disk_acknowledges_nothing_it_has_not_saved(tmp_path, capsys):
    chance = random.Random(SEED)
    try:
        run(tmp_path, chance, capsys)
    except BaseException:
        with capsys.disabled():
            print(f"\nfailed with JARSHY_SEED={SEED}")
        raise


def run(folder, chance, capsys):
    engine = Sqlite(folder)
    url = engine.fresh()
    token = engine.tokens[LOGINS[0]]
    unit = engine.rows(
        "SELECT min(code) FROM unit_code JOIN unit ON unit.no = unit_code.unit WHERE unit.kind = 'primary'")[0][0]
    room = engine.path.stat().st_size + (1 << 20)
    sent = []
    server = machines.Server(url, folder / "server.log", room=room)
    try:
        before = root_total(server, token)
        while True:
            sent.append([report(chance, unit) for _ in range(BATCH)])
            if not send(server, token, sent[-1]):
                break
            assert len(sent) < MOST_BATCHES, "the disk never filled"
        assert len(sent) > 3, "it was full at once: this run shows nothing"
        # It stays refused, also one at a time, and the server goes on answering what it has.
        for _ in range(10):
            sent.append([report(chance, unit) for _ in range(chance.choice((1, BATCH)))])
            send(server, token, sent[-1])
        refused = [one for batch in sent for one in batch if one.receipt is None]
        acknowledged = [one for batch in sent for one in batch if one.receipt]
        assert len(refused) > BATCH, "hardly anything was refused"
        assert server.get("/healthz")[0] == 200
        # The machine dies while it is full: all that was acknowledged is there, and the totals are what is there.
        server.kill()
        with contextlib.closing(sqlite3.connect(engine.path)) as db:
            found = {row[0] for row in db.execute("SELECT lower(hex(op)) FROM inbox WHERE device = 'fault'")}
        kept = [one for batch in sent for one in batch if one.body["op"].replace("-", "") in found]
        assert {id(one) for one in acknowledged} <= {id(one) for one in kept}, "something acknowledged is lost"
        assert len(kept) - len(acknowledged) < BATCH, "much was saved and never said so"
        server = machines.Server(url, folder / "server.log", room=room)
        assert root_total(server, token) == before + sum(one.adds for one in kept)
        send(server, token, sent[-1])
        server.give_room()
        # Without a new start: the phones send again, and everything counts once.
        every = [one for batch in sent for one in batch]
        for one, receipt in resend(server, every, engine.tokens):
            assert json.loads(receipt)["status"] == "accepted", receipt
            assert one.receipt in (None, receipt)
        assert root_total(server, token) == before + sum(one.adds for one in every)
    finally:
        server.stop()
    recount = machines.jarshy("recount", "--database", url, check=False)
    assert recount.returncode == 0, recount.stdout
    with capsys.disabled():
        print(f"\nfull disk: {len(acknowledged)} acknowledged, {len(refused)} not, JARSHY_SEED={SEED}")
