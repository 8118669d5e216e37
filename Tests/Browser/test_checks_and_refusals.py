"""What may be done with a report besides correcting it, and what a refusal leaves behind."""

import re

from playwright.sync_api import expect

import flow
import looks
from visitor import PHONE


def test_a_void_takes_the_figures_out_and_leaves_the_report(server, visit):
    secretary = visit(server, "secretary", size=PHONE)
    page = secretary.page
    before = flow.headline(secretary.open(f"/board/{flow.UNIT}"), "attendees")
    report = flow.file_report(page, attendees=44, questions=1)
    assert flow.headline(secretary.open(f"/board/{flow.UNIT}"), "attendees") == before + 44
    page = secretary.open(report)
    page.click("#void > summary")
    page.check('#void [name=reason][value="twice"]')
    page.click("#void button[type=submit]")
    page.wait_for_load_state()
    expect(page.locator(".page-head .state-voided")).to_be_visible()
    expect(page.locator(".history > li.now")).to_contain_text("Екі рет енгізілген")
    assert page.locator("#correct, #void").count() == 0, "a void report takes no more deeds"
    assert flow.figures(page)["Қатысу саны"] == 44, "what was told can still be read"
    assert flow.headline(secretary.open(f"/board/{flow.UNIT}"), "attendees") == before


def test_a_check_moves_the_figure_to_its_band_and_nobody_checks_their_own(server, visit):
    secretary = visit(server, "secretary")
    report = flow.file_report(secretary.page, attendees=26, questions=1)
    # A secretary checks for the city, but never what they filed themselves.
    assert secretary.open(report).locator(".acts-checks button").count() == 0

    reviewer = visit(server, "reviewer")
    board = reviewer.open(f"/board/{flow.UNIT}")
    before = _bands(board)
    page = reviewer.open(report)
    buttons = page.locator(".acts-checks button")
    assert buttons.count() >= 1
    buttons.last.click()
    page.wait_for_load_state()
    expect(page.locator(".page-head").locator(".state-district, .state-region")).to_be_visible()
    after = _bands(reviewer.open(f"/board/{flow.UNIT}"))
    assert after[0] == before[0] - 26, "checked figures leave the band of what is only submitted"
    assert sum(after) == sum(before), "a check changes no sum"


def _bands(board):
    """Submitted, checked by the district, checked by the region, as the bar tells them."""
    told = board.locator("#headline-attendees svg.bar").get_attribute("aria-label")
    return [flow.number(found) for found in re.findall(r": ([\d\s]+)", told)]


def test_a_refusal_keeps_what_was_typed_and_says_where_the_fault_is(server, visit):
    secretary = visit(server, "secretary", size=PHONE)
    before = flow.headline(secretary.open(f"/board/{flow.UNIT}"), "attendees")
    page = secretary.open(f"/report?unit={flow.UNIT}")
    page.check('[name=activity][value="open_meeting"]')
    page.fill('[name="metrics.attendees"]', "999999")
    page.fill('[name="metrics.questions"]', "7")
    page.click("#quick-more > summary")
    page.fill("[name=note]", "Мектеп залы, сағат 18:00")
    page.click("form.quick button[type=submit]")
    page.wait_for_load_state()

    summary = page.locator(".problem[role=alert]")
    expect(summary).to_contain_text("Жазғаныңыз сақталды")
    field = page.locator('[name="metrics.attendees"]')
    expect(field).to_have_value("999999")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator('[name="metrics.questions"]')).to_have_value("7")
    expect(page.locator("[name=note]")).to_have_value("Мектеп залы, сағат 18:00")
    expect(page.locator('[name=activity][value="open_meeting"]')).to_be_checked()
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.id") == field.get_attribute("id")
    looks.accessible(page)
    looks.fits(page)
    beside = visit(server, "coordinator")
    assert flow.headline(beside.open(f"/board/{flow.UNIT}"), "attendees") == before

    # Mended, the same form goes through.
    page.fill('[name="metrics.attendees"]', "29")
    page.click("form.quick button[type=submit]")
    page.wait_for_url(re.compile(r"/reports/[0-9a-f-]{36}"))
    assert flow.figures(page)["Қатысу саны"] == 29


def test_a_large_number_is_asked_about_and_accepted_when_it_is_right(server, visit):
    secretary = visit(server, "secretary", size=PHONE)
    page = secretary.open(f"/report?unit={flow.GROUP}")
    page.check('[name=activity][value="meeting"]')
    page.fill('[name="metrics.attendees"]', "4000")
    page.click("form.quick button[type=submit]")
    page.wait_for_load_state()
    asked = page.locator(".confirm[role=alert]")
    expect(asked).to_contain_text("Дұрыс па?")
    expect(page.locator('[name="metrics.attendees"]')).to_have_value("4000")
    looks.accessible(page)
    page.click("form.quick button[type=submit]")
    page.wait_for_url(re.compile(r"/reports/[0-9a-f-]{36}"))
    assert flow.figures(page)["Қатысу саны"] == 4000


def test_a_small_number_is_never_asked_about(server, visit):
    flow.file_report(visit(server, "secretary", size=PHONE).page, attendees=6, questions=0)
