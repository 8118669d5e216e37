"""Calendars as real programs read them: PyPI's icalendar parses them, Debian's vdirsyncer and khal subscribe to them."""

import datetime
import os
import re
import subprocess
import urllib.error
import urllib.request

import icalendar

import stage

FIVE_HOURS = datetime.timedelta(hours=5)


def subscribe(visitor, unit=""):
    """Makes an address on the page, as anybody would; returns it."""
    page = visitor.open("/events/calendars")
    page.select_option("[name=unit]", unit)
    page.click('form[action="/events/calendars"] button')
    address = page.locator(".calendar-address code").inner_text()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/calendar/[\w-]{43}\.ics", address), address
    return address


def fetch(address, **headers):
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as answer:
        return answer.read(), answer.headers


def events(data):
    calendar = icalendar.Calendar.from_ical(data)
    assert calendar["VERSION"] == "2.0"
    return calendar, {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def cancel(visitor, event, reason):
    page = visitor.open(f"/events/{event}")
    page.click("details:has(form[action$='/cancel']) summary")
    page.fill("[name=reason]", reason)
    page.click("form[action$='/cancel'] button")
    page.wait_for_url(re.compile(rf"/events/{event}$"))


def told(server):
    """An announced event to come: its id and what the server keeps of it."""
    ids = "SELECT id FROM event WHERE state = 'announced' AND shown = 'public' ORDER BY start_at DESC LIMIT 1"
    return server.id(ids), server.value(ids.replace("SELECT id", "SELECT start_at"))


def test_icalendar_reads_a_units_calendar(server, visit):
    secretary = visit(server, "secretary")
    data, headers = fetch(subscribe(secretary, "352200000"))
    assert headers["content-type"].startswith("text/calendar")
    # Lines as RFC 5545 wants them: CR LF, at most 75 bytes.
    assert all(len(line) <= 75 for line in data.split(b"\r\n")) and b"\n" not in data.replace(b"\r\n", b"")
    calendar, found = events(data)
    kept = stage.rows(
        server.database,
        "SELECT count(*) FROM event e WHERE end_at >= (strftime('%s','now') - 60 * 86400) * 1000")[0][0]
    assert len(found) == kept >= 175
    zone = calendar.walk("VTIMEZONE")[0]
    assert zone["TZID"] == "Asia/Almaty"
    offsets = [part["TZOFFSETTO"].td for part in zone.walk("STANDARD")]
    assert offsets[-1] == FIVE_HOURS and not zone.walk("DAYLIGHT")
    for event in found.values():
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        # No summer time, whatever the month.
        assert start.utcoffset() == FIVE_HOURS and start < end
        assert str(event["STATUS"]) in ("TENTATIVE", "CONFIRMED", "CANCELLED") and str(event["SUMMARY"])
    event, start_at = told(server)
    read = found[f"{event}@jarshy"]
    assert read["DTSTART"].dt.timestamp() * 1000 == start_at and int(read["SEQUENCE"]) >= 1


def test_a_cancelled_event_is_cancelled_for_those_who_subscribed(server, visit):
    secretary = visit(server, "secretary")
    address = subscribe(secretary, "352200000")
    event, _ = told(server)
    data, headers = fetch(address)
    before = events(data)[1][f"{event}@jarshy"]
    try:
        fetch(address, **{"If-None-Match": headers["etag"]})
        raise AssertionError("the same calendar was sent again")
    except urllib.error.HTTPError as answer:
        assert answer.code == 304
    cancel(secretary, event, "Боран; жол, жабық\\")
    after = events(fetch(address)[0])[1][f"{event}@jarshy"]
    assert str(after["STATUS"]) == "CANCELLED" and int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert "Боран; жол, жабық\\" in str(after["DESCRIPTION"])


def test_khal_subscribes_by_vdirsyncer(server, visit, tmp_path):
    secretary = visit(server, "secretary")
    address = subscribe(secretary, "352200000")
    (tmp_path / "vdirsyncer").write_text(f"""
[general]
status_path = "{tmp_path}/status"
[pair events]
a = "here"
b = "jarshy"
collections = null
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{tmp_path}/calendar"
fileext = ".ics"
[storage jarshy]
type = "http"
url = "{address}"
""")
    (tmp_path / "khal").write_text(f"""
[calendars]
[[jarshy]]
path = {tmp_path}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Asia/Almaty
default_timezone = Asia/Almaty
[sqlite]
path = {tmp_path}/khal.db
""")
    environment = dict(os.environ, HOME=str(tmp_path), LC_ALL="C.UTF-8", LANG="C.UTF-8")

    def run(*words, **more):
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment, **more)
        assert done.returncode == 0, f"{words}: {done.stderr or done.stdout}"
        return done.stdout

    def sync():
        (tmp_path / "calendar").mkdir(exist_ok=True)
        run("vdirsyncer", "-c", f"{tmp_path}/vdirsyncer", "discover", input="y\n" * 5)
        run("vdirsyncer", "-c", f"{tmp_path}/vdirsyncer", "sync")

    # vdirsyncer gives what comes by HTTP ids of its own: an event is known by its address.
    def listed(day):
        return run(
            "khal", "-c", f"{tmp_path}/khal", "list", "--format", "{start-time} {title} {status}|{url}", "--day-format", "",
            day, "1d")

    event, start_at = told(server)
    begin = datetime.datetime.fromtimestamp(start_at / 1000, datetime.timezone(FIVE_HOURS))
    sync()
    line = next(line for line in listed(f"{begin:%Y-%m-%d}").splitlines() if event in line)
    assert line.startswith(f"{begin:%H:%M}") and "CANCELLED" not in line, line
    cancel(secretary, event, "Боран")
    sync()
    line = next(line for line in listed(f"{begin:%Y-%m-%d}").splitlines() if event in line)
    assert "CANCELLED" in line, line


def test_the_public_feed_is_well_formed(server, visit):
    import xml.etree.ElementTree as tree

    data, headers = fetch(server.address + "/meetings.atom?lang=kk")
    assert headers["content-type"].startswith("application/atom+xml")
    feed = tree.fromstring(data)
    names = {"a": "http://www.w3.org/2005/Atom"}
    entries = feed.findall("a:entry", names)
    assert entries and feed.find("a:id", names) is not None and feed.find("a:updated", names) is not None
    for entry in entries:
        for part in ("id", "title", "updated", "author/a:name", "summary"):
            found = entry.find(f"a:{part}", names)
            assert found is not None and found.text, part
    assert len({entry.find("a:id", names).text for entry in entries}) == len(entries)
