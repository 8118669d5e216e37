"""A day without network, a portal that lies, a server whose answer is lost: everything counts once."""

import http.client
import http.server
import threading
import time
import urllib.parse

import pytest
from phone import Phone, axe_faults
from PIL import Image
from playwright.sync_api import expect


class Portal:
    """Stands between the phone and the server: `mode` is open, portal (200 with HTML), deaf (the answer is lost), newer (a next version)."""

    def __init__(self, server):
        self.mode = "open"
        self.lost = 0
        portal, target = self, urllib.parse.urlsplit(server.address)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                if portal.mode == "portal":
                    return self.tell(200, [("content-type", "text/html")], b"<h1>Wi-Fi: sign in</h1>")
                onward = http.client.HTTPConnection(target.hostname, target.port, timeout=30)
                headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")}
                onward.request(self.command, self.path, body, headers | {"Host": self.headers["host"]})
                answer = onward.getresponse()
                content = answer.read()
                onward.close()
                if portal.mode == "newer" and self.path == "/field/worker.js":
                    content = content.replace(b'"version":"', b'"version":"newer-')
                if portal.mode == "deaf" and self.path == "/api/v1/sync":
                    # The server has committed; its answer does not arrive.
                    portal.lost += 1
                    portal.mode = "open"
                    self.close_connection = True
                    return self.connection.close()
                skip = ("content-length", "connection", "transfer-encoding")
                self.tell(answer.status, [(k, v) for k, v in answer.getheaders() if k.lower() not in skip], content)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def tell(self, status, headers, content):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.listener.server_port}"
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()


@pytest.fixture
def portal(server):
    portal = Portal(server)
    yield portal
    portal.close()


@pytest.fixture
def phone(browser, tmp_path):
    """Opens the phone; called again after close() it is the same phone."""

    class Chromium:
        chromium = browser.browser_type

    opened = []

    def open_phone(address):
        opened.append(Phone(Chromium, tmp_path / "phone", address))
        return opened[-1]

    yield open_phone


def test_a_day_without_network_counts_once(server, portal, phone, tmp_path):
    photo = tmp_path / "hall.jpg"
    Image.effect_noise((900, 700), 60).convert("RGB").save(photo)
    before = server.value("SELECT count(*) FROM report")
    one = phone(portal.address)
    one.open()
    one.installed()
    one.sign_in()
    expect(one.page.locator(".note.warn")).to_have_count(0)

    one.context.set_offline(True)
    for attendees in (51, 52, 53):
        one.file(attendees, photo=photo)
    one.correct(0, 63)
    one.correct(1, 62)
    page = one.go("queue")
    expect(page.locator(".card.sealed")).to_have_count(5)
    expect(page.locator("#main")).to_contain_text("Желі жоқ")
    one.close()

    portal.mode = "portal"
    again = phone(portal.address)
    again.context.clock.set_fixed_time(0)
    page = again.open("queue")
    expect(page.locator(".card.sealed")).to_have_count(5)
    page.click("#main > .button.main")
    expect(page.locator("#main")).to_contain_text("сервер жауап бермеді")
    expect(page.locator(".card.sealed")).to_have_count(5)

    portal.mode = "deaf"
    page.click("#main > .button.main")
    deadline = time.monotonic() + 20
    while not portal.lost and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert portal.lost == 1
    # The retry may wait for its turn: the person presses once more.
    page.wait_for_timeout(500)
    if page.locator(".card.accepted").count() < 5:
        page.click("#main > .button.main")
    expect(page.locator(".card.accepted")).to_have_count(5)
    assert server.value("SELECT count(*) FROM report") == before + 3
    page = again.go("reports")
    expect(page.locator(".fate.counted").nth(2)).to_be_visible()
    text = page.locator("#main").inner_text()
    assert all(f": {n}" in text for n in (51, 62, 63))
    again.close()


def test_two_people_on_one_phone_do_not_see_each_other(server, phone):
    one = phone(server.address)
    one.open()
    one.installed()
    one.sign_in()
    one.context.set_offline(True)
    one.file(44)
    page = one.go("queue")
    page.locator("#main > .row .button").click()
    page.locator("#main > .row .button").first.click()
    expect(page.locator("[name=login]")).to_be_visible()
    expect(page.locator("#main")).to_contain_text(": 1.")
    one.context.set_offline(False)
    one.sign_in("activist")
    page = one.go("queue")
    expect(page.locator(".card")).to_have_count(0)
    one.close()


def test_every_screen_is_clean_in_three_languages(server, phone):
    one = phone(server.address)
    one.open()
    one.installed()
    assert axe_faults(one.page) == []
    one.sign_in()
    one.file(57)
    for language in ("kk", "ru", "en"):
        one.page.select_option("header select", language)
        for screen in ("today", "quick", "reports", "queue"):
            page = one.go(screen)
            assert axe_faults(page) == [], f"{screen} {language}"
            assert one.sizes() == [], f"{screen} {language}"
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert "⟦" not in page.locator("body").inner_text()
    one.close()


def test_the_first_load_is_light_and_later_ones_are_free(server, phone):
    one = phone(server.address)
    wire = one.context.new_cdp_session(one.page)
    wire.send("Network.enable")
    weights = []
    wire.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    one.open()
    one.installed()
    one.page.wait_for_timeout(500)
    assert sum(weights) <= 60 * 1024
    one.context.set_offline(True)
    one.open()
    expect(one.page.locator("[name=login]")).to_be_visible()
    one.close()
