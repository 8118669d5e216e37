"""Three languages of one page: the switch keeps the page and what is chosen on it."""

import pytest

import flow
import looks


@pytest.mark.parametrize("login, path", [
    ("coordinator", f"/board/{flow.REGION}?metric=attendees&activity=meeting&basis=present"),
    ("coordinator", "/reports?unit=350000000&band=submitted"),
    ("secretary", f"/report?unit={flow.UNIT}"),
])
def test_the_switch_keeps_the_page(shared, visit, login, path):
    visitor = visit(shared, login)
    page = visitor.open(path)
    chosen = dict(part.split("=") for part in path.partition("?")[2].split("&"))
    headings = [page.locator("h1").inner_text()]
    for language in ("ru", "en", "kk"):
        page.click(f'.languages a[lang="{language}"]')
        page.wait_for_url(f"**lang={language}**")
        assert page.url.startswith(shared.address + path.partition("?")[0])
        now = dict(part.split("=") for part in page.url.partition("?")[2].split("&"))
        assert chosen | {"lang": language} == now
        looks.told(page, language)
        headings.append(page.locator("h1").inner_text())
    assert headings[0] == headings[3]
    assert len(set(headings)) == 3, headings
    # The choice is kept for the next page, which says nothing of a language itself.
    page.click('.languages a[lang="en"]')
    page.goto("/me")
    looks.told(page, "en")


def test_the_signs_of_a_language_are_right(shared, visit):
    page = visit(shared, "coordinator", language="ru").open(f"/board/{flow.REPUBLIC}")
    text = page.locator("main").inner_text()
    assert "г.." not in text and ".." not in text.replace("...", "")
    # 0 % with a hard space in Russian, 0% in English and Kazakh.
    assert "0\u00a0%" in text
    page = visit(shared, "coordinator", language="en").open(f"/board/{flow.REPUBLIC}")
    assert "0%" in page.locator("main").inner_text()
