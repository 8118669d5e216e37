"""Steps that several tests take."""

import re

from playwright.sync_api import expect

REPUBLIC, REGION, DISTRICT, CITY, UNIT = "KZ", "350000000", "352200000", "352210000", "352200000-P001"
# A group with a history of its own, against which a large number is seen.
GROUP = "352200000-G-law"


def number(text):
    """57 of "57", 1204 of "1 204" with any kind of space."""
    digits = re.sub(r"\s", "", text.split(".")[0])
    assert re.fullmatch(r"\d+", digits), f"no number: {text!r}"
    return int(digits)


def spaced(value):
    """A pattern of a number as any of the languages writes it: 4 077, 4,077."""
    return r"[\s,]".join(f"{value:,}".split(","))


def headline(page, metric):
    """A board's figure as it is shown now."""
    return number(page.locator(f"#headline-{metric} .headline-value a").inner_text())


def expect_headline(page, metric, value):
    """Waits for a board to show a figure."""
    expect(page.locator(f"#headline-{metric} .headline-value a")).to_have_text(
        re.compile(rf"^\s*{spaced(value)}\s*\."), timeout=8_000)


def file_report(page, *, unit=UNIT, kind="meeting", attendees, questions):
    """Files by the quick form, starting from the unit's board; ends on the report's own page, whose path it returns."""
    page.goto(f"/board/{unit}")
    page.click('.page-head a[href^="/report?"]')
    page.check(f'[name=activity][value="{kind}"]')
    page.fill('[name="metrics.attendees"]', str(attendees))
    page.fill('[name="metrics.questions"]', str(questions))
    page.click("form.quick button[type=submit]")
    page.wait_for_url(re.compile(r"/reports/[0-9a-f-]{36}"))
    return re.search(r"/reports/[0-9a-f-]{36}", page.url).group()


def figures(page):
    """The figures of a report's page by name."""
    names, values = page.locator("dl.figures dt").all_inner_texts(), page.locator("dl.figures dd").all_inner_texts()
    return dict(zip(names, map(number, values), strict=True))


def correct(page, *, attendees, reason="typo"):
    """Corrects the report that is open, with a reason chosen by a tap; ends on its page again."""
    if not page.locator("#correct[open]").count():
        page.click("#correct > summary")
    page.fill('#correct [name="metrics.attendees"]', str(attendees))
    page.check(f'#correct [name=reason][value="{reason}"]')
    page.click("#correct form > button[type=submit]")
    page.wait_for_load_state()
