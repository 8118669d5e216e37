"""A phone and the network before it."""

import pytest
from phone import Phone
from portal import Portal


@pytest.fixture
def portal(server):
    portal = Portal(server)
    yield portal
    portal.close()


@pytest.fixture
def phone(browser, tmp_path):
    """Opens the phone; called again after close() it is the same phone. `name` tells several apart."""

    class Chromium:
        chromium = browser.browser_type

    opened = []

    def open_phone(address, name="phone"):
        opened.append(Phone(Chromium, tmp_path / name, address))
        return opened[-1]

    yield open_phone
