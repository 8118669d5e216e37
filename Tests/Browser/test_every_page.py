"""Every page: its words, its weight, its access and its width; on a desk and on a phone, light and dark."""

import pytest

import looks
import places
import stage
import weight
from visitor import DESK, Visitor

# Pages that have most to say are looked at by axe in the other languages too.
_IN_ALL_LANGUAGES = {"/summary/{unit}", "/report", "/reports/{id}", "/signin", "/people/{id}", "/units/{code}"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    file = tmp_path_factory.mktemp("empty") / "empty.sqlite"
    stage.jarshy("migrate", "--database", f"sqlite:{file}")
    with stage.Server(file) as server:
        yield server


@pytest.fixture(scope="module")
def served(demo, tmp_path_factory):
    """A copy with one cited figure, because only a deed makes one."""
    with stage.Server(stage.copy(demo, tmp_path_factory.mktemp("pages"))) as server:
        yield server


@pytest.fixture(scope="module")
def windows(browser, served, empty):
    """One window for each person, signed in once."""
    opened = {}

    def window(place):
        key = (place.login, place.empty)
        if key not in opened:
            visitor = Visitor(browser, empty if place.empty else served)
            if place.login:
                visitor.sign_in(place.login)
            visitor.scales = weight.Scales(visitor.page)
            opened[key] = visitor
        return opened[key]

    coordinator = window(places.Place("", "/"))
    coordinator.open("/board/KZ")
    coordinator.page.click("#board-cite > summary")
    coordinator.page.click("#board-cite button[type=submit]")
    coordinator.page.wait_for_url("**/cite/*")
    yield window
    for visitor in opened.values():
        visitor.close()


def test_no_page_is_left_out():
    assert places.routes_without_place() == set()


@pytest.mark.parametrize("place", places.ALL, ids=str)
def test_page(place, windows):
    visitor = windows(place)
    page = visitor.page
    visitor.complaints.clear()
    path = place.at(visitor.server)
    join = "&" if "?" in path else "?"
    for language in ("ru", "en", "kk"):
        # The last language is the one in which the page is weighed and looked at in full.
        page.set_viewport_size(DESK)
        visitor.scales.reset()
        page.goto("about:blank")
        answer = page.goto(f"{path}{join}lang={language}", wait_until="load")
        assert answer.status == place.status
        looks.told(page, language)
        assert page.locator("h1").count() == 1
        if language == "kk":
            page.wait_for_function("performance.getEntriesByType('resource').length > 1")
            document, whole = visitor.scales.document(), visitor.scales.whole()
            assert 0 < document <= weight.DOCUMENT, f"{document} bytes of HTML"
            assert document < whole <= weight.WHOLE, f"{whole} bytes in all"
        looks.fits(page)
        if language == "kk":
            looks.accessible(page)
            looks.fits(page)
        elif place.route in _IN_ALL_LANGUAGES:
            looks.structured(page)
    assert not visitor.complaints, visitor.complaints
