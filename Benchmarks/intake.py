"""(a), (b): reports accepted per second over HTTP, against the statements the intake runs for them, straight on the
database (replay/replay.c) with the same grouping, each on a fresh copy of the same country."""
import json
import pathlib
import sqlite3
import subprocess
import tempfile

import load
import machines
import world
from results import note

SECONDS = 6
ROUNDS = 3
OPERATIONS = 120_000


class Sqlite:
    name = "sqlite"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.base = world.flat(folder)

    def fresh(self, name):
        return world.copy(self.base, self.folder / f"{name}.sqlite")

    def drop(self, name):
        world.remove(self.folder / f"{name}.sqlite")

    def rows(self, name, sql):
        with sqlite3.connect(self.folder / f"{name}.sqlite") as db:
            rows = db.execute(sql).fetchall()
        db.close()
        return rows

    def close(self):
        pass


class Postgres:
    name = "postgres"

    def __init__(self, _):
        self.cluster = machines.Cluster()
        self.base = world.flat_on(self.cluster)

    def fresh(self, name):
        url = self.cluster.create(name, self.base)
        self.cluster.sql("CHECKPOINT")
        return url

    def drop(self, name):
        self.cluster.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def rows(self, name, sql):
        return [tuple(map(int, line.split("|"))) for line in self.cluster.sql(sql, name)]

    def close(self):
        self.cluster.__exit__()


def compile_replay(folder):
    include = subprocess.run(["pg_config", "--includedir"], text=True, capture_output=True, check=True).stdout.strip()
    program = f"{folder}/replay"
    subprocess.run(
        ["cc", "-O2", "-Wall", "-Wextra", f"-I{include}", str(pathlib.Path(__file__).parent / "replay" / "replay.c"),
         "-lsqlite3", "-lpq", "-o", program], check=True)
    return program


def over_http(engine, size, connections, operations, folder):
    """One run of the server: (accepted, seconds, groups as the intake formed them)."""
    url = engine.fresh("http")
    bodies = f"{folder}/bodies"
    world.write_bodies(operations, size, bodies)
    token = machines.jarshy("token", "--database", url, "--login", world.LOGIN).stdout.strip()
    with machines.Server(url, f"{folder}/server.log") as server:
        # The first use of a token is written down; what is measured begins after it.
        server.get("/api/v1/time", {"authorization": f"Bearer {token}"})
        told = load.post(server, "/api/v1/sync", bodies, f"Bearer {token}", connections, SECONDS)
        accepted = int(server.metric('sync_operations_total{result="accepted"}'))
    if told["wrong"] or told["errors"] or told["ran_out"]:
        raise RuntimeError(f"the load was not answered as it should be: {told}")
    stored = engine.rows("http", "SELECT count(*) FROM entry")[0][0]
    if not accepted <= stored <= accepted + connections * size:
        raise RuntimeError(f"accepted {accepted}, stored {stored}")
    # A group is one transaction, and all of it arrived at the moment of its last operation.
    groups = [row[0] for row in engine.rows("http", "SELECT count(*) FROM inbox GROUP BY received_at ORDER BY received_at")]
    engine.drop("http")
    return accepted, told["seconds"], [part for group in groups for part in split(group)]


def split(count, most=64):
    """Two groups that began in the same millisecond look like one."""
    while count > most:
        yield most
        count -= most
    if count:
        yield count


def straight(engine, groups, accepted, operations, folder, replay):
    """The same operations as statements alone: seconds."""
    recording = f"{folder}/recording"
    machines.jarshy(
        "bench", "record", "--database", engine.fresh("record"), "--login", world.LOGIN, "--operations", operations,
        "--limit", accepted, "--groups", ",".join(map(str, groups)), "--out", recording)
    engine.drop("record")
    url = engine.fresh("straight")
    done = subprocess.run([replay, recording, url], text=True, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    told = json.loads(done.stdout)
    stored = engine.rows("straight", "SELECT count(*) FROM entry")[0][0]
    if stored != accepted:
        raise RuntimeError(f"replayed {stored} entries of {accepted}")
    engine.drop("straight")
    return told["seconds"]


def measure(results, name, size, connections, engines=(Sqlite, Postgres)):
    with tempfile.TemporaryDirectory(prefix="jarshy-bench-") as folder:
        replay = compile_replay(folder)
        operations = f"{folder}/operations"
        world.write_operations(world.primaries(world.flat(folder)), OPERATIONS, operations)
        for make in engines:
            engine = make(folder)
            try:
                rates, references = [], []
                for _ in range(ROUNDS):
                    accepted, seconds, groups = over_http(engine, size, connections, operations, folder)
                    accepted -= accepted % size
                    rates.append(accepted / seconds)
                    used = [size] if size == 50 else groups[:20_000]
                    references.append(accepted / straight(engine, used, accepted, operations, folder, replay))
                    note(f"{name}_{engine.name}: {rates[-1]:.0f} against {references[-1]:.0f} a second, "
                         f"{accepted / len(groups):.1f} a group")
                ratio = sorted(rate / reference for rate, reference in zip(rates, references))[ROUNDS // 2]
                results.add(
                    f"{name}_{engine.name}", sorted(rates)[ROUNDS // 2], "reports/s", sorted(references)[ROUNDS // 2], ratio)
            finally:
                engine.close()


def batches(results, options):
    """(a) batches of 50 from 4 connections."""
    measure(results, "intake_batches", 50, 4)


def singles(results, options):
    """(b) one-row reports from 64 connections."""
    measure(results, "intake_singles", 1, 64)
