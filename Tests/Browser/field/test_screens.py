"""Every screen at 360 px in three languages: accessible, big enough for a thumb, with all its words."""

import datetime
import os
import pathlib

from phone import axe_faults
from rows import EPOCH, lease, today

DAY = EPOCH + datetime.timedelta(today())
ROUND_TEXT = {"kk": "«Дауыс беру тәртібі» парақшасы", "ru": "Листовка «Порядок голосования»", "en": "Leaflet: how to vote"}
MATERIAL = {"names": ROUND_TEXT, "kind": "leaflet", "class": "information", "languages": ["kk", "ru"]}
LANGUAGES = ("kk", "ru", "en")
EVENT = "01a1fd00-0000-7000-8000-0000000000aa"
IDS = [f"01a1fd00-0000-7000-8000-00000000000{digit}" for digit in range(8)]


def fuller(pull):
    """What the phone is told, with materials, questions and events in every state that has words of its own."""
    unit = next(one["code"] for one in pull["units"] if one["home"])
    stock = {"unit": unit, "on_hand": 340, "on_the_way": 60, "count_needed": True, "material": IDS[0], **MATERIAL}
    move = {"move": IDS[1], "material": IDS[0], "names": ROUND_TEXT, "from": unit, "to": unit, "quantity": 60, "sent": pull["now"]}
    site = {"id": IDS[2], "unit": unit, "address": "Абай көшесі, 1", "capacity": 4, "condition": "in_place",
            "class": "campaigning", "take_down": str(DAY)}
    other = {**site, "id": IDS[3], "condition": "damaged", "take_down": str(DAY + datetime.timedelta(30))}
    pull["materials"] = {"stock": [stock], "incoming": [move], "sites": [site, other]}
    asked = {"unit": unit, "language": "kk", "asked": pull["now"], "joined": False, "reply": "activist", "text": "Қайда дауыс беремін?"}
    answer = {"id": IDS[4], "version": 2, "language": "kk", "text": "Учаскеде.\n\nТізімнен қараңыз.", "told": False,
              "corrected": str(DAY), "sources": [{"title": "Ереже"}, {"title": "Сайт", "url": "https://example.org/"}]}
    states = ["new", "with_expert", "clarify", "checking", "answered", "published", "not_published"]
    own = [{**asked, "id": f"{IDS[5][:-1]}{number}", "state": state, "due": str(DAY)} for number, state in enumerate(states)]
    own[2]["ask"] = "Қай қалада?"
    own[4]["answer"] = answer
    own[1]["joined"] = True
    pull["questions"]["own"] = own
    event = {"id": EVENT, "campaign": pull["campaigns"][0]["code"], "unit": unit, "title": "", "language": "kk", "activity": "meeting",
             "audience": "residents", "day": str(DAY), "from": "10:00", "to": "11:30", "begins": 0, "form": "hybrid",
             "place": "Мәдениет үйі", "class": "information", "state": "announced", "parts": ["hall", "online"]}
    event["bodies"] = [{"kind": "event.report", "part": part, **{key: event[key] for key in ("campaign", "unit", "day", "activity", "audience")},
                        "event": EVENT, "channel": "in_person"} for part in event["parts"]]
    late = {**event, "id": IDS[6], "day": str(DAY - datetime.timedelta(1)), "form": "online", "parts": ["online"], "activity": "live_stream"}
    told = {**event, "id": IDS[7], "from": "15:00", "to": "16:00", "parts": [], "reported": True}
    pull["events"] = [late, event, told]
    pull["phones"] = [{"id": IDS[0], "name": "Менің телефоным", "owner": "Айгүл Серікова", "count": 3, "numbers": "41–43"}]
    return pull


def quiet(pull):
    for campaign in pull["campaigns"]:
        campaign["quiet"] = [str(DAY)]
    for round_ in pull["rounds"]:
        round_["class"] = "campaigning"
    for one in pull["materials"]["stock"]:
        one["class"] = "campaigning"
    return pull


def open_all(one, unit, doors):
    """Names of the screens; each stands, with what unfolds on it, when its name is given."""
    page = one.page
    deed = f"deed/{unit}/{IDS[0]}"
    plain = [("today", "today", None), ("quick", "quick", "input[value=meeting]"), ("quick-work", "quick", "input[value=workplace_meeting]"),
             ("reports", "reports", None), ("queue", "queue", None), ("doors", "doors", None),
             ("door", f"door/{doors}/1", None), ("event", "event", None), ("event-tally", "event", "input[value=tally]"),
             ("event-estimate", "event", "input[value=estimate]"), ("event-planned", f"event/of.{EVENT}", None),
             ("questions", "questions", None), ("ask", "ask/event", "input[value=contact]"), ("stock", "stock", None)]
    plain += [(f"deed-{kind}", deed, f"input[value={kind}]") for kind in ("hand_out", "receive", "move", "count", "write_off")]
    plain += [("accept", f"deed/accept/{IDS[1]}", None), ("sites", "sites", None), ("site", f"sites/{IDS[2]}", None)]
    for name, screen, choice in plain:
        one.show(screen)
        if choice:
            page.check(choice, force=True)
        yield name
    one.show(f"doors/{doors}")
    page.click("main > details > summary")
    page.wait_for_selector("svg.qr")
    yield "list"
    one.show(f"door/{doors}/1")
    page.locator(".outcome").last.click()
    page.wait_for_selector("form .note.warn")
    yield "door-asked"
    one.show("reports")
    page.click(".card a.button >> nth=0")
    page.wait_for_selector("[data-metric=attendees]")
    page.check("input[value=other]", force=True)
    yield "correct"
    one.show("event")
    page.check("input[value=taps]", force=True)
    page.click(".tap >> nth=0")
    page.click(".tap >> nth=1")
    page.click(".tap >> nth=1")
    page.wait_for_selector(".counter .note.warn")
    yield "event-differs"
    one.context.set_offline(True)
    one.file(61)
    yield "saved"
    one.show("ask/office")
    page.fill("textarea", "Қалай дауыс беремін?")
    page.check("input[value=number]", force=True)
    page.click("form > button.main")
    page.wait_for_selector(".number")
    yield "number"
    one.show("queue")
    page.wait_for_selector(".card.sealed")
    page.click("main > details > summary")
    page.click("main details .pair button >> nth=1")
    page.wait_for_selector("svg.qr")
    yield "hand-over"
    page.click("#main > .row .button")
    page.wait_for_selector("#main > .row .note.warn")
    yield "signing-out"
    one.context.set_offline(False)
    page.click("#main > .button.main")
    page.wait_for_selector(".card.sealed", state="detached")


def look(one, where, shots):
    """Nothing that axe finds, nothing too small for a thumb, nothing cut, no word missing."""
    page = one.page
    assert axe_faults(page) == [], where
    assert one.sizes() == [], where
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, where
    assert one.cut() == [], where
    text = page.locator("body").inner_text()
    assert "⟦" not in text and "undefined" not in text and "{" not in text and "NaN" not in text, where
    if shots:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": 360, "height": max(740, height)})
        page.screenshot(path=pathlib.Path(shots) / f"{where}.png")
        page.set_viewport_size({"width": 360, "height": 740})


def test_every_screen_is_clean_in_three_languages(server, portal, phone):
    """Pictures of all go to the folder that JARSHY_SHOTS names, for people to look at."""
    shots = os.environ.get("JARSHY_SHOTS")
    doors = lease(server, 12)
    portal.dress = fuller
    one = phone(portal.address)
    page = one.open()
    one.installed()
    for language in LANGUAGES:
        page.select_option("header select", language)
        page.wait_for_selector(f"html[lang={language}] form [name=login]")
        look(one, f"signin.{language}", shots)
    one.sign_in()
    one.whole()
    one.file(57)
    unit = server.value("SELECT c.code FROM unit_code c JOIN role_grant g ON g.unit = c.unit "
                        "JOIN account a ON a.person = g.person WHERE a.login = 'secretary' ORDER BY c.code LIMIT 1")
    seen = set()
    for language in LANGUAGES:
        one.show("today")
        page.select_option("header select", language)
        page.wait_for_selector(f"html[lang={language}]")
        for name in open_all(one, unit, doors):
            look(one, f"{name}.{language}", shots)
            seen.add((name, language))
    assert len(seen) >= 3 * 30, "the screens were not opened"

    # A quiet day, known from the calendar on the phone.
    portal.dress = lambda pull: quiet(fuller(pull))
    one.go("queue")
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/field")):
        page.click("#main > .button.main")
    one.context.set_offline(True)
    for language in LANGUAGES:
        one.show("today")
        page.select_option("header select", language)
        page.wait_for_selector(f"html[lang={language}]")
        for name, screen in [("today", "today"), ("quick", "quick"), ("stock", "stock"), ("doors", "doors"),
                             ("hand-out", f"deed/{unit}/{IDS[0]}")]:
            one.show(screen)
            page.wait_for_selector("main .note.warn")
            if name == "hand-out":
                assert page.locator("input[value=hand_out]").count() == 0, "campaigning material is handed out on a quiet day"
            look(one, f"quiet-{name}.{language}", shots)
    one.close()
