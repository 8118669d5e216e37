"""Nobody sees beyond where they hold a role: a page outside does not exist, a deed without the right is refused."""

import pytest

import flow


def test_a_report_of_another_region_does_not_exist_for_a_secretary(shared, visit):
    foreign = shared.id(
        "SELECT r.id FROM report r JOIN unit_code c ON c.unit = r.unit WHERE c.code LIKE '39%' ORDER BY r.id LIMIT 1")
    own = shared.id(
        "SELECT r.id FROM report r JOIN unit_code c ON c.unit = r.unit WHERE c.code LIKE '352200000%' ORDER BY r.id LIMIT 1")
    secretary = visit(shared, "secretary")
    page = secretary.open(f"/reports/{foreign}", status=404)
    assert page.locator(".problem-page h1").inner_text() == "Мұндай бет жоқ"
    assert page.locator("dl.figures").count() == 0
    secretary.open(f"/reports/{own}")
    visit(shared, "coordinator").open(f"/reports/{foreign}")


@pytest.mark.parametrize("path", [f"/board/{flow.REGION}", f"/board/{flow.REPUBLIC}", "/board/390000000", "/summary/390000000"])
def test_a_board_above_or_beside_does_not_exist_for_a_secretary(shared, visit, path):
    visit(shared, "secretary").open(path, status=404)


def test_a_deed_without_the_right_is_refused_with_a_page(shared, visit):
    page = visit(shared, "observer").open("/units/new", status=403)
    assert page.locator(".problem-page h1").inner_text() == "Бұған құқығыңыз жоқ"


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(shared, visit):
    stranger = visit(shared)
    stranger.page.goto(f"/board/{flow.DISTRICT}")
    assert stranger.page.url.startswith(f"{shared.address}/signin")
    stranger.page.fill("[name=login]", "secretary")
    stranger.page.fill("[name=password]", "jarshy-demo")
    stranger.page.click("main button[type=submit]")
    stranger.page.wait_for_url(f"**/board/{flow.DISTRICT}")
