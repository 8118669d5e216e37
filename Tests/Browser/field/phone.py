"""A phone with the field app: its own storage, that lives on when the browser is closed."""

import os

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError
from stage import PASSWORD

SIZE = {"width": 360, "height": 740}


class Phone:
    """`folder` is the phone's storage; a second Phone on the same folder is the same phone opened again."""

    def __init__(self, playwright, folder, address):
        self.address = address
        self.context = playwright.chromium.launch_persistent_context(
            str(folder), executable_path=os.environ.get("JARSHY_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox"], viewport=SIZE, locale="kk",
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.pages[0]
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(f"{error} {error.stack}"))

    def open(self, screen=""):
        self.page.goto(f"{self.address}/field{'#' + screen if screen else ''}")
        self.page.wait_for_selector("#main h1")
        return self.page

    def go(self, screen):
        """One press on the menu; comes back when the screen stands."""
        self._anew(lambda: self.page.click(f'nav a[href="#{screen}"]'))
        self.page.wait_for_selector(f'nav a[href="#{screen}"][aria-current]')
        return self.page

    def show(self, screen):
        """A screen that stands in no menu."""
        self._anew(lambda: self.page.evaluate("""(screen) => {
            if (location.hash === `#${screen}`) dispatchEvent(new HashChangeEvent("hashchange"));
            else location.hash = screen;
        }""", screen))
        return self.page

    def _anew(self, step):
        self.page.evaluate("document.getElementById('main').dataset.before = 'yes'")
        step()
        try:
            self.page.wait_for_selector("#main:not([data-before]) h1")
        except TimeoutError as late:
            raise AssertionError(f"the screen does not open: {self.page.url} {self.faults}") from late

    def installed(self):
        """The app's own copy is on the phone, and the browser would put it among the phone's programs."""
        self.page.evaluate("""Promise.race([navigator.serviceWorker.ready.then(() => true),
            new Promise((_, fail) => setTimeout(() => fail(new Error("no service worker")), 15000))])""")
        wire = self.context.new_cdp_session(self.page)
        faults = wire.send("Page.getInstallabilityErrors")["installabilityErrors"]
        wire.detach()
        assert faults == [], faults

    def sign_in(self, login="secretary"):
        self.page.wait_for_selector("form [name=login]")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("form button.main")
        self.page.wait_for_selector("nav")

    def whole(self):
        """Signed in, told what it must know, and every screen kept: from here on no network is needed."""
        self.go("today")
        self.page.wait_for_selector("main .pair a")
        self.page.wait_for_selector(".unkept", state="detached")

    def visit(self, outcome):
        """Two taps: the next door of the open list, and how it ended."""
        self.page.click(".door >> nth=0")
        self.page.click(f".outcome:has-text('{outcome}')")
        self.page.wait_for_selector("#main:not(:has(form))")

    def file(self, attendees, questions=2, photo=None):
        """A quick report by hand; comes back when the phone says it is saved."""
        page = self.go("quick")
        page.check("input[value=meeting]", force=True)
        for metric, value in {"events": 1, "attendees": attendees, "questions": questions, "answered": 1}.items():
            field = page.locator(f"[data-metric={metric}]")
            if field.count():
                field.fill(str(value))
        for field in page.locator("[data-metric]").all():
            if not field.input_value():
                field.fill("0")
        if photo:
            page.set_input_files("[name=hall]", photo)
            page.wait_for_selector(".photos li")
        page.click("form > button.main")
        page.wait_for_selector("form .note.good")

    def correct(self, index, attendees):
        page = self.go("reports")
        page.locator(".card a.button").nth(index).click()
        page.fill("[data-metric=attendees]", str(attendees))
        page.check("input[value=typo]", force=True)
        page.click("form > button.main")
        page.wait_for_selector("ul .card")

    def sizes(self):
        """Controls a thumb would miss."""
        return self.page.evaluate(
            """[...document.querySelectorAll("main button, main .button, main select, main input:not([type=radio], .unseen), nav a, .choice")]
            .filter((one) => one.offsetParent && (one.offsetHeight < 48 || one.offsetWidth < 48)).map((one) => one.outerHTML)""")

    def cut(self):
        """Words that their box does not hold."""
        return self.page.evaluate(
            """[...document.querySelectorAll("main *, nav *, header *")]
            .filter((one) => one.childElementCount === 0 && one.offsetParent && !one.matches("input, select, textarea, .unseen"))
            .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
            .map((one) => one.outerHTML)""")

    def close(self):
        self.context.close()
        assert not self.faults, self.faults


def axe_faults(page):
    return [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(page).response["violations"]]
