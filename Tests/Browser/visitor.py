"""One browser window of one person."""

from stage import PASSWORD

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


class Visitor:
    """A person's own cookies and page, with everything the browser complained about."""

    def __init__(self, browser, server, *, size=DESK, language="kk", scripts=True):
        self.server = server
        self.language = language
        self.context = browser.new_context(
            viewport=size, locale=language, java_script_enabled=scripts, base_url=server.address,
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _console(self, message):
        # A page that answers 404 or 422 on purpose is told to the console as well: that is the answer, not a fault.
        if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, login):
        self.page.goto(f"/signin?lang={self.language}")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        assert "/signin" not in self.page.url, f"{login} could not sign in"
        return self

    def open(self, path, status=200):
        answer = self.page.goto(path)
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.page

    def close(self):
        self.context.close()
