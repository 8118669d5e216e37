import JarshyKit

/// Meetings, lectures, streams, conferences, seminars and visits to work collectives: planned, told, held, counted.
///
/// **Nouns.** An *event* has one *host* unit that counts it, partners that are credited and count nothing, a time by
/// Kazakhstan's clock, a territory, perhaps a *place* (a room with its seats and its way in for a wheelchair), a class
/// (information or campaigning) and is public or internal. A *member* of its *roster* is its host, a speaker or a helper.
/// A *notice* is what the public was told of it. A *calendar* is an address somebody's own calendar program reads.
///
/// **States** (`Event.state(after:from:)` is the whole table): draft → announced ⇄ moved → held or cancelled. What was never
/// announced may be held or dropped straight away. A cancelled or held event stands as it is.
///
/// **Invariants.** Nobody invited or confirmed is in two places at once (`event_hold`'s key); who holds a public office that
/// day is no host and no speaker of a campaigning event; nothing campaigning is announced or moved in the quiet period or
/// onto a day of it, nor where children learn; a collective's workplace has no name here; `sequence` grows with every notice;
/// a report belongs to at most one event and an event has at most one report that counts for its hall and one for its stream;
/// nobody who comes has a name.
///
///     GET  /events                   list, week, month (view=…), by unit, speaker, place, topic, state; GET /events.csv
///     GET  /events/new               POST /events/new
///     GET  /events/{id}              GET, POST /events/{id}/edit
///     POST /events/{id}/{announce,move,cancel,hold,class,invite,answer,withdraw,allow,materials}
///     GET  /events/{id}/report       POST: the report, with the event's own values
///     GET  /events/{id}/poster       to print
///     GET  /events/calendars         POST /events/calendars, /events/calendars/{id}/end     own addresses for calendar programs
///     GET  /calendar/{token}         anybody who has the address: iCalendar (RFC 5545)
///     GET  /meetings                 anybody: what is near; GET /meetings.atom, GET /meetings/{id}, GET /meetings/{id}.ics (as {id})
///     GET  /follow/{token}           anybody who has the address: one event, its changes; as .atom and .ics too
///     kinds of /api/v1/sync: event.report
enum Events {
    static func routes(
        _ site: inout Routes, intake: Intake, words: @escaping @Sendable (Language) throws -> Words
    ) {
        EventList.routes(&site)
        EventForms.routes(&site)
        CalendarPages.routes(&site, words: words)
        EventReportPages.routes(&site, intake: intake)
        EventPages.routes(&site)
        PublicEvents.routes(&site)
        FollowPages.routes(&site)
    }
}
