"""A day without network, a portal that lies, a server whose answer is lost: everything counts once."""

import time

import stage
from PIL import Image
from playwright.sync_api import expect
from rows import lease

HOUSES = 40
OUTCOMES = ["Әңгімелестік", "Үйде ешкім жоқ", "Әңгімелескісі келмеді", "Мұндай үй жоқ"]


def test_a_day_without_network_counts_once(server, portal, phone, tmp_path):
    photos = [tmp_path / f"hall{number}.jpg" for number in range(3)]
    for photo in photos:
        Image.effect_noise((900, 700), 60).convert("RGB").save(photo)
    before = server.value("SELECT count(*) FROM report")
    doors = lease(server, HOUSES)
    one = phone(portal.address)
    one.open()
    one.installed()
    one.sign_in()
    one.whole()

    one.context.set_offline(True)
    for attendees, photo in zip((51, 52, 53), photos):
        one.file(attendees, photo=photo)
    one.page.evaluate(f"location.hash = 'doors/{doors}'")
    for number in range(HOUSES):
        one.visit(OUTCOMES[number % len(OUTCOMES)])
    expect(one.page.locator(".door")).to_have_count(HOUSES // 4)
    one.correct(0, 63)
    one.correct(1, 62)
    page = one.go("queue")
    expect(page.locator(".card.sealed")).to_have_count(5 + HOUSES)
    expect(page.locator("#main")).to_contain_text("Желі жоқ")
    one.close()

    portal.mode = "portal"
    again = phone(portal.address)
    again.context.clock.set_fixed_time(0)
    page = again.open("queue")
    expect(page.locator(".card.sealed")).to_have_count(5 + HOUSES)
    page.click("#main > .button.main")
    expect(page.locator("#main")).to_contain_text("сервер жауап бермеді")
    expect(page.locator(".card.sealed")).to_have_count(5 + HOUSES)

    portal.mode = "deaf"
    page.click("#main > .button.main")
    deadline = time.monotonic() + 20
    while not portal.lost and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert portal.lost == 1
    # The retry may wait for its turn: the person presses once more.
    page.wait_for_timeout(500)
    if page.locator(".card.accepted").count() < 5 + HOUSES:
        page.click("#main > .button.main")
    expect(page.locator(".card.accepted")).to_have_count(5 + HOUSES)
    counted_once(server, before)
    page = again.go("reports")
    expect(page.locator(".fate.counted").nth(2)).to_be_visible()
    text = page.locator("#main").inner_text()
    assert all(f": {n}" in text for n in (51, 62, 63))
    # Photos follow the figures.
    for _ in range(20):
        if server.value("SELECT count(*) FROM evidence WHERE verified_at IS NOT NULL") >= 3:
            break
        again.go("queue").click("#main > .button.main")
        page.wait_for_timeout(500)
    assert server.value("SELECT count(*) FROM evidence WHERE verified_at IS NOT NULL") >= 3
    again.close()


def counted_once(server, before):
    assert server.value("SELECT count(*) FROM report") == before + 3
    assert server.value("SELECT sum(visits) FROM canvass_count") == HOUSES
    outcomes = dict(stage.rows(server.database, "SELECT outcome, visits FROM canvass_count"))
    assert outcomes == {outcome: HOUSES // 4 for outcome in ("talked", "nobody", "declined", "no_house")}
    stage.jarshy("recount", "--database", f"sqlite:{server.database}")


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
