"""The core in a real Chromium: what Node has no twin of. Keys and photos kept through a restart, real locks between
tabs, a transaction given up half-way, pictures on a canvas. The model of the server runs in the page."""

import functools
import http.server
import os
import pathlib
import threading

import pytest
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]

OPEN = """
  const { openField } = await import("/Static/field/core/field.js");
  const { Server } = await import("/Tests/Field/support/server.js");
  const server = new Server({ verifies: true, now: Date.now });
  for (const device of known ?? []) server.devices.set(device.id, device);
  const field = await openField({ fetch: server.fetch });
  const visit = (house) => ({ kind: "canvass.visit", round: "r1", house, outcome: "talked" });
"""

SHEET = """
  const { prepare } = await import("/Static/field/core/photo.js");
  const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 2000 });
  const brush = canvas.getContext("2d");
  for (let at = 0; at < 4000; at += 1) {
    brush.fillStyle = `hsl(${at * 47 % 360} 80% 50%)`;
    brush.fillRect((at * 7919) % 3000, (at * 104729) % 2000, 90, 60);
  }
  const file = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def origin():
    handler = functools.partial(Quiet, directory=str(ROOT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def phone(origin, tmp_path):
    """Opens the same browser profile again and again: phone() closes what was open, and gives a page."""
    with sync_playwright() as playwright:
        opened = []

        def start():
            for context in opened:
                context.close()
            opened[:] = [
                playwright.chromium.launch_persistent_context(
                    str(tmp_path / "profile"),
                    executable_path=os.environ.get("JARSHY_CHROMIUM", "/usr/bin/chromium"),
                    args=["--no-sandbox"],
                )
            ]
            return page(opened[0])

        def page(context):
            fresh = context.new_page()
            fresh.goto(f"{origin}/Tests/Field/", wait_until="commit")
            return fresh

        start.another = lambda: page(opened[0])
        yield start
        for context in opened:
            context.close()


def run(page, body, known=None):
    return page.evaluate("async (known) => {" + OPEN + body + "}", known)


SIGN_IN = """
  await field.session.signIn({ login: "aigerim", password: "x", name: "A05" });
"""


def test_sealed_work_key_and_photo_outlive_the_browser(phone):
    known = run(
        phone(),
        SIGN_IN
        + SHEET
        + """
  await field.outbox.draft(null, { half: "typed" });
  await field.outbox.seal(visit("1"), { files: [await prepare(file, { role: "tally" })] });
  return [...server.devices.values()];
""",
    )
    found = run(
        phone(),
        """
  const [photo] = await field.evidence.list();
  const bytes = (await field.evidence.blob(photo.sha256)).size;
  await field.outbox.seal(visit("2"));
  const raw = await new Promise((resolve, reject) => {
    const open = indexedDB.open("jarshy-field");
    open.onsuccess = () => {
      const all = open.result.transaction("devices").objectStore("devices").getAll();
      all.onsuccess = () => resolve(all.result[0].signing);
    };
  });
  const taken = await crypto.subtle.exportKey("pkcs8", raw).then(() => true, () => false);
  const status = await field.sync.tap();
  return {
    bytes: bytes === photo.bytes,
    taken,
    trouble: status.trouble,
    states: (await field.outbox.list()).map(({ n, state }) => [n, state]),
    photos: (await field.evidence.list()).map(({ state }) => state),
    drafts: (await field.outbox.drafts()).map(({ form }) => form),
    forks: server.forks,
  };
""",
        known,
    )
    assert found == {
        "bytes": True,
        "taken": False,
        "trouble": None,
        "states": [[2, "accepted"], [1, "accepted"]],
        "photos": ["received"],
        "drafts": [{"half": "typed"}],
        "forks": [],
    }


def test_fault_40_two_tabs_share_numbers_and_one_sends(phone):
    one = phone()
    known = run(one, SIGN_IN + "return [...server.devices.values()];")
    two = phone.another()
    start = "window.work = (async (known) => {" + OPEN + (
        "await Promise.all(Array.from({ length: 15 }, (_, at) => field.outbox.seal(visit(String(at)))));"
        " await field.sync.tap(); return server.attempts; })"
    )
    for page in (one, two):
        page.evaluate("(known) => {" + start + "(known); }", known)
    for page in (one, two):
        page.evaluate("window.work")
    found = run(
        one,
        """
  await field.sync.tap();
  return (await field.outbox.list()).map(({ n, state }) => [n, state]).reverse();
""",
        known,
    )
    assert found == [[n, "accepted"] for n in range(1, 31)]


def test_fault_40_no_room_half_way_through_saving_keeps_nothing_of_it(phone):
    page = phone()
    known = run(page, SIGN_IN + "return [...server.devices.values()];")
    found = run(
        page,
        """
  const draft = await field.outbox.draft(null, { attendees: 57 });
  // Number and operation are written already when the photo does not fit any more.
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value) {
    if (this.name === "blobs") throw new DOMException("full", "QuotaExceededError");
    return put.call(this, value);
  };
  const file = { sha256: "00", role: "tally", bytes: 3, blob: new Blob(["abc"]) };
  const told = ({ name, reason }) => [name, reason];
  const refused = await field.outbox.seal(visit("1"), { draft, files: [file] }).catch(told);
  IDBObjectStore.prototype.put = put;
  const drafts = (await field.outbox.drafts()).map(({ form }) => form);
  return { refused, drafts, next: (await field.outbox.seal(visit("1"), { draft })).n };
""",
        known,
    )
    assert found == {"refused": ["NotSaved", "quota"], "drafts": [{"attendees": 57}], "next": 1}


def test_photos_are_shrunk_or_kept(phone):
    found = run(
        phone(),
        SHEET
        + """
  const hall = await prepare(file, { role: "hall" });
  const sheet = await prepare(file, { role: "tally" });
  const size = async (blob) => {
    const picture = await createImageBitmap(blob);
    return [picture.width, picture.height];
  };
  const page = await prepare(new Blob(["<html>"]), { role: "hall" }).catch(({ reason }) => reason);
  return { hall: await size(hall.blob), sheet: await size(sheet.blob), smaller: hall.bytes < sheet.bytes / 2, page };
""",
    )
    assert found == {"hall": [1600, 1067], "sheet": [3000, 2000], "smaller": True, "page": "decode"}


def test_fault_40_a_browser_without_storage_refuses_at_once(phone):
    found = phone().evaluate(
        """async () => {
  const { openField } = await import("/Static/field/core/field.js");
  Object.defineProperty(window, "indexedDB", { value: undefined });
  return openField().catch(({ name, reason }) => [name, reason]);
}"""
    )
    assert found == ["StoreRefused", "none"]
