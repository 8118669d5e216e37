"""Proof 1 of the field work: a day without network, a portal that lies, a server that dies: everything counts once."""

import json
import urllib.request

import stage
from PIL import Image
from playwright.sync_api import expect
from rows import counts, lease

HOUSES = 40
OUTCOMES = {"talked": "Әңгімелестік", "nobody": "Үйде ешкім жоқ", "declined": "Әңгімелескісі келмеді", "no_house": "Мұндай үй жоқ"}
ALL = 3 + 2 + HOUSES
BEFORE, AFTER = (51, 52, 53), (51, 62, 63)


def test_a_day_without_network_counts_once(server, portal, phone, tmp_path):
    photos = [tmp_path / f"hall{number}.jpg" for number in range(3)]
    for photo in photos:
        Image.effect_noise((900, 700), 60).convert("RGB").save(photo)
    unit = server.value(
        "SELECT c.code FROM unit_code c JOIN role_grant g ON g.unit = c.unit JOIN account a ON a.person = g.person "
        "WHERE a.login = 'secretary' ORDER BY c.code LIMIT 1")
    board = board_of(server, unit)
    files = server.value("SELECT count(*) FROM evidence WHERE verified_at IS NOT NULL")
    known = server.value("SELECT count(*) FROM inbox")
    doors = lease(server, HOUSES)
    one = phone(portal.address)
    one.open()
    one.installed()
    one.sign_in()
    one.whole()

    one.context.set_offline(True)
    for attendees, photo in zip(BEFORE, photos):
        one.file(attendees, photo=photo)
    one.show(f"doors/{doors}")
    for number in range(HOUSES):
        one.visit(list(OUTCOMES.values())[number % len(OUTCOMES)])
    expect(one.page.locator(".door")).to_have_count(HOUSES // len(OUTCOMES))
    one.correct(0, AFTER[2])
    one.correct(1, AFTER[1])
    page = one.go("queue")
    expect(page.locator(".card.sealed")).to_have_count(ALL)
    expect(page.locator("#main")).to_contain_text("Желі жоқ")
    one.close()

    # The browser opens again on a phone that has lost its clock, still without network.
    again = phone(portal.address)
    again.context.set_offline(True)
    page = again.open("queue")
    expect(page.locator(".card.sealed")).to_have_count(ALL)
    again.context.clock.set_fixed_time(0)
    assert page.evaluate("Date.now()") == 0

    portal.mode = "portal"
    again.context.set_offline(False)
    expect(page.locator("#main")).to_contain_text("сервер жауап бермеді")
    expect(page.locator(".card.sealed")).to_have_count(ALL)

    portal.mode = "dies"
    page.click("#main > .button.main")
    assert portal.dead.wait(20), "nothing was sent"
    # All of it is in the database, and the phone does not know.
    assert server.value("SELECT count(*) FROM inbox") == known + ALL
    expect(page.locator(".card.accepted")).to_have_count(0)
    server.start()
    portal.mode = "open"
    page.click("#main > .button.main")
    expect(page.locator(".card.accepted")).to_have_count(ALL)
    expect(page.locator("#main")).to_contain_text("Бәрі жіберілді")
    page = again.go("reports")
    mine = page.locator(".card", has=page.locator(".fate.counted"))
    for number, attendees in enumerate(reversed(AFTER)):
        expect(mine.nth(number)).to_contain_text(f": {attendees}")
        expect(mine.nth(number)).to_contain_text("Фото жетті: 1 / 1")
    again.close()

    assert server.value("SELECT count(*) FROM evidence WHERE verified_at IS NOT NULL") == files + 3
    assert counts(server, doors) == dict.fromkeys(OUTCOMES, HOUSES // len(OUTCOMES))
    now = board_of(server, unit)
    assert now["events"] == board["events"] + 3
    assert now["attendees"] == board["attendees"] + sum(AFTER)
    stage.jarshy("recount", "--database", f"sqlite:{server.database}")


def board_of(server, unit):
    """The figures of a unit's board as they are counted: {metric: total}."""
    token = stage.jarshy("token", "--database", f"sqlite:{server.database}", "--login", "secretary").strip()
    ask = urllib.request.Request(
        f"{server.address}/api/v1/rollups?campaign=referendum&unit={unit}", headers={"authorization": f"Bearer {token}"})
    with urllib.request.urlopen(ask, timeout=20) as answer:
        totals = json.load(answer)["totals"]
    return {metric: bands["total"] for metric, bands in totals.items()}


def test_two_people_on_one_phone_do_not_see_each_other(server, phone):
    one = phone(server.address)
    one.open()
    one.installed()
    one.sign_in()
    one.whole()
    one.context.set_offline(True)
    one.file(44)
    page = one.go("queue")
    page.locator("#main > .row .button").click()
    page.wait_for_selector("#main > .row .note.warn")
    page.locator("#main > .row .button").first.click()
    expect(page.locator("[name=login]")).to_be_visible()
    expect(page.locator("#main")).to_contain_text(": 1.")
    one.context.set_offline(False)
    one.sign_in("activist")
    page = one.go("queue")
    expect(page.locator(".card")).to_have_count(0)
    one.close()
