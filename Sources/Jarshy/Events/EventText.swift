import JarshyKit

/// Events in the reader's words. Names from data stand after a colon or a dot, so that no language has to bend them.
struct EventText: Sendable {
    let words: Words
    let tree: Tree
    let campaign: Campaign

    private var language: Language { words.language }

    /// Its own title, else its activity, with the topic.
    func title(_ event: Event, topics: [String: Trio]) -> String {
        if !event.title.isEmpty { return event.title }
        let activity = campaign.activity(event.activity)?.names[language] ?? kind(event.kind)
        guard let topic = event.topic.flatMap({ topics[$0] }) else { return activity }
        return "\(activity): \(topic[language])"
    }

    /// The language the title is in.
    func lang(_ event: Event) -> String { event.title.isEmpty ? language.rawValue : event.language.rawValue }

    func kind(_ kind: Event.Kind) -> String { words("event.kind.\(kind.rawValue)") }
    func form(_ form: Event.Form) -> String { words("event.form.\(form.rawValue)") }
    func state(_ state: Event.State) -> String { words("event.state.\(state.rawValue)") }
    func role(_ role: RosterMember.Role) -> String { words("event.role.\(role.rawValue)") }
    func answer(_ state: RosterMember.State) -> String { words("event.answer.\(state.rawValue)") }
    func access(_ access: EventPlace.Access) -> String { words("event.access.\(access.rawValue)") }
    func unit(_ no: UnitNo) -> String { tree[no]?.titles[language] ?? "" }
    func group(_ event: Event) -> String { words(event.isCampaigning ? "event.class.campaigning" : "event.class.information") }

    /// "12 Nov 2026, Thursday, 15:00–16:30"
    func when(_ start: Instant, _ end: Instant) -> String {
        let (first, last) = (Zone.kazakhstan.day(at: start), Zone.kazakhstan.day(at: end))
        let begin = "\(words.day(first)), \(words.format.weekdayName(first.weekday)), \(words.time(start))"
        return first == last ? "\(begin)–\(words.time(end))" : "\(begin) – \(words.day(last)), \(words.time(end))"
    }

    func when(_ event: Event) -> String { when(event.start, event.end) }

    /// "15:00–16:30"
    func hours(_ event: Event) -> String { "\(words.time(event.start))–\(words.time(event.end))" }

    /// The room and the settlement, or that it is online.
    func place(_ event: Event, _ places: [PlaceID: EventPlace]) -> String {
        let territory = unit(event.territory)
        let room = event.place.flatMap { places[$0]?.name }
        switch event.form {
        case .online: return words("event.form.online")
        case .inPerson, .hybrid:
            let parts = [territory, room ?? ""] + (event.form == .hybrid ? [words("event.form.hybrid")] : [])
            return parts.filter { !$0.isEmpty }.joined(separator: " · ")
        }
    }

    func mark(_ event: Event) -> StateMark {
        StateMark(event.state.mark, state(event.state))
    }

    func marks(_ event: Event) -> [StateMark] {
        var marks = [mark(event)]
        if event.isCampaigning { marks.append(StateMark("flagged", words("event.class.campaigning"))) }
        if !event.isPublic { marks.append(StateMark("closed", words("event.shown.internal"))) }
        return marks
    }

    /// What stands in a calendar program under the event.
    func item(
        _ event: Event, _ names: EventNames, origin: String, url: String
    ) -> ICalendar.Item {
        let title = title(event, topics: names.topics)
        let place = event.place.flatMap { names.places[$0] }
        let people = (names.members[event.id] ?? []).filter { $0.role == .speaker && $0.state == .confirmed }.map(\.name)
        var lines: [String] = []
        if event.state == .moved { lines.append(words("event.state.moved")) }
        if event.state == .cancelled { lines.append("\(words("event.state.cancelled")). \(event.reason)") }
        if !people.isEmpty { lines.append("\(words("event.role.speaker")): \(people.joined(separator: ", "))") }
        if !event.link.isEmpty { lines.append("\(words("event.link")): \(event.link)") }
        if let place, place.access != .unknown { lines.append("\(words("event.access")): \(access(place.access))") }
        lines.append("\(words("event.host")): \(host(event, names))")
        if event.isPublic { lines.append(words("event.voluntary")) }
        let location = [place?.name ?? "", place?.address ?? "", event.form == .online ? "" : unit(event.territory)]
            .filter { !$0.isEmpty }.joined(separator: ", ")
        let status: ICalendar.Status = switch event.state {
        case .draft: .tentative
        case .cancelled: .cancelled
        default: .confirmed
        }
        return ICalendar.Item(
            uid: "\(event.id)@jarshy", sequence: event.sequence, changed: event.changedAt,
            start: event.start, end: event.end, status: status, summary: title, description: lines.joined(separator: "\n"),
            location: location.isEmpty ? event.link : location, url: origin + url, categories: [kind(event.kind)])
    }

    /// The unit that holds it and its organisation: nothing is told without a name.
    func host(_ event: Event, _ names: EventNames) -> String {
        let organization = names.organizations[event.organization]?[language] ?? ""
        return [unit(event.unit), organization].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
