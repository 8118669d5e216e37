"""A server with a campaign that takes questions by mail, on either engine, and hands to look into its database."""
import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.parse
import uuid

# Behind the libraries: a benchmark may be named like one.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "Benchmarks"))
import machines  # noqa: E402

PASSWORD = "jarshy-demo"
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Sqlite:
    name = "sqlite"

    def __init__(self, folder):
        self.base = pathlib.Path(folder) / "base.sqlite"
        machines.jarshy("demo", "--database", f"sqlite:{self.base}")
        with contextlib.closing(sqlite3.connect(self.base)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def fresh(self, folder):
        """A copy of the demo in a folder."""
        self.path = pathlib.Path(folder) / "office.sqlite"
        shutil.copy(self.base, self.path)
        self.url = f"sqlite:{self.path}"

    def made(self):
        # The relay's pipe runs as another user, who must write beside the server.
        self.path.parent.chmod(0o777)
        for path in self.path.parent.glob("office.sqlite*"):
            if path.is_file():
                path.chmod(0o666)

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(self.path, timeout=20)) as db:
            with db:
                return [tuple("" if cell is None else str(cell) for cell in row) for row in db.execute(sql)]

    def close(self):
        pass


class Postgres:
    name = "postgres"

    def __init__(self, folder):
        self.cluster = machines.Cluster(["fsync=off"])
        machines.jarshy("demo", "--database", self.cluster.create("base"))

    def fresh(self, folder):
        self.url = self.cluster.create("office", "base")

    def made(self):
        pass

    def rows(self, sql):
        return [tuple(line.split("|")) for line in self.cluster.sql(sql, "office") if line]

    def close(self):
        self.cluster.__exit__()


class Office:
    """`jarshy serve` with a relay."""

    def __init__(self, engine, folder, relay, more=()):
        self.engine = engine
        self.port = machines.free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.log = pathlib.Path(folder) / "server.log"
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                [machines.program(), "serve", "--database", engine.url, "--listen", f"127.0.0.1:{self.port}", "--smtp", relay,
                 "--mail-from", "answers@office.test", "--site", self.site, "--smtp-tls", "never", *more],
                cwd=machines.ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=lambda: os.umask(0))
        machines.Server._wait(self)
        engine.made()

    request = machines.Server.request
    get = machines.Server.get
    sign_in = machines.Server.sign_in
    stop = machines.Server.stop
    kill = machines.Server.kill

    def rows(self, sql):
        return self.engine.rows(sql)

    def states(self):
        return dict(self.rows("SELECT kind, state FROM mail_message"))

    def post(self, path, form, cookie=None):
        """A form as a browser sends it."""
        head = dict(FORM)
        if cookie:
            head["cookie"] = cookie
            page = self.get("/me", {"cookie": cookie})[2].decode()
            form = {**form, "csrf": re.search(r'name="csrf" value="([^"]+)"', page).group(1)}
        return self.request("POST", path, urllib.parse.urlencode(form), head)

    def done(self, path, form, cookie):
        status, headers, body = self.post(path, form, cookie)
        assert status == 303, f"{path}: {status} {body.decode()[-1500:]}"
        return headers

    def ids(self, column, rest):
        """Ids as addresses write them; `rest` is the statement from FROM on."""
        if self.engine.name == "sqlite":
            return [str(uuid.UUID(found)) for (found,) in self.rows(f"SELECT lower(hex({column})) {rest}")]
        return [found for (found,) in self.rows(f"SELECT {column} {rest}")]

    def person(self, login):
        return self.ids("person", f"FROM account WHERE login = '{login}'")[0]

    def answer(self, question, text="Учаскеде, тұрғылықты мекенжай бойынша."):
        """The coordinator answers, the administrator approves. Returns the answer's id."""
        writer, second = (self.sign_in(login, PASSWORD) for login in ("coordinator", "admin"))
        self.done(f"/questions/{question}/send", {"expert": self.person("coordinator")}, writer)
        self.done(f"/questions/{question}/answer", {
            "title": "Қайда дауыс береді?", "answer": text, "sources": "Ереже, 1-тармақ | https://example.kz/1 | 12.01.2026"}, writer)
        answer, language = self.ids("id", "FROM answer ORDER BY created_at DESC LIMIT 1")[0], \
            self.rows("SELECT language FROM answer ORDER BY created_at DESC LIMIT 1")[0][0]
        self.done(f"/answers/{answer}/approve", {"language": language}, second)
        return answer

    def correct(self, answer, text, reason, language="kk"):
        writer, second = (self.sign_in(login, PASSWORD) for login in ("coordinator", "admin"))
        self.done(f"/answers/{answer}/rewrite", {
            "language": language, "title": "Қайда дауыс береді?", "answer": text, "reason": reason}, writer)
        self.done(f"/answers/{answer}/approve", {"language": language}, second)
