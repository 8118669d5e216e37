"""(i): photos as phones send them, in chunks that may stop anywhere, each kept by fsync; then the last chunk of each, after which the
server hashes the whole and looks at the picture. Against plain PUTs of the same bytes to a WebDAV server (rclone, which neither
hashes nor waits for the disk), in the same run."""
import concurrent.futures
import hashlib
import http.client
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import uuid

import machines
import world
from results import note

PHOTOS = 24
BYTES = 4 << 20
CHUNK = 256 << 10
PHONES = 4
ROUNDS = 3


def photos(folder):
    """JPEGs of the size a phone makes, each another, with bytes behind the end of the picture up to the full size."""
    made = []
    for number in range(PHOTOS):
        path = f"{folder}/photo-{number}.jpg"
        subprocess.run(["vips", "gaussnoise", f"{path}[Q=60]", "1600", "1200", "--mean", "120", "--sigma", "8",
                        "--seed", str(number)], check=True)
        picture = pathlib.Path(path).read_bytes()
        made.append(picture + os.urandom(BYTES - len(picture)))
    return made


class Phone:
    """One connection that is kept."""

    def __init__(self, port, headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = headers

    def call(self, method, path, body=None, kind="application/octet-stream"):
        self.connection.request(method, path, body, {"content-type": kind, **self.headers})
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def promise(server, token, unit, photo):
    """Files a report that promises the photo; its hash."""
    digest = hashlib.sha256(photo).hexdigest()
    operation = {
        "op": str(uuid.uuid4()), "kind": "report.file", "campaign": world.CAMPAIGN, "unit": unit, "day": str(world.today()),
        "activity": "meeting", "audience": "residents", "channel": "in_person", "metrics": {"events": 1},
        "evidence": [{"sha256": digest, "role": "hall", "bytes": len(photo)}],
    }
    status, _, body = server.request(
        "POST", "/api/v1/sync", json.dumps({"ops": [operation]}),
        {"authorization": f"Bearer {token}", "content-type": "application/json"})
    if status != 200 or b'"accepted"' not in body:
        raise RuntimeError(f"the promise was not taken: {status} {body[:500]}")
    return digest


def in_chunks(phone, digest, photo, until):
    """As the core does it: asks where the server stands, then a chunk after another; every answer says how far it is. Stops
    when the server holds `until` bytes, or has verified the whole."""
    status, body = phone.call("GET", f"/api/v1/evidence/{digest}")
    while status == 200:
        told = json.loads(body)
        have = told["have"]
        if told["state"] == "verified" or have >= until < len(photo):
            return
        status, body = phone.call("PUT", f"/api/v1/evidence/{digest}?offset={have}", photo[have:have + CHUNK])
    raise RuntimeError(f"a chunk was refused: {status} {body[:500]}")


def spread(port, headers, work, items):
    """Seconds that PHONES connections need for the work."""
    phones = [Phone(port, headers) for _ in range(PHONES)]
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(PHONES) as pool:
        list(pool.map(lambda at: [work(phones[at], item) for item in items[at::PHONES]], range(PHONES)))
    return time.monotonic() - began


class Peer:
    """A WebDAV server on a folder of its own."""

    def __init__(self, folder):
        self.port = machines.free_port()
        pathlib.Path(folder).mkdir()
        self.process = subprocess.Popen(
            ["rclone", "serve", "webdav", str(folder), "--addr", f"127.0.0.1:{self.port}", "--config", "/dev/null"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                http.client.HTTPConnection("127.0.0.1", self.port, timeout=5).connect()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("rclone does not serve")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def plainly(phone, item):
    name, photo = item
    status, body = phone.call("PUT", f"/{name}", photo)
    if status not in (200, 201, 204):
        raise RuntimeError(f"the peer refused: {status} {body[:300]}")


def uploads(results, options):
    with tempfile.TemporaryDirectory(prefix="jarshy-bench-") as folder:
        path = world.flat(folder)
        unit = world.primaries(path)[0]
        url = f"sqlite:{path}"
        token = machines.jarshy("token", "--database", url, "--login", world.LOGIN).stdout.strip()
        sent, looked, theirs = [], [], []
        with machines.Server(url, f"{folder}/server.log") as server, Peer(f"{folder}/peer") as peer:
            server.wait_until_idle()
            for turn in range(ROUNDS):
                made = photos(folder)
                named = [(promise(server, token, unit, photo), photo) for photo in made]
                headers = {"authorization": f"Bearer {token}"}
                for seconds, until in ((sent, BYTES - CHUNK), (looked, BYTES)):
                    seconds.append(spread(
                        server.port, headers, lambda phone, item, until=until: in_chunks(phone, *item, until), named))
                theirs.append(spread(peer.port, {}, plainly, [(f"{turn}-{name}", photo) for name, photo in named]))
                note(f"uploads: {sent[-1]:.2f} s in chunks, {looked[-1]:.2f} s to hash and look, against {theirs[-1]:.2f} s")
        stored = {file.name: file for file in pathlib.Path(f"{path}.files/originals").rglob("*") if file.is_file()}
        if len(stored) != ROUNDS * PHOTOS:
            raise RuntimeError(f"{len(stored)} originals are kept of {ROUNDS * PHOTOS}")
        for name, file in stored.items():
            if hashlib.sha256(file.read_bytes()).hexdigest() != name:
                raise RuntimeError(f"{name} is not what was sent")
        machines.jarshy("recount", "--database", url)
    reference = [PHOTOS * BYTES / 1e6 / seconds for seconds in theirs]
    chunks = [PHOTOS * (BYTES - CHUNK) / 1e6 / seconds for seconds in sent]
    whole = [PHOTOS * BYTES / 1e6 / (first + last) for first, last in zip(sent, looked)]
    for name, rates in (("uploads_chunks", chunks), ("uploads", whole)):
        ratio = median([rate / other for rate, other in zip(rates, reference)])
        results.add(name, median(rates), "MB/s", median(reference), ratio)


def median(values):
    return sorted(values)[len(values) // 2]
