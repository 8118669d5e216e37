"""A question asked at an event travels to an expert, is asked back, comes back to whoever asked, and stands in the public bank."""

import re

from playwright.sync_api import expect

import flow
from visitor import PHONE

ASKED = "Көрші үйде тұратын анам жүре алмайды. Ол қалай дауыс береді?"
TITLE = "Жүре алмайтын адам қалай дауыс береді?"
ANSWER = "Өтінішпен үйде дауыс бере алады.\nӨтінімді учаскелік комиссия қабылдайды."


def opened(page, action):
    """Opens the folded form of a deed, if it is folded."""
    folded = page.locator(f"details:not([open]):has(form[action$='/{action}']) > summary")
    if folded.count():
        folded.click()
    return page.locator(f"form[action$='/{action}']")


def take_down(visit, server):
    """The secretary writes it down on the page of the event that was held; the asker is given the number on a slip."""
    event = server.id("SELECT id FROM event WHERE state = 'held' AND shown = 'public' ORDER BY start_at DESC, id LIMIT 1")
    page = visit(server, "secretary", size=PHONE).open(f"/events/{event}")
    page.click('a[href^="/questions/new?event="]')
    # What may serve it is looked up while it is typed; what was shown is not shown again.
    with page.expect_response("**/api/v1/asked?*"):
        page.fill("[name=text]", ASKED)
    page.select_option("[name=topic]", "away")
    page.check('[name=reply][value="number"]')
    page.click("form.form button[type=submit]")
    page.wait_for_url(re.compile(r"/questions/[0-9a-f-]{36}$"))
    number = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator(".flash").first.inner_text()).group()
    question = page.url.rsplit("/", 1)[1]
    assert server.value("SELECT count(*) FROM question WHERE event IS NOT NULL AND body = ?", ASKED) == 1
    return event, question, number


def follow(stranger, number):
    page = stranger.open("/question")
    page.fill("[name=number]", number)
    page.click("main form button[type=submit]")
    return page


def test_a_question_of_an_event_goes_to_the_expert_back_to_the_asker_and_into_the_bank(server, visit):
    event, question, number = take_down(visit, server)

    # It lies with the expert of the topic and territory at once, who has to know more.
    expert = visit(server, "speaker").open("/questions?show=mine")
    expert.click(f'a[href="/questions/{question}"]')
    opened(expert, "ask-back").locator("textarea").fill("Анаңыз қай ауылда тұрады?")
    opened(expert, "ask-back").locator("button[type=submit]").click()

    # The asker, at home and without an account, answers by the number.
    stranger = visit(server, size=PHONE)
    page = follow(stranger, number)
    expect(page.locator("main")).to_contain_text(ASKED)
    expect(page.locator("main")).to_contain_text("Анаңыз қай ауылда тұрады?")
    page.fill("form[action='/question/clarification'] textarea", "Саран қаласында.")
    page.click("form[action='/question/clarification'] button[type=submit]")

    # The expert answers with a fact of the library and a link.
    library = visit(server).open("/facts")
    library.click("main article a >> nth=0")
    source = library.url.split("?")[0]
    expert.goto(f"/questions/{question}")
    expect(expert.locator("main")).to_contain_text("Саран қаласында.")
    form = expert.locator("form[action$='/answer']")
    form.locator("[name=title]").fill(TITLE)
    form.locator("[name=answer]").fill(ANSWER)
    form.locator("[name=sources]").fill(f"{source}\nКомиссияның түсіндірмесі | https://example.kz/commission | 12.01.2026")
    form.locator("button[type=submit]").click()
    expect(expert.locator(".flash").first).to_be_visible()
    # Nobody has it yet, and the author cannot publish it.
    assert expert.locator("form[action$='/approve']").count() == 0
    assert TITLE not in visit(server).open("/answers").content()

    reviewer = visit(server, "reviewer").open(f"/questions/{question}")
    reviewer.click("form[action$='/approve'] button")
    reviewer.wait_for_load_state()

    # Back to whoever asked, by the same number, in the language asked in.
    page = follow(stranger, number)
    expect(page.locator("main")).to_contain_text("Өтінішпен үйде дауыс бере алады.")
    page.click('main a[href^="/answers/"]')
    page.wait_for_url(re.compile(r"/answers/[0-9a-f-]{36}"))
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator('main a[href^="/facts/"]').first).to_be_visible()
    assert ASKED not in page.content(), "the bank holds the asker's own words"
    page.click("#press button[value='1']")
    page.wait_for_url(re.compile(r"/answers/[0-9a-f-]{36}"))
    expect(page.locator(".flash").first).to_be_visible()

    # And into the public bank, for everybody, at once.
    bank = visit(server).open("/answers")
    while not bank.locator("article a", has_text=TITLE).count():
        bank.click("a[rel=next]")
    bank.locator("article a", has_text=TITLE).click()
    expect(bank.locator("h1")).to_have_text(TITLE)

    # After the event the hall is asked as well; both presses stand on the board with their base.
    hall = visit(server).open(f"/meetings/{event}")
    hall.click("#press button[value='0']")
    hall.wait_for_load_state()
    board = visit(server, "coordinator").open(f"/board/{flow.REPUBLIC}")
    expect(board.locator(".sums")).to_contain_text("(1 / 2)")
    assert server.value("SELECT sum(helped) FROM answer") == 1
