"""Every page the site has, who opens it, and where it is on the demo's data."""

import dataclasses
import datetime
import re

import flow
import stage

# Answers that are no pages: files, streams, parts of a page, the API and what machines ask.
NO_PAGES = re.compile(
    r".*\.(csv|xlsx|ico|atom)$|/calendar/.*|/(healthz|readyz|metrics|live)$|/evidence/\{id\}/(thumb|original)$|/materials/\{id\}/files/.*|/facts/\{id\}/copies/.*|/publications/\{id\}/copy|/static/.*|/api/.*|/board/\{unit\}/fragment|/board$|/summary$"
    # Scripts draw the field app; its screens are opened in field/.
    r"|/field$|/field/.*")
DAY = datetime.date.today().isoformat()
_ROUND = "SELECT id FROM canvass_round ORDER BY first_day LIMIT 1"
_LIST = "SELECT id FROM canvass_list ORDER BY until_day DESC, number LIMIT 1"
_EVENT = "SELECT id FROM event WHERE shown = 'public' AND {} ORDER BY start_at, id LIMIT 1"
_SOURCE = "SELECT id FROM source WHERE {} ORDER BY id LIMIT 1"
_PROPOSAL = "SELECT id FROM proposal WHERE head = id AND {} ORDER BY senders DESC, id LIMIT 1"
_MATERIAL = "SELECT id FROM material WHERE {} ORDER BY version DESC, id LIMIT 1"
_SITE = "SELECT id FROM poster_site WHERE {} ORDER BY id LIMIT 1"
_HOW = "SELECT id FROM material WHERE name_en = 'How to vote' AND state = 'approved'"
_REPORT = "SELECT id FROM report WHERE {} ORDER BY id LIMIT 1"


@dataclasses.dataclass(frozen=True)
class Place:
    route: str
    path: str
    login: str | None = "coordinator"
    status: int = 200
    # How a place on the demo's data is found: an SQL text that gives an id for {id}.
    found: str | None = None
    # A page that only an empty database has.
    empty: bool = False
    # It gives a text, not an id.
    text: bool = False
    # What tells places of one path apart.
    what: str = ""

    def at(self, server):
        if not self.found:
            return self.path
        return self.path.format(id=server.value(self.found) if self.text else server.id(self.found))

    def __str__(self):
        return " ".join(filter(None, [self.login or "stranger", self.path, self.what]))


ALL = [
    Place("/", "/", None),
    Place("/", "/"),
    Place("/problems/{slug}", "/problems/not-found", None),
    Place("/signin", "/signin", None),
    Place("/welcome", "/welcome", None),
    Place("/setup", "/setup", None, empty=True),
    Place("/me", "/me"),
    Place("/me/tokens", "/me/tokens"),
    Place("/people", "/people", "admin"),
    Place("/devices", "/devices", "admin"),
    Place("/roles", "/roles", "admin"),
    Place("/roles/{role}", "/roles/secretary", "admin"),
    Place("/roles/{role}", "/roles/secretary", what="read only"),
    Place("/people/import", "/people/import", "admin"),
    Place("/people/{id}", "/people/{id}", "admin", found="SELECT person FROM account WHERE login = 'secretary'"),
    Place("/ask", "/ask", None),
    Place("/answers", "/answers", None),
    Place("/answers/{id}", "/answers/{id}", None, found="SELECT id FROM answer WHERE state = 'published' ORDER BY id LIMIT 1"),
    Place("/answers/{id}/work", "/answers/{id}/work", found="SELECT id FROM answer WHERE state = 'published' ORDER BY id LIMIT 1"),
    Place("/ask/rules", "/ask/rules", None),
    Place("/search", "/search", None),
    Place("/search", "/search?q=dauys+beru+qashan", None, what="found"),
    Place("/search", "/search?q=%D0%BA%D0%B5%D0%B7%D0%B4%D0%B5%D1%81%D1%83&kind=event", what="events"),
    Place("/question", "/question", None),
    Place("/questions", "/questions"),
    Place("/questions", "/questions?show=all"),
    Place("/questions/new", "/questions/new"),
    Place("/questions/desk", "/questions/desk"),
    Place("/questions/{id}", "/questions/{id}", found="SELECT id FROM question WHERE id = head ORDER BY id LIMIT 1"),
    Place("/canvass", "/canvass", "secretary"),
    Place("/canvass/new", "/canvass/new", "secretary"),
    Place("/canvass/{id}", "/canvass/{id}", "secretary", found=_ROUND),
    Place("/canvass/{id}", "/canvass/{id}", "observer", found=_ROUND),
    Place("/canvass/{id}/edit", "/canvass/{id}/edit", "secretary", found=_ROUND),
    Place("/canvass/do-not-contact", "/canvass/do-not-contact", "secretary"),
    Place("/canvass/lists/{id}", "/canvass/lists/{id}", "secretary", found=_LIST),
    Place("/canvass/lists/{id}/print", "/canvass/lists/{id}/print", "secretary", found=_LIST),
    Place("/canvass/lists/{id}/enter", "/canvass/lists/{id}/enter?attempt=2", "secretary", found=_LIST),
    Place("/who", "/who", None),
    Place("/who/{code}", "/who/{id}", None, text=True,
          found="SELECT code FROM canvass_list WHERE ended_day IS NULL ORDER BY until_day DESC, number DESC LIMIT 1"),
    Place("/materials", "/materials"),
    Place("/materials", "/materials?state=withdrawn", "activist"),
    Place("/materials/new", "/materials/new", "secretary"),
    Place("/materials/{id}", "/materials/{id}", found=_MATERIAL.format("state = 'approved' AND version = 2"), what="approved"),
    Place("/materials/{id}", "/materials/{id}", found=_MATERIAL.format("state = 'withdrawn'"), what="withdrawn"),
    Place("/materials/{id}", "/materials/{id}", "secretary", found=_MATERIAL.format("state = 'draft'"), what="own draft"),
    Place("/materials/{id}", "/materials/{id}", "region", found=_MATERIAL.format("state = 'draft'"), what="draft"),
    Place("/materials/{id}/edit", "/materials/{id}/edit", "secretary", found=_MATERIAL.format("state = 'draft'")),
    Place("/stock", "/stock"),
    Place("/stock", "/stock?with=below", "region"),
    Place("/stock", "/stock?unit=352210000", "activist"),
    Place("/stock/{unit}/{id}", "/stock/352210000/{id}", "activist", found=_HOW),
    Place("/stock/{unit}/{id}", "/stock/354800000/{id}", "region", found=_HOW, what="count needed"),
    Place("/moves", "/moves", "secretary"),
    Place("/moves", "/moves?show=done", "region"),
    Place("/moves/{id}", "/moves/{id}", "secretary", what="coming",
          found="SELECT id FROM stock_move WHERE accepted_at IS NULL AND quantity = 1000"),
    Place("/moves/{id}", "/moves/{id}", "region", what="short",
          found="SELECT id FROM stock_move WHERE arrived < quantity ORDER BY id LIMIT 1"),
    Place("/sites", "/sites"),
    Place("/sites", "/sites?show=down", "activist"),
    Place("/sites/new", "/sites/new", "secretary"),
    Place("/sites/{id}", "/sites/{id}", "activist", found=_SITE.format("condition = 'in_place'")),
    Place("/sites/{id}", "/sites/{id}", "secretary", found=_SITE.format("condition = 'empty'"), what="empty"),
    Place("/sites/{id}/edit", "/sites/{id}/edit", "secretary", found=_SITE.format("condition = 'in_place'")),
    Place("/imprints", "/imprints", None),
    Place("/imprints", "/imprints", "admin"),
    Place("/mail", "/mail", "admin"),
    # Only a letter has an address that is good.
    Place("/mail/stop/{token}", "/mail/stop/nobody", None, status=404),
    Place("/publications", "/publications"),
    Place("/publications/pages", "/publications/pages"),
    Place("/events", "/events"),
    Place("/events", "/events?view=week", "secretary"),
    Place("/events", "/events?view=month", "secretary"),
    Place("/events", "/events?show=past", "secretary"),
    Place("/events/new", "/events/new", "secretary"),
    Place("/events/calendars", "/events/calendars", "secretary"),
    Place("/events/{id}", "/events/{id}", "secretary", found=_EVENT.format("state = 'held'"), what="held"),
    Place("/events/{id}", "/events/{id}", "secretary", found=_EVENT.format("state = 'announced'"), what="announced"),
    Place("/events/{id}", "/events/{id}", "secretary", found=_EVENT.format("state = 'cancelled'"), what="cancelled"),
    Place("/events/{id}/edit", "/events/{id}/edit", "secretary", found=_EVENT.format("state = 'announced'")),
    Place("/events/{id}/poster", "/events/{id}/poster", "secretary", found=_EVENT.format("state = 'announced'")),
    Place("/events/{id}/poster", "/events/{id}/poster?copies=50", "secretary", found=_EVENT.format("state = 'announced'"), what="whole"),
    # Nothing to report before it began: the form is refused with a page that says so.
    Place("/events/{id}/report", "/events/{id}/report", "secretary", found=_EVENT.format("state = 'held'"), status=409),
    Place("/meetings", "/meetings", None),
    Place("/meetings/{id}", "/meetings/{id}", None, found=_EVENT.format("state = 'announced'")),
    Place("/meetings/{id}", "/meetings/{id}", None, found=_EVENT.format("state = 'moved'"), what="moved"),
    Place("/follow/{token}", "/follow/nobody", None, status=404),
    Place("/speakers", "/speakers", "secretary"),
    Place("/speakers/new", "/speakers/new", "secretary"),
    Place("/speakers/rota", "/speakers/rota", "secretary"),
    Place("/speakers/for/{id}", "/speakers/for/{id}", "secretary", found=_EVENT.format("state = 'announced'")),
    Place("/speakers/{id}", "/speakers/{id}", "secretary", found="SELECT person FROM speaker ORDER BY person LIMIT 1"),
    Place("/speakers/{id}/edit", "/speakers/{id}/edit", "admin", found="SELECT person FROM speaker ORDER BY person LIMIT 1"),
    Place("/briefs", "/briefs"),
    Place("/briefs/{id}", "/briefs/{id}", found="SELECT id FROM brief ORDER BY id LIMIT 1"),
    Place("/facts", "/facts", None),
    Place("/facts", "/facts", "region"),
    Place("/facts/{id}", "/facts/{id}", None, found=_SOURCE.format("version = 1 AND confirmed_by IS NOT NULL")),
    Place("/facts/{id}", "/facts/{id}", None, found=_SOURCE.format("version > 1"), what="changed"),
    Place("/facts/work", "/facts/work", "region"),
    Place("/facts/{id}/work", "/facts/{id}/work", "region", found=_SOURCE.format("version > 1"), what="changed"),
    Place("/facts/{id}/work", "/facts/{id}/work", "reviewer", found=_SOURCE.format("confirmed_by IS NULL"), what="waiting"),
    Place("/answers/{id}", "/answers/{id}", None, what="source changed",
          found="SELECT s.answer FROM answer_source s JOIN source o ON o.id = s.source WHERE o.version > s.source_version"),
    Place("/answers/{id}/work", "/answers/{id}/work", "region", what="source changed",
          found="SELECT s.answer FROM answer_source s JOIN source o ON o.id = s.source WHERE o.version > s.source_version"),
    Place("/questions", "/questions?show=tell", "region"),
    Place("/meetings/{id}", "/meetings/{id}", None, found=_EVENT.format("state = 'held'"), what="held"),
    Place("/propose", "/propose", None),
    Place("/propose", "/propose", "region"),
    Place("/proposal", "/proposal", None),
    Place("/proposals", "/proposals", None),
    Place("/proposals/{id}", "/proposals/{id}", None, found=_PROPOSAL.format("state = 'accepted'"), what="accepted"),
    Place("/proposals/{id}", "/proposals/{id}", None, found=_PROPOSAL.format("state = 'declined'"), what="declined"),
    Place("/proposals/queue", "/proposals/queue", "region"),
    Place("/proposals/queue/new", "/proposals/queue/new", "secretary"),
    Place("/proposals/{id}/work", "/proposals/{id}/work", "region", found=_PROPOSAL.format("state = 'new'"), what="new"),
    Place("/proposals/{id}/work", "/proposals/{id}/work", "region", found=_PROPOSAL.format("state = 'accepted'"), what="accepted"),
    Place("/units", "/units"),
    Place("/units", "/units?q=Саран"),
    Place("/units/new", "/units/new", "admin"),
    Place("/units/{code}", f"/units/{flow.DISTRICT}", "admin"),
    Place("/units/{code}/edit", f"/units/{flow.DISTRICT}/edit", "admin"),
    Place("/units/{code}/move", f"/units/{flow.DISTRICT}/move?day={DAY}&target=190000000", "admin"),
    Place("/units/{code}/merge", f"/units/{flow.DISTRICT}/merge?day={DAY}&target=191000000", "admin"),
    Place("/units/{code}/split", f"/units/{flow.DISTRICT}/split?day={DAY}&parts=A1;Бір%0AA2;Екі", "admin"),
    Place("/units/{code}/close", f"/units/{flow.UNIT}/close?day={DAY}", "admin"),
    Place("/campaigns", "/campaigns"),
    Place("/campaigns/{code}", "/campaigns/referendum"),
    Place("/campaigns/{code}/edit", "/campaigns/referendum/edit", "admin"),
    Place("/organizations", "/organizations", "admin"),
    Place("/field-import", "/field-import", "activist"),
    Place("/report", "/report", "secretary"),
    Place("/report", f"/report?unit={flow.UNIT}", "activist"),
    Place("/reports", "/reports"),
    Place("/reports", "/reports?unit=350000000&band=submitted", "reviewer"),
    Place("/reports/{id}", "/reports/{id}", what="corrected",
          found=_REPORT.format("last_rev > 1 AND voided = 0 AND competing = 0")),
    Place("/reports/{id}", "/reports/{id}", what="competing", found=_REPORT.format("competing > 0")),
    Place("/reports/{id}", "/reports/{id}", what="void", found=_REPORT.format("voided = 1")),
    Place("/evidence", "/evidence"),
    Place("/tally-sheet", "/tally-sheet?kind=sheet&n=200", "activist"),
    Place("/reports/grid", "/reports/grid", "secretary"),
    Place("/reports/import", "/reports/import", "secretary"),
    Place("/board/{unit}", f"/board/{flow.REPUBLIC}"),
    Place("/board/{unit}", f"/board/{flow.REPUBLIC}?metric=attendees&basis=present&activity=meeting"),
    Place("/board/{unit}", f"/board/{flow.REGION}", "region"),
    Place("/board/{unit}", f"/board/{flow.DISTRICT}", "secretary"),
    Place("/board/{unit}", f"/board/{flow.UNIT}", "observer"),
    Place("/board/{unit}/silent", f"/board/{flow.REPUBLIC}/silent?show=never"),
    Place("/summary/{unit}", f"/summary/{flow.REPUBLIC}"),
    Place("/summary/{unit}", f"/summary/{flow.DISTRICT}", "secretary"),
    Place("/summary/{unit}/{id}", "/summary/KZ/{id}",
          found="SELECT s.id FROM summary s JOIN unit_code c ON c.unit = s.unit WHERE c.code = 'KZ' ORDER BY s.id DESC LIMIT 1"),
    Place("/cite/{id}", "/cite/{id}", found="SELECT id FROM citation LIMIT 1"),
    Place("", "/nowhere", status=404),
    Place("", "/units/new", "observer", status=403),
]


def routes_without_place():
    """Pages of the program, by its own list, that no place above opens."""
    listed = re.findall(r"GET\s+(/\S*)", stage.jarshy("routes"))
    assert len(listed) > 30, "the program listed no routes"
    return {route for route in listed if not NO_PAGES.fullmatch(route)} - {place.route for place in ALL}
