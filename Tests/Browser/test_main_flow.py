"""The main job: a figure travels from a phone to the board of the republic, opens down to its report, and is corrected."""

import re

from playwright.sync_api import expect

import flow
from visitor import PHONE


def test_a_report_moves_the_board_and_opens_down_to_itself(server, visit):
    board = visit(server, "coordinator").open(f"/board/{flow.REPUBLIC}")
    expect(board.locator("body")).to_have_attribute("data-live-state", "open")
    # The mark dies with the document: it proves that nothing was loaded anew.
    board.evaluate("window.sameDocument = true")
    events, attendees = flow.headline(board, "events"), flow.headline(board, "attendees")
    region = _child_figure(board, flow.REGION)

    secretary = visit(server, "secretary", size=PHONE).page
    report = flow.file_report(secretary, attendees=57, questions=3)
    assert flow.figures(secretary) | {"Қатысу саны": 57, "Қойылған сұрақ": 3} == flow.figures(secretary)

    flow.expect_headline(board, "attendees", attendees + 57)
    assert flow.headline(board, "events") == events + 1
    assert _child_figure(board, flow.REGION) == region + 1
    assert board.evaluate("window.sameDocument")

    coordinator = _open_down(visit, server)
    assert re.search(r"/reports/[0-9a-f-]{36}", coordinator.url).group() == report
    assert flow.figures(coordinator)["Қатысу саны"] == 57

    flow.correct(secretary, attendees=75)
    assert report in secretary.url
    assert flow.figures(secretary)["Қатысу саны"] == 75
    chain = secretary.locator(".history > li")
    assert chain.count() == 2
    newest = chain.first
    assert "now" in newest.get_attribute("class")
    assert newest.locator("del").inner_text() == "57"
    assert newest.locator("ins").inner_text() == "75"
    expect(newest).to_contain_text("Қате терілді")
    expect(newest).to_contain_text("Гүлнар Әбенова")

    flow.expect_headline(board, "attendees", attendees + 75)
    assert flow.headline(board, "events") == events + 1, "a correction is no second event"
    assert board.evaluate("window.sameDocument")


def _child_figure(board, code):
    row = board.locator(f'#board-children tbody tr:has(th a[href^="/board/{code}?"])')
    return flow.number(row.locator("td").first.inner_text())


def _open_down(visit, server):
    """Republic, region, district, city, unit, list, report: only by pressing what the pages offer."""
    page = visit(server, "coordinator").open(f"/board/{flow.REPUBLIC}")
    for code in (flow.REGION, flow.DISTRICT, flow.CITY, flow.UNIT):
        page.click(f'#board-children th a[href^="/board/{code}?"]')
        page.wait_for_url(re.compile(rf"/board/{code}\?"))
    of_unit = flow.headline(page, "attendees")
    page.click("#headline-attendees .headline-value a")
    page.wait_for_url(re.compile(r"/reports\?"))
    listed = page.locator("table.reports tbody tr")
    told = [int(found) for text in listed.all_inner_texts() for found in re.findall(r"Қатысу саны: (\d+)", text)]
    assert sum(told) == of_unit, "the reports listed are not what the figure is made of"
    page.locator("tr", has_text="Қатысу саны: 57").locator("th a").first.click()
    page.wait_for_url(re.compile(r"/reports/[0-9a-f-]{36}"))
    return page


def test_a_board_below_another_region_stays_still(server, visit):
    """A stream wakes the units above a report, and no others."""
    other = visit(server, "coordinator").open("/board/390000000")
    own = visit(server, "coordinator").open(f"/board/{flow.DISTRICT}")
    for board in (other, own):
        expect(board.locator("body")).to_have_attribute("data-live-state", "open")
    before, still = flow.headline(own, "attendees"), other.locator("main").inner_html()
    flow.file_report(visit(server, "secretary").page, attendees=21, questions=0)
    flow.expect_headline(own, "attendees", before + 21)
    assert other.locator("main").inner_html() == still
