"""kill -9 under load: nothing acknowledged is lost, nothing counts twice, on SQLite and on PostgreSQL.

Several connections post batches to /api/v1/sync while the server (or PostgreSQL under it) is killed at a random moment. Then
it is started again and every operation is sent again, twice: what was acknowledged must be answered with the same bytes, what
was not must be applied now or have been applied then, and the totals must be the sum of what was accepted.

The seed of a run is printed; JARSHY_SEED repeats it (threads and the moment of death still vary a little).
"""
import contextlib
import datetime
import http.client
import json
import os
import pathlib
import random
import sqlite3
import sys
import threading
import time
import uuid

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Benchmarks"))
import machines  # noqa: E402
import world  # noqa: E402

RUNS = int(os.environ.get("JARSHY_FAULT_RUNS", "20"))
SEED = int(os.environ.get("JARSHY_SEED", str(random.SystemRandom().randrange(1 << 32))))
CONNECTIONS = 6
LOGINS = ("admin", "coordinator")
METRIC = "attendees"


def make_base(url, folder):
    """Fills the database every run begins with a copy of; returns a token for each login."""
    machines.jarshy("demo", "--database", url)
    tokens = {login: machines.jarshy("token", "--database", url, "--login", login).stdout.strip() for login in LOGINS}
    # Summary tables of past days are fixed at the first start; the runs are to be about operations.
    with machines.Server(url, folder / "base.log") as server:
        server.wait_until_idle()
    return tokens


class Sqlite:
    name = "sqlite"

    def __init__(self, folder):
        self.folder = folder
        self.base = folder / "base.sqlite"
        self.tokens = make_base(f"sqlite:{self.base}", folder)
        with contextlib.closing(sqlite3.connect(self.base)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def fresh(self):
        self.path = self.folder / "run.sqlite"
        return world.copy(self.base, self.path)

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            return [tuple(map(str, row)) for row in db.execute(sql)]

    def close(self):
        pass


class Postgres:
    name = "postgres"

    def __init__(self, folder):
        self.cluster = machines.Cluster()
        self.tokens = make_base(self.cluster.create("base"), folder)

    def fresh(self):
        return self.cluster.create("run", "base")

    def rows(self, sql):
        return [tuple(line.split("|")) for line in self.cluster.sql(sql, "run")]

    def close(self):
        self.cluster.__exit__()


@pytest.fixture(params=[Sqlite, Postgres], ids=lambda make: make.name)
def engine(request, tmp_path):
    engine = request.param(tmp_path)
    yield engine
    engine.close()


class Sent:
    """An operation as it was sent, and the bytes it was answered with, if it was."""

    def __init__(self, body, author, replaced=0):
        self.body = body
        self.author = author
        self.text = json.dumps(body, separators=(",", ":"))
        self.receipt = None
        # What it adds to the total once it is applied: a correction takes the old value out.
        self.adds = body["metrics"][METRIC] - replaced


def receipts(answer):
    """The outcomes of an answer as the very text they were sent in."""
    text = answer.decode()
    head = '{"outcomes":['
    assert text.startswith(head) and text.endswith("]}"), text[:200]
    found, at, decoder = [], len(head), json.JSONDecoder()
    while text[at] != "]":
        _, end = decoder.raw_decode(text, at)
        found.append(text[at:end])
        at = end + (text[end] == ",")
    return found


class Client(threading.Thread):
    """One connection: posts batches of new reports, corrections of acknowledged ones and resends, until it is told to stop or
    the server is gone. A 503 means nothing was applied for certain, so the same batch is sent again."""

    def __init__(self, number, port, token, author, units, seed):
        super().__init__(daemon=True)
        self.port, self.token, self.author, self.units = port, token, author, units
        self.chance = random.Random(f"{seed}/{number}")
        self.number = number
        self.sent = []
        self.correctable = []
        self.is_over = threading.Event()
        self.unavailable = 0
        self.wrong = []

    def report(self):
        values = {"events": 1, METRIC: self.chance.randint(5, 50)}
        return Sent({
            "op": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)), "kind": "report.file",
            "campaign": world.CAMPAIGN, "unit": self.chance.choice(self.units),
            "day": str(world.today() - datetime.timedelta(days=self.chance.randrange(3))), "activity": "meeting",
            "audience": "residents", "channel": "in_person", "metrics": values,
        }, self.author)

    def correction(self, old):
        values = {"events": 1, METRIC: self.chance.randint(5, 50)}
        return Sent({
            "op": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)), "kind": "report.correct",
            "report": old.body["op"], "base_rev": 1, "metrics": values, "reason": "typo",
        }, self.author, replaced=old.body["metrics"][METRIC])

    def batch(self):
        batch = []
        for _ in range(self.chance.choice((1, 1, 5, 20, 50))):
            if self.correctable and self.chance.random() < 0.2:
                batch.append(self.correction(self.correctable.pop(self.chance.randrange(len(self.correctable)))))
            else:
                batch.append(self.report())
        return batch

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            while not self.is_over.is_set():
                acknowledged = [sent for sent in self.sent if sent.receipt]
                if acknowledged and self.chance.random() < 0.1:
                    batch = self.chance.sample(acknowledged, min(10, len(acknowledged)))
                else:
                    batch = self.batch()
                    self.sent += batch
                while not self.is_over.is_set() and not self.post(connection, batch):
                    self.unavailable += 1
                    time.sleep(0.05)
        except (OSError, http.client.HTTPException):
            pass  # Killed: what was under way is not known, which is the point.
        finally:
            connection.close()

    def post(self, connection, batch):
        status, answer = post(connection, self.token, batch)
        if status == 503:
            return False
        if status != 200:
            self.wrong.append(f"{status} {answer[:300]}")
            self.is_over.set()
            return True
        for sent, receipt in zip(batch, receipts(answer), strict=True):
            if sent.receipt not in (None, receipt):
                self.wrong.append(f"answered {receipt}, before {sent.receipt}")
            if sent.receipt is None and sent.body["kind"] == "report.file":
                self.correctable.append(sent)
            sent.receipt = receipt
        return True


def post(connection, token, batch):
    body = '{"device":"fault","ops":[' + ",".join(sent.text for sent in batch) + "]}"
    connection.request(
        "POST", "/api/v1/sync", body, {"authorization": f"Bearer {token}", "content-type": "application/json"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def resend(server, sent, tokens):
    """Sends operations again in their order, in batches of one author; the receipts."""
    answered = []
    for author in LOGINS:
        mine = [one for one in sent if one.author == author]
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for start in range(0, len(mine), 50):
            batch = mine[start:start + 50]
            status, answer = post(connection, tokens[author], batch)
            assert status == 200, answer[:500]
            answered += zip(batch, receipts(answer), strict=True)
        connection.close()
    return answered


def root_total(server, token):
    status, _, body = server.get(
        f"/api/v1/rollups?campaign={world.CAMPAIGN}&unit=KZ", {"authorization": f"Bearer {token}"})
    assert status == 200, body[:500]
    return json.loads(body)["totals"][METRIC]["total"]


def wait_until_ready(server, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.get("/readyz")[0] == 200:
            return
        time.sleep(0.05)
    raise AssertionError("the server did not recover")


def wait_for_first_answer(clients, seconds=30):
    deadline = time.monotonic() + seconds
    while not any(client.correctable for client in clients):
        assert time.monotonic() < deadline, "nothing was acknowledged"
        time.sleep(0.005)


class Run:
    """One death and what came of it."""

    def __init__(self, engine, folder, seed):
        self.engine, self.folder, self.seed = engine, folder, seed
        self.chance = random.Random(seed)
        self.acknowledged = self.unknown = 0

    def go(self, kills_database):
        url = self.engine.fresh()
        tokens = self.engine.tokens
        units = [row[0] for row in self.engine.rows(
            "SELECT min(code) FROM unit_code JOIN unit ON unit.no = unit_code.unit WHERE unit.kind = 'primary' "
            "GROUP BY unit.no ORDER BY 1")]
        reports = int(self.engine.rows("SELECT count(*) FROM report")[0][0])
        log = self.folder / "server.log"
        server = machines.Server(url, log)
        try:
            before = root_total(server, tokens["admin"])
            clients = [
                Client(number, server.port, tokens[login], login, units, self.seed)
                for number in range(CONNECTIONS) for login in [LOGINS[number % len(LOGINS)]]
            ]
            for client in clients:
                client.start()
            wait_for_first_answer(clients)
            time.sleep(self.chance.uniform(0, 0.6))
            if kills_database:
                self.kill_database(server, clients, tokens)
            else:
                server.kill()
            for client in clients:
                client.is_over.set()
                client.join(60)
                assert not client.is_alive()
                assert not client.wrong, client.wrong
            if not kills_database:
                server = machines.Server(url, log)
            sent = [one for client in clients for one in client.sent]
            self.acknowledged = sum(one.receipt is not None for one in sent)
            self.unknown = len(sent) - self.acknowledged
            self.check_receipts(server, sent, tokens)
            expected = before + sum(one.adds for one in sent)
            assert root_total(server, tokens["admin"]) == expected
        finally:
            server.stop()
        self.check_tables(sent, reports)
        recount = machines.jarshy("recount", "--database", url, check=False)
        assert recount.returncode == 0, recount.stdout

    def kill_database(self, server, clients, tokens):
        """PostgreSQL is gone for a moment: the server says so, for whole requests, and comes back by itself."""
        self.engine.cluster.stop("immediate")
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        status, answer = post(connection, tokens["admin"], [clients[0].report()])
        connection.close()
        assert status == 503, (status, answer[:300])
        assert server.get("/readyz")[0] == 503
        self.engine.cluster.start()
        wait_until_ready(server)
        time.sleep(0.2)

    def check_receipts(self, server, sent, tokens):
        first = resend(server, sent, tokens)
        for one, receipt in first:
            said = json.loads(receipt)
            assert said["op"] == one.body["op"]
            assert said["status"] == "accepted" and said["effect"] == "applied", receipt
            if one.receipt is not None:
                assert receipt == one.receipt, f"acknowledged {one.receipt}, now {receipt}"
        assert [receipt for _, receipt in resend(server, sent, tokens)] == [receipt for _, receipt in first]

    def check_tables(self, sent, reports):
        filed = sum(one.body["kind"] == "report.file" for one in sent)
        assert int(self.engine.rows("SELECT count(*) FROM report")[0][0]) == reports + filed
        device = self.engine.rows("SELECT count(*), count(DISTINCT op) FROM inbox WHERE device = 'fault'")[0]
        assert device == (str(len(sent)), str(len(sent)))
        twice = self.engine.rows(
            "SELECT count(*) FROM (SELECT op FROM entry WHERE side = 1 GROUP BY op, report HAVING count(*) > 1) AS twice")
        assert twice == [("0",)]


def test_nothing_is_lost_or_counted_twice(engine, tmp_path, capsys):
    runs = []
    began = time.monotonic()
    for number in range(RUNS):
        run = Run(engine, tmp_path, f"{SEED}/{engine.name}/{number}")
        # Of every four runs on PostgreSQL one kills PostgreSQL itself.
        kills_database = engine.name == "postgres" and number % 4 == 3
        try:
            run.go(kills_database)
        except BaseException:
            with capsys.disabled():
                print(f"\nfailed in run {number} of JARSHY_SEED={SEED} on {engine.name}")
            raise
        runs.append(run)
    acknowledged = sum(run.acknowledged for run in runs)
    assert acknowledged > RUNS, "hardly anything was acknowledged before the kill: this run shows nothing"
    with capsys.disabled():
        print(
            f"\n{engine.name}: {RUNS} kills, {acknowledged} operations acknowledged, {sum(run.unknown for run in runs)} under "
            f"way, {time.monotonic() - began:.0f} s, JARSHY_SEED={SEED}")
