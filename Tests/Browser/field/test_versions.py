"""The app's own copy on the phone: what it weighs, how soon it can be used, and how a new version comes."""

import time

from playwright.sync_api import expect

KILOBYTE = 1000


def test_a_new_version_is_said_and_waits_for_the_person(portal, phone):
    one = phone(portal.address)
    one.open()
    one.installed()
    one.sign_in()
    one.whole()
    portal.mode = "newer"
    page = one.open("today")
    page.evaluate("navigator.serviceWorker.getRegistration('/field').then((one) => one.update()).then(() => true)")
    notice = page.locator(".version")
    expect(notice).to_contain_text("Жаңа нұсқа дайын")
    assert len(page.evaluate("caches.keys()")) == 2, "the old version stays until the person agrees"
    notice.locator("button").click()
    expect(notice).to_have_count(0)
    expect(page.locator("nav")).to_be_visible()
    names = page.evaluate("caches.keys()")
    assert len(names) == 1 and "newer" in names[0]
    # The new one is whole too: the phone had all screens.
    one.context.set_offline(True)
    one.open("stock")
    expect(page.locator("h1")).to_have_text("Материалдар")
    one.close()


def test_the_first_load_is_light_and_later_ones_are_free(portal, phone):
    one = phone(portal.address)
    one.open()
    one.page.wait_for_selector("form [name=login]")
    one.installed()
    portal.settle()
    first = portal.weight()
    # Everything, with heads, scripts of the first screens and what the worker took.
    print(f"first load {first} bytes")
    assert first <= 60 * KILOBYTE, f"{first} bytes: {sorted(portal.weights, key=lambda one: -one[1])[:8]}"
    one.sign_in()
    one.whole()
    rest = portal.weight(lambda path: not path.startswith("/api/")) - first
    one.close()

    portal.weights.clear()
    again = phone(portal.address)
    again.open("quick")
    again.page.wait_for_selector("[data-metric], .choices")
    portal.settle()
    later = [(path, size) for path, size in portal.weights if not path.startswith("/api/")]
    print(f"first load {first} bytes, after the sign-in {rest}, later {later}")
    # The browser itself asks whether there is a new worker; nothing of the app is loaded.
    assert {path for path, _ in later} <= {"/field/worker.js"}
    again.context.set_offline(True)
    again.open("quick")
    again.page.wait_for_selector("[data-metric], .choices")
    again.close()


def test_one_may_sign_in_within_5_seconds_on_a_bad_network(portal, phone):
    one = phone(portal.address)
    wire = one.context.new_cdp_session(one.page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions",
              {"offline": False, "latency": 500, "downloadThroughput": 50_000 / 8, "uploadThroughput": 50_000 / 8})
    started = time.monotonic()
    one.page.goto(f"{portal.address}/field", wait_until="commit")
    one.page.wait_for_selector("[name=login]")
    typing = time.monotonic() - started
    # What is typed before the scripts are here stays.
    one.page.fill("[name=login]", "secretary")
    one.page.wait_for_selector("form button.main")
    usable = time.monotonic() - started
    print(f"one may type after {typing:.1f} s, sign in after {usable:.1f} s")
    assert one.page.input_value("[name=login]") == "secretary"
    assert usable <= 5
    one.sign_in()
    one.close()


def test_a_screen_opened_before_the_first_pull_is_painted_when_it_comes(portal, phone):
    portal.pull_waits = 3
    one = phone(portal.address)
    one.open()
    one.sign_in()
    page = one.go("quick")
    expect(page.locator("#main")).to_contain_text("әлі жүктелген жоқ")
    expect(page.locator("input[value=meeting]")).to_have_count(1, timeout=10_000)
    one.close()
