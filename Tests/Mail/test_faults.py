"""Relays that misbehave: "later", "no", a line cut before and after the end of a letter, a server killed in between. What the
relay accepted is never sent twice by itself. aiosmtpd plays the relay, because no real one can be told to fail on cue."""
import asyncio
import contextlib
import subprocess
import threading
import time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

import machines
import office
from postfix import until


class Relay:
    """Counts what it took, by Message-ID; `script` says what to answer at each stage."""

    def __init__(self):
        self.taken = []
        self.tries = 0
        self.script = {}
        self.entered = threading.Event()
        self.release = threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.tries += 1
        said = self.script.get("rcpt")
        if said == "hold":
            # Nothing of the letter is here yet.
            self.entered.set()
            await self.released()
        elif said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        how = self.script.get("data")
        if how in ("cut", "hang"):
            # The whole letter is here: a relay has it, and its answer is lost.
            self.taken.append(envelope.content)
            self.entered.set()
            if how == "cut":
                server.transport.abort()
            else:
                await self.released()
                server.transport.abort()
            return "250 OK"
        if how:
            return how
        self.taken.append(envelope.content)
        return "250 OK"

    async def released(self):
        deadline = time.monotonic() + 20
        while not self.release.is_set() and time.monotonic() < deadline:
            await asyncio.sleep(0.02)


class Cutting(SMTP):
    """Cuts the line when the letter is half through."""

    def data_received(self, data):
        handler = self.event_handler
        if handler.script.get("half") and b"Subject:" in data:
            handler.tries += 1
            self.transport.abort()
            return
        super().data_received(data)


@contextlib.contextmanager
def misbehaving():
    handler = Relay()

    class Once(Controller):
        def factory(self):
            return Cutting(handler)

    controller = Once(handler, hostname="127.0.0.1", port=machines.free_port())
    controller.start()
    try:
        yield handler, f"smtp://127.0.0.1:{controller.port}"
    finally:
        handler.release.set()
        controller.stop()


LETTER = ("From: aigul@people.test\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
          "Осы ауылда қайда дауыс беремін?\r\n").encode()


def take(engine):
    done = subprocess.run(
        [machines.program(), "mail-in", "--database", engine.url, "--address", "answers@office.test"], input=LETTER,
        capture_output=True, cwd=machines.ROOT)
    assert done.returncode == 0, done.stderr


def due(server):
    """Everything that waits is due now."""
    server.rows("UPDATE mail_message SET next_at = 0 WHERE state = 'waiting'")


def state(server):
    found = server.rows("SELECT state, reason FROM mail_message WHERE kind = 'question.taken'")
    return tuple(found[0]) if found else None


@contextlib.contextmanager
def running(engine, folder, url):
    server = office.Office(engine, folder, url)
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_later_is_tried_again_until_it_is_taken_once(engine, folder, stage):
    with misbehaving() as (relay, url):
        relay.script[stage] = "451 4.7.1 greylisted, come again"
        take(engine)
        with running(engine, folder, url) as server:
            until(lambda: state(server) == ("waiting", "451"))
            assert int(server.rows("SELECT attempts FROM mail_message")[0][0]) == 1
            due(server)
            until(lambda: server.rows("SELECT attempts FROM mail_message") == [("2",)])
            relay.script.clear()
            due(server)
            until(lambda: state(server) == ("sent", ""))
            time.sleep(6)
            assert len(relay.taken) == 1


def test_no_is_final_and_marks_the_address(engine, folder):
    with misbehaving() as (relay, url):
        relay.script["rcpt"] = "550 5.1.1 no such user"
        take(engine)
        with running(engine, folder, url) as server:
            until(lambda: state(server) == ("failed", "550"))
            assert server.rows("SELECT kind FROM address_mark") == [("bounced",)]
            # A person tries again all the same: the gate refuses the marked address.
            (letter,) = server.ids("id", "FROM mail_message")
            server.done(f"/mail/{letter}/again", {}, server.sign_in("admin", office.PASSWORD))
            until(lambda: state(server) == ("stopped", "address-bounced"))
            assert relay.taken == []


def test_no_to_the_text_marks_no_address(engine, folder):
    with misbehaving() as (relay, url):
        relay.script["data"] = "554 5.7.1 we do not like this"
        take(engine)
        with running(engine, folder, url) as server:
            until(lambda: state(server) == ("failed", "554"))
            assert server.rows("SELECT count(*) FROM address_mark") == [("0",)]


def test_a_line_cut_before_the_end_is_tried_again(engine, folder):
    with misbehaving() as (relay, url):
        relay.script["half"] = True
        take(engine)
        with running(engine, folder, url) as server:
            until(lambda: state(server) is not None and relay.tries >= 1)
            until(lambda: state(server)[0] in ("waiting", "unsure") and state(server)[1])
            found = state(server)
            relay.script.clear()
            if found[0] == "waiting":
                due(server)
                until(lambda: state(server) == ("sent", ""))
            assert len(relay.taken) <= 1


def test_an_answer_lost_after_the_end_is_never_sent_twice(engine, folder):
    with misbehaving() as (relay, url):
        relay.script["data"] = "cut"
        take(engine)
        with running(engine, folder, url) as server:
            until(lambda: state(server) == ("unsure", "no-answer"))
            relay.script.clear()
            server.rows("UPDATE mail_message SET next_at = 0")
            time.sleep(11)
            assert len(relay.taken) == 1, "it went twice by itself"
            page = server.get("/mail", {"cookie": server.sign_in("admin", office.PASSWORD)})[2].decode()
            (letter,) = server.ids("id", "FROM mail_message")
            assert f"/mail/{letter}/again" in page
            server.done(f"/mail/{letter}/again", {}, server.sign_in("admin", office.PASSWORD))
            until(lambda: state(server) == ("sent", ""))
            # The same Message-ID both times: whoever got both can tell.
            ids = {next(line for line in text.splitlines() if line.startswith(b"Message-ID")) for text in relay.taken}
            assert len(relay.taken) == 2 and len(ids) == 1


def test_a_server_killed_while_the_relay_thinks_sends_nothing_twice(engine, folder):
    with misbehaving() as (relay, url):
        relay.script["data"] = "hang"
        take(engine)
        with running(engine, folder, url) as server:
            assert relay.entered.wait(30)
            assert state(server)[0] == "handed"
            server.kill()
        relay.release.set()
        relay.script.clear()
        with running(engine, folder, url) as server:
            server.rows("UPDATE mail_message SET next_at = 0 WHERE state = 'handed'")
            until(lambda: state(server) == ("unsure", "no-answer"))
            time.sleep(6)
            assert len(relay.taken) == 1


def test_nobody_there_waits_and_goes_when_somebody_is(engine, folder):
    with misbehaving() as (relay, url):
        pass
    take(engine)
    with running(engine, folder, url) as server:
        until(lambda: state(server) == ("waiting", "unreachable"))
    with misbehaving() as (relay, url), running(engine, folder, url) as server:
        due(server)
        until(lambda: state(server) == ("sent", "") and len(relay.taken) == 1)


def test_the_gate_is_asked_on_every_retry(engine, folder):
    """Later, later, and then the quiet period has begun; after it the imprint is gone; each time it waits, and says why."""
    quiet = "UPDATE campaign SET class = '{}', vote_day = first_day + 60, quiet_from_day = {}, stamp = stamp + 1"
    with misbehaving() as (relay, url):
        relay.script["rcpt"] = "451 later"
        take(engine)
        with running(engine, folder, url) as server:
            until(lambda: state(server) == ("waiting", "451"))
            tries = relay.tries
            relay.script.clear()
            # Today is day 60 of the demo's campaign.
            server.rows(quiet.format("campaigning", "first_day + 60"))
            due(server)
            until(lambda: state(server) == ("waiting", "release-quiet"))
            assert relay.taken == [] and relay.tries == tries
            server.rows(quiet.format("information", "NULL"))
            kept = server.rows("SELECT orderer FROM imprint")
            server.rows("DELETE FROM imprint")
            due(server)
            until(lambda: state(server) == ("waiting", "release-imprint"))
            assert relay.taken == [] and kept
            cookie = server.sign_in("admin", office.PASSWORD)
            server.done("/imprints", {
                "campaign": "referendum", "organization": "ashyq-esik", "orderer": "Штаб", "payer": "Қор",
                "responsible": "Г. О.", "address": "x@example.kz"}, cookie)
            due(server)
            until(lambda: state(server) == ("sent", ""))
            assert len(relay.taken) == 1


@pytest.mark.parametrize("how,reason", [
    ("mark", "do-not-contact"), ("quiet", "release-quiet"), ("imprint", "release-imprint")])
def test_the_gate_is_asked_once_more_before_the_last_byte(engine, folder, how, reason):
    """It passed when the attempt began; while the relay thinks, the asker says stop, midnight comes, or the imprint goes."""
    with misbehaving() as (relay, url):
        relay.script["rcpt"] = "hold"
        take(engine)
        if how == "quiet":
            engine.rows("UPDATE campaign SET class = 'campaigning', stamp = stamp + 1")
        with running(engine, folder, url) as server:
            assert relay.entered.wait(30)
            if how == "mark":
                server.done("/mail/do-not-contact", {"address": "aigul@people.test"}, server.sign_in("admin", office.PASSWORD))
            elif how == "quiet":
                # Day 60 of the demo's campaign is today.
                server.rows("UPDATE campaign SET vote_day = first_day + 60, quiet_from_day = first_day + 60, stamp = stamp + 1")
            else:
                server.rows("DELETE FROM imprint")
            relay.release.set()
            until(lambda: state(server) == ("waiting", "held-back"))
            relay.script.clear()
            due(server)
            until(lambda: state(server)[1] == reason)
            assert relay.taken == [], "the whole letter went"
            assert state(server)[0] == ("stopped" if how == "mark" else "waiting")
