"""Doors, questions and headcounts on the phone, up to what the server has of them."""

import contextlib
import datetime
import sqlite3
import time
import uuid

import stage
from PIL import Image
from playwright.sync_api import expect
from rows import EPOCH, beside, counts, lease, today


def ready(phone, address, **whom):
    one = phone(address)
    one.open()
    one.installed()
    one.sign_in(**whom)
    one.whole()
    return one


def sent(one):
    page = one.go("queue")
    # The news come last in a round.
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/field")):
        page.click("#main > .button.main")
    expect(page.locator(".card.sealed, .card.sending")).to_have_count(0)
    return page


def test_a_door_with_leaflets_a_question_and_somebody_who_wants_no_visit(server, phone):
    barred = server.value("SELECT count(*) FROM do_not_contact")
    doors = lease(server, 6)
    one = ready(phone, server.address)
    page = one.page
    one.context.set_offline(True)
    one.show(f"doors/{doors}")
    page.click(".door >> nth=0")
    for _ in range(3):
        page.click(".stepper button:has-text('+')")
    page.check("form .tick input")
    page.click(".outcome:has-text('Әңгімелестік')")
    # The question comes next, and goes without the address.
    page.fill("textarea", "Қай учаскеде дауыс беремін?")
    page.check("input[value=number]", force=True)
    page.click("form > button.main")
    number = page.locator(".number").inner_text()
    page.click("form > button.main")
    expect(page.locator(".door")).to_have_count(5)
    # Asked not to come again: asked once more, for it cannot be taken back here.
    page.click(".door >> nth=0")
    page.click(".outcome:has-text('Енді келмеуді')")
    expect(page.locator(".door")).to_have_count(0)
    page.click("form .button.stop")
    expect(page.locator(".door")).to_have_count(4)
    expect(page.locator("#main")).to_contain_text("көрсетілмейді: 1")
    assert counts(server, doors) == {}
    one.context.set_offline(False)
    sent(one)
    assert counts(server, doors) == {"talked": 1, "do_not_visit": 1}
    assert beside(server, doors) == (3, 1)
    assert server.value("SELECT count(*) FROM do_not_contact") == barred + 1
    body, way = stage.rows(server.database, "SELECT body, way FROM question ORDER BY id DESC LIMIT 1")[0]
    assert (body, way) == ("Қай учаскеде дауыс беремін?", "door")
    assert len(number) == 14
    kept = page.evaluate("""async () => {
        const open = indexedDB.open("jarshy-field");
        await new Promise((done) => { open.onsuccess = done; });
        const all = open.result.transaction("ops").objectStore("ops").getAll();
        await new Promise((done) => { all.onsuccess = done; });
        return JSON.stringify(all.result);
    }""")
    assert "talked" not in kept and number not in kept, "with the receipt the phone forgets them"
    one.close()


def test_no_door_on_a_quiet_day_or_outside_the_hours(server, portal, phone):
    doors = lease(server, 3, kind="campaigning")
    one = ready(phone, portal.address)
    page = one.page
    one.show(f"doors/{doors}")
    expect(page.locator(".door")).to_have_count(3)

    def quiet(pull):
        for campaign in pull["campaigns"]:
            campaign["quiet"] = [str(EPOCH + datetime.timedelta(today()))]
        return pull

    # The calendar lies on the phone: the day may come while there is no network.
    portal.dress = quiet
    sent(one)
    one.context.set_offline(True)
    one.show(f"doors/{doors}")
    expect(page.locator(".door")).to_have_count(0)
    expect(page.locator("#main")).to_contain_text("тыныштық күні")
    one.close()


def test_a_headcount_by_two_counters_goes_into_the_report_with_its_tally_sheet(server, phone, tmp_path):
    sheet = tmp_path / "sheet.jpg"
    Image.effect_noise((1200, 900), 50).convert("RGB").save(sheet)
    one = ready(phone, server.address)
    page = one.page
    one.context.set_offline(True)
    one.show("event")
    expect(page.locator("#main")).to_contain_text("адам саны емес")
    for number in range(6):
        page.click(".tap >> nth=0")
        if number < 5:
            page.click(".tap >> nth=1")
    expect(page.locator(".counter .note.warn")).to_be_visible()
    expect(page.locator(".counted")).to_have_count(0)
    one.go("queue")
    # What was tapped is still there.
    one.show("event")
    expect(page.locator(".tap output >> nth=0")).to_have_text("6")
    page.click(".tap >> nth=1")
    page.click(".counter .button.main")
    expect(page.locator(".counted")).to_contain_text("6")
    page.check("input[value=tally]", force=True)
    page.set_input_files("[name=tally]", sheet)
    page.wait_for_selector(".photos li")
    page.click(".button:has-text('Есепке өту')")
    page.check("input[value=meeting]", force=True)
    assert page.input_value("[data-metric=attendees]") == "6"
    for field in page.locator("[data-metric]").all():
        if not field.input_value():
            field.fill("0")
    page.click("form > button.main")
    page.wait_for_selector("form .note.good")
    one.context.set_offline(False)
    sent(one)
    assert server.value("SELECT count(*) FROM evidence WHERE role = 'tally'") >= 1
    one.close()


def test_an_estimate_is_marked(server, phone):
    one = ready(phone, server.address)
    page = one.page
    one.show("event")
    page.check("input[value=estimate]", force=True)
    page.fill("[name=headcount]", "120")
    page.click("text=Осы санды алу")
    expect(page.locator(".counted")).to_contain_text("Шамамен")
    page.click(".button:has-text('Есепке өту')")
    page.check("input[value=meeting]", force=True)
    expect(page.locator("input[value=yes]")).to_be_checked()
    assert page.input_value("[data-metric=attendees]") == "120"
    one.close()


def test_the_headcount_and_the_questions_of_an_event_are_the_events(server, phone):
    event = begun(server)
    one = ready(phone, server.address)
    page = one.page
    one.context.set_offline(True)
    one.show(f"event/of.{event}")
    page.check("input[value=estimate]", force=True)
    page.fill("[name=headcount]", "34")
    page.click("text=Осы санды алу")
    page.click(".button:has-text('Сұрақ')")
    page.fill("textarea", "Учаске қашан ашылады?")
    page.check("input[value=none]", force=True)
    page.click("form > button.main")
    page.wait_for_selector(".note.good")
    one.show(f"event/of.{event}")
    page.click(".button:has-text('Есепке өту')")
    assert page.input_value("[data-metric=attendees]") == "34"
    for field in page.locator("[data-metric]").all():
        if not field.input_value():
            field.fill("0")
    page.click("form > button.main")
    page.wait_for_selector("form .note.good")
    one.context.set_offline(False)
    sent(one)
    rows = stage.rows(
        server.database,
        "SELECT r.m1, e.state, (SELECT count(*) FROM question q WHERE q.event = e.id) FROM event e "
        f"JOIN event_report t ON t.event = e.id JOIN report r ON r.id = t.report WHERE e.id = x'{event.replace('-', '')}'")
    assert rows == [(34, "held", 1)]
    one.close()


def begun(server):
    """An announced event that began an hour ago; -> its id."""
    event = server.id("SELECT id FROM event WHERE state = 'announced' AND form = 'in_person' ORDER BY start_at LIMIT 1")
    start = int(time.time() * 1000) // 900_000 * 900_000 - 3_600_000
    with contextlib.closing(sqlite3.connect(server.database, timeout=30)) as db, db:
        db.execute("UPDATE event SET start_at = ?, end_at = ? WHERE id = ?", (start, start + 3_600_000, uuid.UUID(event).bytes))
    return event
