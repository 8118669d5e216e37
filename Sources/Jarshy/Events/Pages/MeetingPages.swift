import JarshyKit

/// The public list. Fields as in `meetings.mustache`.
struct MeetingsPage: PageModel {
    let heading: String
    let filters: Filters
    let rows: [EventRow]
    let isEmpty: Bool
    let empty: EmptyState
    let hasNext: Bool
    let nextURL: String
    let atomURL: String
    let count: String

    init(_ facts: PublicListing, visit: Visit) {
        let (words, query) = (visit.words, visit.query)
        let text = EventText(words: words, tree: facts.tree, campaign: facts.campaign)
        heading = words("meetings.title")
        func select(_ name: String, _ key: String, _ options: [(value: String, label: String)]) -> SelectField {
            SelectField(
                name, words(key), options: [("", words("form.all"))] + options, chosen: query.text(name), id: "filter-\(name)")
        }
        let top = facts.unit ?? facts.tree.root
        func isTerritory(_ no: UnitNo) -> Bool {
            facts.tree[no].flatMap { facts.tree.kinds[$0.kind]?.territory } ?? false
        }
        let units = (top.map { facts.tree.chain(of: $0).reversed() + facts.tree.children(of: $0) } ?? [])
            .filter { $0 != facts.tree.root && isTerritory($0) }
        let selects = [
            select("unit", "ask.unit", units.prefix(300).map { (facts.tree.code(of: $0), text.unit($0)) }),
            select("topic", "event.topic", facts.topics.map { ($0.code, $0.names[words.language]) }),
        ]
        let chosen = selects.flatMap { field in
            field.options.filter { $0.selected && !$0.optionValue.isEmpty }.map(\.optionLabel)
        }
        filters = Filters(
            action: "/meetings", summary: chosen.isEmpty ? words("form.all") : chosen.joined(separator: " · "),
            opened: chosen.isEmpty, selects: selects, reset: chosen.isEmpty ? nil : "/meetings")
        rows = facts.events.map { EventRow(event: $0, names: facts.names, text: text) }
        isEmpty = rows.isEmpty
        empty = EmptyState(words("meetings.empty"), next: words("meetings.empty.next"), step: ("/ask", words("ask.title")))
        hasNext = facts.hasLater
        nextURL = facts.events.last.map {
            ReportListPage.address("/meetings", query.setting("after", EventRows.Cursor($0).text))
        } ?? ""
        let plain = Fields(query.list.filter { ["unit", "topic", "campaign"].contains($0.name) }.map { ($0.name, $0.value) })
        atomURL = ReportListPage.address("/meetings.atom", plain.setting("lang", words.language.rawValue))
        count = words.count("events.count", facts.events.count)
    }
}

/// One event for anybody. Fields as in `meeting.mustache`.
struct MeetingPage: PageModel {
    /// Days after its end on which an event asks whether questions were answered.
    static let pressDays: Int64 = 14

    let heading: String
    let lang: String
    let when: String
    let marks: [StateMark]
    let isCancelled: Bool
    let reason: String
    let facts: [EventFact]
    let isFollowed: Bool
    let followURL: String
    let hasFollow: Bool
    let icsURL: String
    let atomURL: String
    let notices: [EventNoticeLine]
    let canPress: Bool
    let pressAction: String
    let listURL: String
    let hasImprint: Bool
    let imprint: [String]

    init(_ found: MeetingFacts, _ text: EventText, visit: Visit) {
        let (words, event) = (visit.words, found.event)
        heading = text.title(event, topics: found.names.topics)
        lang = text.lang(event)
        when = text.when(event)
        marks = [text.mark(event)]
        isCancelled = event.state == .cancelled
        reason = event.reason
        var lines: [EventFact] = [
            EventFact(fact: words("event.where"), factText: text.place(event, found.names.places), isLink: false)
        ]
        if let place = event.place.flatMap({ found.names.places[$0] }) {
            if !place.address.isEmpty { lines.append(EventFact(fact: words("event.address"), factText: place.address, isLink: false)) }
            if place.access != .unknown {
                lines.append(EventFact(fact: words("event.access"), factText: text.access(place.access), isLink: false))
            }
        }
        if !event.link.isEmpty { lines.append(EventFact(fact: words("event.link"), factText: event.link, isLink: true)) }
        let people = (found.names.members[event.id] ?? []).filter { $0.role == .speaker && $0.state == .confirmed }.map(\.name)
        if !people.isEmpty {
            lines.append(EventFact(fact: words("event.role.speaker"), factText: people.joined(separator: ", "), isLink: false))
        }
        lines.append(EventFact(fact: words("event.language"), factText: event.language.ownName, isLink: false))
        lines.append(EventFact(fact: words("event.host"), factText: text.host(event, found.names), isLink: false))
        lines.append(EventFact(fact: words("event.class"), factText: text.group(event), isLink: false))
        facts = lines
        isFollowed = found.isFollowed
        followURL = "/follow/\(found.follow)"
        hasFollow = !found.follow.isEmpty && !found.isFollowed && event.state.isTold
        let base = found.isFollowed ? followURL : "/meetings/\(event.id)"
        icsURL = "\(base).ics"
        atomURL = "\(followURL).atom"
        notices = found.notices.reversed().map { EventPage.notice($0, text, now: found.now) }
        canPress = event.state == .held && event.isPublic && visit.actor == nil
            && found.now < event.end.advanced(seconds: MeetingPage.pressDays * 86_400)
        pressAction = "/meetings/\(event.id)/press"
        listURL = "/meetings"
        imprint = found.pass?.lines(words) ?? []
        hasImprint = !imprint.isEmpty
    }
}
