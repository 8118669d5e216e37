"""Facts the documents repeat from the code, each with the one place that decides it. facts() holds the two together."""

import re


class Pin:
    """`document` finds the fact in any document, where a space may be a line break; `code` finds it in the source.

    Group 1 is the value; `of` turns the code's into the document's.
    """

    def __init__(self, what, document, source, code, of=lambda value: value):
        self.what, self.source, self.of = what, source, of
        self.document = re.compile(document.replace(" ", r"\s+"))
        self._code = re.compile(code)

    @staticmethod
    def plain(value):
        value = " ".join(value.split())
        words = {"two": "2", "sixteen": "16"}
        return words.get(value, re.sub(r"[,_ ]", "", value) if re.fullmatch(r"[\d,_ ]+", value) else value)

    def code(self, tree):
        match = self._code.search(tree.text(self.source))
        return self.plain(str(self.of(match.group(1)))) if match else None

    def spoiled(self, text):
        """The source with another value, for the self-test."""
        match = self._code.search(text)
        old = match.group(1)
        new = str(int(old.replace("_", "")) + 1) if old.replace("_", "").isdigit() else old + "x"
        return text[: match.start(1)] + new + text[match.end(1) :]


def _over(value, unit):
    """A number of bytes in a larger unit; a fraction where it does not divide, so that it matches no whole number."""
    value = int(value.replace("_", ""))
    return value / unit if value % unit else value // unit


PINS = [
    Pin("the demo password", r"password\s+`([\w-]+)`", "Sources/Jarshy/People/PeopleParts.swift", r'password = "([^"]+)"'),
    Pin(
        "the size of a group",
        r"at most (\d+) operations, into one",
        "Sources/Jarshy/Reports/Intake/Intake.swift",
        r"groupSize = (\d+)",
    ),
    Pin(
        "primary organisations of the country demo",
        r"(\d,\d{3}) primary organisations",
        "Sources/Jarshy/Demo/DemoScale.swift",
        r"2 \* 228 : (\d+)",
    ),
    Pin(
        "hours of an idle session",
        r"(\d+) hours without use",
        "Sources/Jarshy/People/Session.swift",
        r"idleSeconds: Int64 = (\d+) \* 3600",
    ),
    Pin(
        "days of a session",
        r"(\d+) days in all",
        "Sources/Jarshy/People/Session.swift",
        r"absoluteSeconds: Int64 = (\d+) \* 86_400",
    ),
    Pin(
        "argon2id's memory",
        r"argon2id \((\d+) MiB",
        "Sources/Jarshy/People/Passwords.swift",
        r"memory = (\d+) \* 1024 \* 1024",
    ),
    Pin(
        "argon2id's passes",
        r"argon2id \(\d+ MiB, (\w+) passes",
        "Sources/Jarshy/People/Passwords.swift",
        r"operations: UInt64 = (\d+)",
    ),
    Pin(
        "the limit of a form",
        r"(\d+) KiB for forms",
        "Sources/Jarshy/Web/Routes.swift",
        r"case form = ([\d_]+)",
        lambda value: _over(value, 1024),
    ),
    Pin(
        "the limit of sync",
        r"(\d+) MiB for sync",
        "Sources/Jarshy/Web/Routes.swift",
        r"case sync = ([\d_]+)",
        lambda value: _over(value, 1_048_576),
    ),
    Pin(
        "the limit of an upload",
        r"(\d+) MiB for files",
        "Sources/Jarshy/Web/Routes.swift",
        r"case upload = ([\d_]+)",
        lambda value: _over(value, 1_048_576),
    ),
    Pin(
        "seconds a statement may take",
        r"longer than (\d+) seconds is cancelled",
        "Sources/Storage/Database.swift",
        r"statementTimeoutSeconds = (\d+)",
    ),
    Pin(
        "connections to PostgreSQL",
        r"up to (\d+) connections",
        "Sources/Storage/Database.swift",
        r"var connections = (\d+)",
    ),
    Pin(
        "seconds SQLite waits for a writer",
        r"waits (\d+) seconds",
        "Sources/Storage/SQLite/SQLiteDriver.swift",
        r"busyMode = \.timeout\((\d+)\)",
    ),
    Pin(
        "operations in one sync",
        r"batches of at most (\d+)",
        "Sources/Jarshy/Reports/Pages/SyncApi.swift",
        r"mostOperations = (\d+)",
    ),
    Pin(
        "the keys a campaign needs",
        r"Needed keys: `([\w ]+)`",
        "Sources/Jarshy/Campaigns/CampaignSheet.swift",
        r'neededKeys = "([^"]+)"',
    ),
    Pin(
        "the other keys of a campaign",
        r"Others: `([\w ]+)`",
        "Sources/Jarshy/Campaigns/CampaignSheet.swift",
        r'otherKeys = "([^"]+)"',
    ),
    Pin(
        "the columns of audiences and channels",
        r"`channels\.tsv`: `([\w ]+)`",
        "Sources/Jarshy/Campaigns/CampaignSheet.swift",
        r'termColumns = "([^"]+)"',
    ),
    Pin(
        "the columns of metrics",
        r"`metrics\.tsv` needs `([\w ]+)`",
        "Sources/Jarshy/Campaigns/CampaignSheet.swift",
        r'metricColumns =\s+"([^"]+)"',
    ),
    Pin(
        "the columns metrics may have",
        r"It may have `([\w\s]+)`",
        "Sources/Jarshy/Campaigns/CampaignSheet.swift",
        r'askColumns =\s+"([^"]+)"',
    ),
    Pin(
        "the columns of activities",
        r"`activities\.tsv`: `([\w ]+)`",
        "Sources/Jarshy/Campaigns/CampaignSheet.swift",
        r'activityColumns = "([^"]+)"',
    ),
    Pin("metrics of a campaign", r"At most (\d+) metrics", "Sources/Jarshy/Campaigns/CampaignPlan.swift", r"mostMetrics = (\d+)"),
    Pin("lines of a Swift file", r"a file of more than (\d+) lines", "bin/checking/sources.py", r"LONGEST = (\d+)"),
    Pin(
        "the order of the layers",
        r"`(Base Web [\w ]+)`",
        "bin/checking/layers.py",
        r'ORDER = """([^"]+)"""',
    ),
]
