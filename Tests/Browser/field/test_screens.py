"""Every screen at 360 px in three languages: accessible, big enough for a thumb, with all its words."""

import datetime
import os
import pathlib

from phone import axe_faults
from rows import lease

DAY = datetime.date.today()
ROUND_TEXT = {"kk": "«Дауыс беру тәртібі» парақшасы", "ru": "Листовка «Порядок голосования»", "en": "Leaflet: how to vote"}
MATERIAL = {"names": ROUND_TEXT, "kind": "leaflet", "class": "information", "languages": ["kk", "ru"]}
IDS = [f"01a1fd00-0000-7000-8000-00000000000{digit}" for digit in range(8)]


def fuller(pull):
    """What the phone is told, with materials and questions in every state that has words of its own."""
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
    return pull


def open_all(one, unit, doors):
    """Names and addresses of the screens, with what unfolds on them."""
    deed = f"deed/{unit}/{IDS[0]}"
    yield from [("today", "today", None), ("quick", "quick", "input[value=meeting]"), ("reports", "reports", None), ("queue", "queue", None),
                ("doors", "doors", None), ("list", f"doors/{doors}", None), ("door", f"door/{doors}/1", None),
                ("event", "event", None), ("event-tally", "event", "input[value=tally]"), ("event-estimate", "event", "input[value=estimate]"),
                ("questions", "questions", None), ("ask", "ask/event", "input[value=contact]"), ("stock", "stock", None)]
    yield from [(f"deed-{kind}", deed, f"input[value={kind}]") for kind in ("hand_out", "receive", "move", "count", "write_off")]
    yield from [("accept", f"deed/accept/{IDS[1]}", None), ("sites", "sites", None), ("site", f"sites/{IDS[2]}", None)]


def test_every_screen_is_clean_in_three_languages(server, portal, phone):
    doors = lease(server, 12)
    portal.dress = fuller
    one = phone(portal.address)
    page = one.open()
    one.installed()
    assert axe_faults(page) == []
    one.sign_in()
    one.whole()
    one.file(57)
    unit = server.value("SELECT c.code FROM unit_code c JOIN role_grant g ON g.unit = c.unit "
                        "JOIN account a ON a.person = g.person WHERE a.login = 'secretary' ORDER BY c.code LIMIT 1")
    shots = os.environ.get("JARSHY_SHOTS")
    seen = set()
    for language in ("kk", "ru", "en"):
        one.show("today")
        page.select_option("header select", language)
        for name, screen, choice in open_all(one, unit, doors):
            one.show(screen)
            if choice:
                page.check(choice, force=True)
            for fold in page.locator("main > details > summary").all() if name == "list" else []:
                fold.click()
            if name == "list":
                page.wait_for_selector("svg.qr")
            where = f"{name} {language}"
            assert axe_faults(page) == [], where
            assert one.sizes() == [], where
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, where
            text = page.locator("body").inner_text()
            assert "⟦" not in text and "undefined" not in text and "{" not in text, where
            seen.add(page.locator("h1").inner_text() + language)
            if shots:
                page.screenshot(path=pathlib.Path(shots) / f"{name}.{language}.png", full_page=True)
    assert len(seen) >= 3 * 12, "the screens were not opened"
    one.close()
