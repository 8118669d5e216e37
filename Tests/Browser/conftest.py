"""The demo is made once; tests that only read share one server, tests that write get a copy and a server of their own."""

import os

import pytest
from playwright.sync_api import sync_playwright

import stage
from visitor import Visitor


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return stage.make_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("JARSHY_CHROMIUM", "/usr/bin/chromium"),
            # Tests run as root in containers, where Chromium's own sandbox cannot start.
            args=["--no-sandbox"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared(demo, tmp_path_factory):
    """A server for tests that change nothing."""
    with stage.Server(stage.copy(demo, tmp_path_factory.mktemp("shared"))) as server:
        yield server


@pytest.fixture
def server(demo, tmp_path):
    """A server of the test's own, on a fresh copy of the demo."""
    with stage.Server(stage.copy(demo, tmp_path)) as server:
        yield server


@pytest.fixture
def visit(browser, request):
    """Opens windows: visit(server, login, size=…, language=…, scripts=…). No window may have complained."""
    opened = []

    def open_window(server, login=None, **wishes):
        visitor = Visitor(browser, server, **wishes)
        opened.append(visitor)
        return visitor.sign_in(login) if login else visitor

    yield open_window
    complaints = [complaint for visitor in opened for complaint in visitor.complaints]
    for visitor in opened:
        visitor.close()
    assert not complaints, complaints
