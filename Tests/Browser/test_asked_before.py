"""Has this been asked? Answers appear while a question is typed; without scripts they are shown once before it is taken."""

import re

from playwright.sync_api import expect

from visitor import PHONE

# As somebody types it on a keyboard without the Kazakh letters, in Latin, and in words of one's own.
LATIN = "Men uide dauys bere alamyn ba?"
COUNT = "SELECT count(*) FROM question"


def test_answers_appear_while_a_question_is_typed(server, visit):
    page = visit(server, size=PHONE).open("/ask")
    section = page.locator("#asked-before")
    expect(section).to_be_hidden()
    page.locator("[name=text]").press_sequentially(LATIN)
    expect(section).to_be_visible()
    link = section.locator("a").first
    expect(link).to_have_attribute("href", re.compile(r"^/answers/[0-9a-f-]{36}$"))
    before = server.value(COUNT)
    # What was shown is not shown again: the question is taken.
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text(re.compile("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"))
    assert server.value(COUNT) == before + 1


def test_nothing_appears_for_what_has_no_answer(server, visit):
    page = visit(server).open("/ask")
    with page.expect_response("**/api/v1/asked?*"):
        page.fill("[name=text]", "Жирафтың мойны неге ұзын болады екен?")
    expect(page.locator("#asked-before")).to_be_hidden()


def test_without_scripts_there_is_a_step_before_sending(server, visit):
    page = visit(server, size=PHONE, scripts=False).open("/ask")
    before = server.value(COUNT)
    page.fill("[name=text]", LATIN)
    page.click("main form button[type=submit]")
    section = page.locator("#asked-before")
    expect(section.locator("a").first).to_have_attribute("href", re.compile(r"^/answers/"))
    expect(page.locator("[name=text]")).to_have_value(LATIN)
    assert server.value(COUNT) == before
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text(re.compile("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"))
    assert server.value(COUNT) == before + 1
