"""What the phone says when something is refused, and that what was typed outlives a change of language."""

import json
import re

from phone import axe_faults
from PIL import Image
from playwright.sync_api import expect


def ready(portal, phone, **whom):
    one = phone(portal.address)
    one.open()
    one.installed()
    one.sign_in(**whom)
    one.whole()
    return one


def send(one):
    page = one.go("queue")
    expect(page.locator(".running")).to_have_count(0)
    page.click("#main > .button.main")
    expect(page.locator(".card.sealed, .card.sending, .running")).to_have_count(0)
    return page


def picture(folder, seed=50):
    file = folder / f"sheet{seed}.jpg"
    Image.effect_noise((800, 600), seed).convert("RGB").save(file)
    return file


def speak(page, language):
    page.select_option("header select", language)
    page.wait_for_selector(f"html[lang={language}]")


def test_a_refused_photo_is_told_sent_again_and_then_makes_room(server, portal, phone, tmp_path):
    one = ready(portal, phone)
    portal.says = lambda method, path, body: (422, {"type": "/problems/hash", "status": 422}) if method == "PUT" else None
    one.file(57, photo=picture(tmp_path))
    page = send(one)
    stuck = page.locator(".card.needs")
    expect(stuck).to_have_count(1)
    expect(stuck).to_contain_text("жолда бүлініп жетті")
    expect(page.locator("#main")).not_to_contain_text("Бәрі жіберілді")
    expect(page.locator("#main .note.stop").first).to_have_text("Сіздің шешіміңіз керек: 1")
    expect(page.locator("nav .mark")).to_have_text("1")
    for language in ("kk", "ru", "en"):
        speak(page, language)
        assert axe_faults(page) == [] and one.sizes() == [] and one.cut() == [], language
        assert "⟦" not in page.locator("body").inner_text()
    speak(page, "kk")
    one.go("today")
    page.click("#main a.button.stop")
    portal.says = lambda method, path, body: None
    page.click(".card.needs button:has-text('Қайта жіберу')")
    expect(page.locator("#main")).to_contain_text("Бәрі жіберілді")
    expect(page.locator("nav .mark")).to_have_count(0)
    page.click("button:has-text('жад босату')")
    expect(page.locator("#said")).to_contain_text("Жад босатылды")
    expect(page.locator("button:has-text('жад босату')")).to_have_count(0)
    one.close()


def test_a_refused_filing_offers_nothing_but_to_mend_it(portal, phone):
    one = ready(portal, phone)

    def refuse(method, path, body):
        if path != "/api/v1/sync":
            return None
        told = {"type": "/problems/odd-thing", "status": 422, "detail": "In the server's own words."}
        return 200, {"outcomes": [{"op": op["op"], "status": "refused", "problem": told} for op in json.loads(body)["ops"]]}

    portal.says = refuse
    one.file(57)
    page = send(one)
    expect(page.locator(".card.needs")).to_contain_text("odd-thing")
    expect(page.locator("#main")).not_to_contain_text("own words")
    one.go("reports")
    page.click(".card a.button >> nth=0")
    expect(page.locator("#main form, #main button.stop")).to_have_count(0)
    portal.says = lambda method, path, body: None
    page.click("#main button.main")
    expect(page.locator("[data-metric=attendees]")).to_have_value("57")
    page.click("form > button.main")
    page.wait_for_selector("form .note.good")
    send(one)
    one.go("reports")
    expect(page.locator(".fate.needs")).to_have_count(0)
    one.close()


def test_a_server_that_does_not_understand_says_update_and_not_no_answer(portal, phone):
    one = ready(portal, phone)
    portal.says = lambda method, path, body: (
        (409, {"type": "/problems/old-envelope", "status": 409}) if path == "/api/v1/sync" else None)
    one.file(57)
    page = one.go("queue")
    page.click("#main > .button.main")
    expect(page.locator("#main")).to_contain_text("ескірген")
    expect(page.locator("#main")).not_to_contain_text("сервер жауап бермеді")
    expect(page.locator(".card.sealed")).to_have_count(1)
    one.close()


def test_photos_are_added_to_a_filed_report_and_survive_another_language(server, portal, phone, tmp_path):
    before = server.value("SELECT count(*) FROM evidence WHERE verified_at IS NOT NULL")
    one = ready(portal, phone)
    one.file(57)
    page = send(one)
    one.go("reports")
    page.click(".card a.button >> nth=0")
    page.click("a:has-text('Фото қосу')")
    page.set_input_files("[name=tally]", picture(tmp_path, 40))
    page.wait_for_selector(".photos li")
    expect(page).to_have_url(re.compile("#evidence/[0-9a-f-]+/[0-9a-f-]+$"))
    speak(page, "ru")
    expect(page.locator(".photos li")).to_have_count(1)
    speak(page, "kk")
    page.click("form > button.main")
    page.wait_for_selector("ul .card")
    expect(page.locator("#main")).to_contain_text("Осы телефонда күтіп тұрған фото: 1")
    send(one)
    assert server.value("SELECT count(*) FROM evidence WHERE verified_at IS NOT NULL") == before + 1
    one.go("reports")
    expect(page.locator("#main")).to_contain_text("Фото жетті: 1 / 1")
    one.close()


def test_what_was_typed_outlives_a_language_and_a_reload(portal, phone):
    def dress(pull):
        unit = next(one["code"] for one in pull["units"] if one["home"])
        names = {"kk": "Парақша", "ru": "Листовка", "en": "Leaflet"}
        pull["materials"] = {"incoming": [], "sites": [], "stock": [
            {"unit": unit, "on_hand": 340, "on_the_way": 0, "count_needed": False, "material": "01a1fd00-0000-7000-8000-000000000000",
             "names": names, "kind": "leaflet", "class": "information", "languages": ["kk"]}]}
        pull["person"]["rights"] += ["correctReports", "voidReports"]
        return pull

    portal.dress = dress
    one = ready(portal, phone)
    one.file(33)
    page = send(one)
    # A deed and a correction keep no draft: their fields are carried over. The server knows no such leaflet, so it is not asked.
    one.context.set_offline(True)
    one.show("stock")
    page.click(".card a.button")
    page.check("input[value=write_off]", force=True)
    page.fill("[name=quantity]", "17")
    page.check("input[value=outdated]", force=True)
    speak(page, "en")
    expect(page.locator("[name=quantity]")).to_have_value("17")
    expect(page.locator("input[value=outdated]")).to_be_checked()
    page.click("form > button.main")
    page.wait_for_selector("ul .card")
    expect(page.locator("#main")).to_contain_text("323")
    one.go("queue")
    expect(page.locator(".card").first).to_contain_text("Leaflet: 17")
    speak(page, "kk")
    one.go("reports")
    page.click(".card a.button >> nth=0")
    page.fill("[data-metric=attendees]", "44")
    page.check("input[value=recount]", force=True)
    speak(page, "ru")
    expect(page.locator("[data-metric=attendees]")).to_have_value("44")
    expect(page.locator("input[value=recount]")).to_be_checked()
    speak(page, "kk")
    # A report and a question are drafts: the address names them.
    one.go("quick")
    page.check("input[value=meeting]", force=True)
    page.fill("[data-metric=attendees]", "71")
    expect(page).to_have_url(re.compile("#quick/"))
    speak(page, "en")
    expect(page.locator("[data-metric=attendees]")).to_have_value("71")
    speak(page, "kk")
    one.show("ask/office")
    page.fill("textarea", "Учаске қайда?")
    expect(page).to_have_url(re.compile("#ask/office/"))
    page.reload()
    expect(page.locator("textarea")).to_have_value("Учаске қайда?")
    one.close()


def test_a_correction_being_mended_goes_on_from_today(portal, phone):
    portal.dress = lambda pull: {**pull, "person": {**pull["person"], "rights": [*pull["person"]["rights"], "correctReports"]}}
    one = ready(portal, phone)
    one.file(33)
    send(one)

    def refuse(method, path, body):
        if path != "/api/v1/sync":
            return None
        told = {"type": "/problems/invalid", "status": 422}
        return 200, {"outcomes": [{"op": op["op"], "status": "refused", "problem": told} for op in json.loads(body)["ops"]]}

    portal.says = refuse
    one.correct(0, 44)
    page = send(one)
    expect(page.locator(".card.needs")).to_contain_text("Түзету")
    page.click(".card.needs button:has-text('Түзеп')")
    expect(page.locator("[data-metric=attendees]")).to_have_value("44")
    one.go("today")
    card = page.locator("section .card", has=page.locator("a:has-text('Жалғастыру')"))
    expect(card).to_contain_text("Түзету")
    card.locator("a").click()
    expect(page.locator("[data-metric=attendees]")).to_have_value("44")
    one.close()
