"""Processes that benchmarks and fault tests stand on: the `jarshy` program, its server, a PostgreSQL cluster of their own.

Every process started here is stopped by its own id when its `with` ends, also when a test fails.
"""
import contextlib
import http.client
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent


def program():
    """The `jarshy` program: the one JARSHY_BINARY names, else this checkout's release or debug build."""
    named = os.environ.get("JARSHY_BINARY")
    found = [pathlib.Path(named)] if named else [ROOT / ".build" / kind / "jarshy" for kind in ("release", "debug")]
    for path in found:
        if path.is_file():
            return str(path)
    raise SystemExit("no jarshy program: run swift build -c release --product jarshy, or set JARSHY_BINARY")


def jarshy(*arguments, check=True, timeout=3600):
    """Runs a command to its end; returns the completed process with its output as text."""
    done = subprocess.run([program(), *map(str, arguments)], cwd=ROOT, text=True, capture_output=True, timeout=timeout)
    if check and done.returncode != 0:
        raise RuntimeError(f"jarshy {' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """`jarshy serve` on a free port of 127.0.0.1, its log in a file."""

    def __init__(self, database, log, port=None, room=None):
        """`room`: bytes a file may have before the system refuses to write it further; see give_room."""
        self.port = port or free_port()
        self.log = pathlib.Path(log)
        limited = ["prlimit", f"--fsize={room}:"] if room else []
        with open(self.log, "ab") as out:
            # Python ignores the signal of that limit, and so does what it starts, unless that is undone: a write fails.
            self.process = subprocess.Popen(
                [*limited, program(), "serve", "--database", database, "--listen", f"127.0.0.1:{self.port}"],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, restore_signals=not room)
        self._wait()

    def give_room(self):
        """Lifts the limit of `room` while the server runs."""
        subprocess.run(["prlimit", "--pid", str(self.process.pid), "--fsize=unlimited:"], check=True)

    def _wait(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended at once: {self.log.read_text(errors='replace')[-2000:]}")
            with contextlib.suppress(OSError):
                if self.get("/healthz")[0] == 200:
                    return
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"the server does not answer: {self.log.read_text(errors='replace')[-2000:]}")

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def get(self, path, headers=None):
        """One GET on a connection of its own: (status, headers, body)."""
        return self.request("GET", path, None, headers)

    def request(self, method, path, body=None, headers=None, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def sign_in(self, login, password):
        """The value of a Cookie header for a signed-in session."""
        form = urllib.parse.urlencode({"login": login, "password": password})
        status, headers, body = self.request(
            "POST", "/signin", form, {"content-type": "application/x-www-form-urlencoded"})
        cookies = [value.split(";")[0] for value in headers.get_all("set-cookie") or []]
        if status != 303 or not cookies:
            raise RuntimeError(f"cannot sign in as {login}: {status} {body[:300]}")
        return "; ".join(cookies)

    def metric(self, name):
        """A line of /metrics by its name with labels; 0 when it is not there yet."""
        for line in self.get("/metrics")[2].decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        return 0.0

    def memory(self):
        """Resident memory now and at its highest, in bytes."""
        fields = dict(
            line.split(":", 1) for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines())
        return tuple(int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait_until_idle(self, seconds=120):
        """Until what a server does by itself after its start, such as summary tables it missed, is done."""
        deadline = time.monotonic() + seconds
        before = self.processor_seconds()
        while time.monotonic() < deadline:
            time.sleep(1)
            now = self.processor_seconds()
            if now - before < 0.03:
                return
            before = now
        raise RuntimeError("the server does not come to rest")

    def kill(self):
        """As the power would: no signal it could answer."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Cluster:
    """A PostgreSQL server in a folder of its own on a free port, with real commits (fsync on)."""

    def __init__(self, settings=()):
        versions = pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")
        programs = sorted(versions, key=lambda path: int(path.parts[4]))
        found = programs[-1] if programs else shutil.which("initdb")
        if not found:
            raise RuntimeError("no PostgreSQL server: apt-get install postgresql")
        self.bin = pathlib.Path(found).parent
        self.folder = tempfile.mkdtemp(prefix="jarshy-pg-")
        self.port = free_port()
        self.settings = ["listen_addresses=127.0.0.1", "shared_buffers=256MB", "max_wal_size=2GB", *settings]
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    @property
    def data(self):
        return f"{self.folder}/data"

    def _run(self, name, *arguments):
        # It refuses to run as root.
        before = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] if os.geteuid() == 0 else [])
        with open("/dev/null", "r+b") as null:
            done = subprocess.run(
                [*before, str(self.bin / name), *arguments], cwd="/tmp", stdin=null, stdout=null,
                stderr=subprocess.DEVNULL, start_new_session=True)
        if done.returncode != 0:
            log = pathlib.Path(self.folder, "log")
            said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"{name} failed: {done.returncode} {said}")

    def start(self):
        options = [f"-p {self.port}", f"-k {self.folder}", *(f"-c {setting}" for setting in self.settings)]
        self._run("pg_ctl", "-D", self.data, "-l", f"{self.folder}/log", "-w", "-t", "60", "-o", " ".join(options), "start")

    def stop(self, mode="fast"):
        """`immediate` is as if the machine had lost its power: no checkpoint, recovery at the next start."""
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def url(self, database="postgres"):
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def sql(self, text, database="postgres"):
        """Runs statements through psql and returns its rows, columns parted by `|`."""
        done = subprocess.run(
            [str(self.bin / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", self.url(database)],
            input=text, text=True, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr}")
        return done.stdout.splitlines()

    def run_program(self, name, *arguments):
        """A client program of PostgreSQL, such as pg_dump; returns its output."""
        done = subprocess.run([str(self.bin / name), *arguments], capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def create(self, name, template=None):
        """A new database, a copy of `template` when given; its URL."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
        return self.url(name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(RuntimeError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)
