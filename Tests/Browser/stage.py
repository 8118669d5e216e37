"""A database with the demo campaign, and servers that serve copies of it on ports of their own."""

import contextlib
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
import uuid

HOME = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "jarshy-demo"


def jarshy(*words):
    """Runs one command of the program to its end; returns what it printed."""
    done = subprocess.run(
        [_program(), *words, *(["--home", str(HOME)] if words[0] in ("demo", "migrate", "serve") else [])],
        capture_output=True, text=True, timeout=300,
    )
    if done.returncode:
        raise RuntimeError(f"jarshy {' '.join(words)}: {done.stderr or done.stdout}")
    return done.stdout


def _program():
    program = os.environ.get("JARSHY_BINARY")
    if not program:
        raise RuntimeError("JARSHY_BINARY names no program; bin/test sets it")
    return program


class Server:
    """`jarshy serve` on a database file; ends with the `with` block."""

    def __init__(self, database):
        self.database = pathlib.Path(database)
        self.log = self.database.with_suffix(".log")
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.address = f"http://127.0.0.1:{found.getsockname()[1]}"

    def __enter__(self):
        return self.start()

    def start(self):
        self._output = self.log.open("a")
        self._process = subprocess.Popen(
            [_program(), "serve", "--database", f"sqlite:{self.database}", "--home", str(HOME),
             "--listen", self.address.removeprefix("http://")],
            stdout=self._output, stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 60
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError(f"the server did not start: {self.log.read_text()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def die(self):
        """As when the power fails: at once, in the middle of whatever it does. start() brings it back."""
        self._process.kill()
        self._process.wait()
        self._output.close()

    def _is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def value(self, sql, *binds):
        """One value of the served database, read beside the server."""
        row = rows(self.database, sql, *binds)
        assert row, f"nothing found: {sql}"
        return row[0][0]

    def id(self, sql, *binds):
        """An id that the database keeps as 16 bytes, as addresses write it."""
        return str(uuid.UUID(bytes=self.value(sql, *binds)))


def rows(database, sql, *binds):
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return db.execute(sql, binds).fetchall()


def make_demo(folder):
    """The demo with its summary tables fixed; returns the file, folded into one and ready to be copied."""
    file = folder / "demo.sqlite"
    jarshy("demo", "--database", f"sqlite:{file}")
    with Server(file):
        deadline = time.monotonic() + 60
        # The clock fixes past editions one after another once the server runs: wait for the newest.
        before = -1
        while True:
            now = rows(file, "SELECT count(*) FROM summary")[0][0]
            if now > 0 and now == before:
                break
            assert time.monotonic() < deadline, "no summary table was fixed"
            before = now
            time.sleep(0.5)
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def copy(file, folder):
    return pathlib.Path(shutil.copy(file, folder / "copy.sqlite"))
