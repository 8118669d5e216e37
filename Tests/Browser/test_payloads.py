"""Stored words in a real browser: every text anybody can type is made a payload in the database itself, past all checks of the
forms, and every page is opened. Nothing may run, and nothing of it may become an element, a handler or a link.

The same over HTML, through the forms: Tests/JarshyTests/App/PayloadTests.swift.
"""
import contextlib
import sqlite3

import pytest

import places
import stage
from visitor import Visitor

# Each breaks out of another place: text, an attribute in either quotes, a comment, a raw-text element, a template.
POLYGLOT = (
    "q7 \"'><script>ran(1)</script><img src=x onerror=ran(2)><svg onload=ran(3)></textarea></title></style>"
    "--><iframe srcdoc=\"<script>parent.ran(4)</script>\"></iframe><details open ontoggle=ran(5)>"
    "\" autofocus onfocus=ran(6) x=\"' onfocus='ran(7) {{{frame.csrf}}} [[ask.title]] &lt;script&gt;ran(8)&lt;/script&gt;"
)
LINK = "javascript:ran(9)//q7"

# What people type, by table; columns of LINKS stand where a link is shown.
WORDS = {
    "question": ["body"], "question_message": ["body"], "question_note": ["body"], "answer_text": ["question", "body"],
    "answer_version": ["question", "body", "reason"], "answer_source": ["title"], "person": ["name"],
    "event": ["title"], "event_place": ["name", "address"], "event_notice": ["reason"], "event_material": ["name"],
    "post": ["name"], "organization": ["name_kk", "name_ru", "name_en"], "imprint": ["orderer", "payer", "responsible", "address"],
    "source": ["title", "section", "statement"], "source_version": ["title", "section", "statement"], "source_copy": ["name"],
    "publication": ["title", "outlet"], "organization_page": ["name"], "proposal": ["body"], "topic": ["name_kk"],
    "unit_name": ["name_kk", "name_ru"], "brief_version": ["title", "body", "sources"], "campaign": ["about_kk", "name_kk"],
    "canvass_street": ["name"], "report_version": ["reason", "note"],
}
LINKS = {
    "answer_source": ["url"], "event": ["link"], "source": ["url"], "source_version": ["url"], "publication": ["url"],
    "organization_page": ["url"],
}

# Counts what ran and what the browser refused to run: a refusal means that a payload had become markup.
WATCH = """
window.ran = n => { (window.__ran = window.__ran || []).push(n); };
document.addEventListener('securitypolicyviolation', e => ran('policy: ' + e.violatedDirective + ' ' + (e.sample || e.blockedURI)));
"""
ALIVE = """
() => {
  const found = [...(window.__ran || [])];
  for (const node of document.querySelectorAll('*')) {
    for (const { name, value } of node.attributes) {
      if (name.startsWith('on') || name === 'srcdoc' || /["'<]/.test(name)) found.push(`<${node.localName} ${name}>`);
      if (['href', 'src', 'action', 'formaction', 'xlink:href'].includes(name) && /^\\s*(javascript|data|vbscript):/i.test(value))
        found.push(`<${node.localName} ${name}=${value.slice(0, 40)}>`);
    }
    if (['iframe', 'object', 'embed', 'base', 'math', 'style'].includes(node.localName)) found.push(`<${node.localName}>`);
    if (node.localName === 'script' && !node.src && !/json|importmap/.test(node.type)) found.push('<script> with text');
    if (node.localName === 'img' && node.getAttribute('src') === 'x') found.push('<img src=x>');
  }
  return found;
}
"""


def poison(file):
    """Writes the payloads; returns the columns that took them."""
    taken = []
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA ignore_check_constraints = 1")
        db.execute("PRAGMA foreign_keys = 0")
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for kind, text in ((WORDS, POLYGLOT), (LINKS, LINK)):
            for table, columns in kind.items():
                if table not in tables:
                    continue
                own = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
                for column in own & set(columns):
                    # Numbered, because some names may stand but once.
                    numbered = "rowid" if "WITHOUT ROWID" not in _made(db, table) else "abs(random() % 1000000)"
                    with contextlib.suppress(sqlite3.IntegrityError):
                        db.execute(f"UPDATE {table} SET {column} = ? || ' ' || {numbered} WHERE {column} <> ''", (text,))
                        taken.append(f"{table}.{column}")
        db.execute("UPDATE campaign SET stamp = stamp + 1")
        db.commit()
    return taken


def _made(db, table):
    return db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]


@pytest.fixture(scope="module")
def poisoned(demo, tmp_path_factory):
    file = stage.copy(demo, tmp_path_factory.mktemp("payloads"))
    taken = poison(file)
    assert {"question.body", "person.name", "event.title", "answer_source.url", "event.link"} <= set(taken), taken
    with stage.Server(file) as server:
        yield server


@pytest.fixture(scope="module")
def windows(browser, poisoned):
    opened = {}

    def window(login):
        if login not in opened:
            visitor = Visitor(browser, poisoned)
            visitor.page.add_init_script(WATCH)
            visitor.asked = []
            visitor.page.on("dialog", lambda dialog: (visitor.asked.append(dialog.message), dialog.dismiss()))
            opened[login] = visitor.sign_in(login) if login else visitor
        return opened[login]

    yield window
    for visitor in opened.values():
        visitor.close()


_OPENED = [place for place in places.ALL if not place.empty and place.status == 200 and not place.route.startswith("/cite")]
_SHOWING = {
    "/answers", "/answers/{id}", "/questions", "/questions/{id}", "/people", "/people/{id}", "/events", "/events/{id}",
    "/events/{id}/poster", "/meetings", "/meetings/{id}", "/imprints", "/speakers", "/units/{code}", "/organizations",
}


def test_nothing_runs_on_any_page(windows, poisoned):
    shown, alive = set(), {}
    for place in _OPENED:
        visitor = windows(place.login)
        page = visitor.page
        answer = page.goto(place.at(poisoned), wait_until="load")
        assert answer.status == 200, f"{place}: {answer.status}"
        page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
        # Whatever waits for a focus or a picture that does not load has its turn.
        page.evaluate("() => new Promise(done => setTimeout(done, 30))")
        found = page.evaluate(ALIVE) + visitor.asked
        if found:
            alive[str(place)] = found[:5]
        if "q7 \"'>" in page.content().replace("&quot;", '"').replace("&gt;", ">"):
            shown.add(place.route)
    assert not alive, alive
    assert _SHOWING <= shown, f"these pages showed none of it: {sorted(_SHOWING - shown)}"


def test_the_watch_sees_what_runs(browser):
    """What the test above looks for is found when it is there."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(WATCH)
    page.route("**/*", lambda route: route.fulfill(
        body=f"<html><body><a href=\"{LINK}\">x</a>{POLYGLOT}</body></html>", content_type="text/html"))
    page.goto("http://payload.test/")
    page.wait_for_function("() => (window.__ran || []).includes(2)")
    found = page.evaluate(ALIVE)
    assert {1, 2, 3} <= set(n for n in found if isinstance(n, int)) and any("href" in str(n) for n in found), found
    context.close()
