"""Everything but the live update works in a browser that runs no scripts."""

import re

import flow
from visitor import PHONE


def test_the_main_flow_without_scripts(server, visit):
    secretary = visit(server, "secretary", size=PHONE, scripts=False)
    page = secretary.page
    before = flow.headline(secretary.open(f"/board/{flow.DISTRICT}"), "attendees")
    report = flow.file_report(page, attendees=33, questions=2)
    flow.correct(page, attendees=35, reason="recount")
    assert flow.figures(page)["Қатысу саны"] == 35
    assert flow.headline(secretary.open(f"/board/{flow.DISTRICT}"), "attendees") == before + 35

    reviewer = visit(server, "reviewer", scripts=False)
    reviewer.open(report)
    assert reviewer.page.locator(".page-head .state-submitted").count() == 1
    reviewer.page.locator(".acts-checks button").first.click()
    reviewer.page.wait_for_load_state()
    assert reviewer.page.locator(".page-head .state-submitted").count() == 0
    assert reviewer.page.locator(".page-head").locator(".state-district, .state-region").count() == 1

    coordinator = visit(server, "coordinator", scripts=False)
    page = coordinator.open(f"/board/{flow.DISTRICT}")
    page.click("#filters > summary")
    page.select_option("#filters [name=activity]", "meeting")
    page.click("#filters button[type=submit]")
    page.wait_for_url(re.compile("activity=meeting"))
    meetings = flow.headline(page, "attendees")
    assert 0 < meetings < before + 35, "the filter narrowed nothing"

    page.click("#board-cite > summary")
    page.select_option("#board-cite select", "attendees")
    page.click("#board-cite button[type=submit]")
    page.wait_for_url(re.compile("/cite/"))
    quotes = page.locator(".cite blockquote").all_inner_texts()
    assert len(quotes) >= 2
    assert all(re.search(rf": {flow.spaced(meetings)}\.", quote) for quote in quotes), quotes
    # Without scripts the text is there to be selected; the button that would copy it is not.
    assert page.locator("textarea.copy-text").first.is_visible()
    assert page.locator("button[data-copy]:visible").count() == 0

    page.click(".person > summary")
    page.click('.person-menu form[action="/signout"] button')
    page.wait_for_load_state()
    assert coordinator.page.goto(f"/board/{flow.DISTRICT}").url.startswith(f"{server.address}/signin")
