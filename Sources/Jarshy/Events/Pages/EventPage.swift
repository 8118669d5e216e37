import JarshyKit

/// The page of one event. Fields as in `event.mustache`.
struct EventPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let lang: String
    let when: String
    let marks: [StateMark]
    let hasProblem: Bool
    let problem: ErrorSummary
    let isCancelled: Bool
    let reason: String
    let isQuiet: Bool
    let facts: [EventFact]
    let publicURL: String
    let hasPublic: Bool
    let posterURL: String
    let hasPoster: Bool
    let canEdit: Bool
    let editURL: String
    let base: String
    let canAnnounce: Bool
    let canHold: Bool
    let canMove: Bool
    let move: EventMoveForm
    let canCancel: Bool
    let cancelReason: AreaField
    let canConfirmClass: Bool
    let members: [EventMemberLine]
    let hasMembers: Bool
    let canInvite: Bool
    let suggestURL: String
    let person: SelectField
    let role: SelectField
    let reports: [EventReportLine]
    let hasReports: Bool
    let canReport: Bool
    let reportURL: String
    let questions: String
    let questionsURL: String
    let canTakeQuestion: Bool
    let hasMaterials: Bool
    let materials: [EventMaterialLine]
    let canSetMaterials: Bool
    let materialsField: AreaField
    let notices: [EventNoticeLine]
    let hasNotices: Bool
    let hasSeries: Bool
    let series: [EventRow]
    let history: [EventHistoryLine]
}

struct EventFact: PageModel {
    let fact: String
    let factText: String
    let isLink: Bool
}

struct EventMoveForm: PageModel {
    let day: DateField
    let time: TextField
    let minutes: NumberField
    let why: TextField
}

struct EventMemberLine: PageModel {
    let memberID: String
    let memberName: String
    let memberRole: String
    let memberState: String
    let hasOffice: Bool
    let hasVia: Bool
    let via: String
    let canAnswer: Bool
    let canWithdraw: Bool
    let canAllow: Bool
}

struct EventReportLine: PageModel {
    let reportURL: String
    let reportName: String
    let figures: String
    let isVoid: Bool
}

struct EventMaterialLine: PageModel {
    let materialName: String
    let materialText: String
}

struct EventNoticeLine: PageModel {
    let noticeText: String
    let noticeWhen: String
    let noticeAt: String
    let noticeReason: String
    let hasReason: Bool
}

struct EventHistoryLine: PageModel {
    let said: String
    /// Who and when; only when, where the server did it itself.
    let byAt: String
}

extension EventPage {
    init(_ view: EventView, refused: (EventPages.Deed, Problem)?, visit: Visit) {
        let (words, event, form) = (visit.words, view.event, visit.form)
        let text = EventText(words: words, tree: view.tree, campaign: view.campaign)
        func typed(_ deed: EventPages.Deed, _ name: String, _ first: String = "") -> String {
            refused?.0 == deed ? form[name] ?? first : first
        }
        let wrong = FieldErrors(refused?.1, words: words)
        let manages = view.rights.contains(.manageEvents)
        let reader = visit.actor?.person
        trail = [TrailLink("/events", words("events.title"))]
        heading = text.title(event, topics: view.names.topics)
        here = heading
        lang = text.lang(event)
        when = text.when(event)
        marks = text.marks(event)
        hasProblem = refused != nil
        problem = refused.map { ErrorSummary($0.1, words: words) } ?? .none
        isCancelled = event.state == .cancelled
        reason = event.reason
        isQuiet = event.isCampaigning && view.campaign.isQuiet(on: event.day)
        facts = Self.facts(view, text)
            + (view.follow.isEmpty
                ? [] : [EventFact(fact: words("event.follow"), factText: "\(visit.origin)/follow/\(view.follow)", isLink: true)])
        hasPublic = event.isPublic && event.state != .draft
        publicURL = "/meetings/\(event.id)"
        hasPoster = event.isPublic && event.state.isTold
        posterURL = "/events/\(event.id)/poster"
        base = "/events/\(event.id)"
        canEdit = manages && !event.isOver
        editURL = "\(base)/edit"
        canAnnounce = manages && Event.state(after: .announce, from: event.state) != nil
        canHold = (manages || view.rights.contains(.fileReports)) && Event.state(after: .hold, from: event.state) != nil
            && event.start <= view.now
        canMove = manages && Event.state(after: .move, from: event.state) != nil
        canCancel = manages && Event.state(after: .cancel, from: event.state) != nil
        move = EventMoveForm(
            day: DateField(
                "day", words("event.day"), value: typed(.move, "day", event.day.description), error: wrong["day"],
                required: true, min: view.campaign.first, max: view.campaign.last),
            time: TextField(
                "time", words("event.time"), value: typed(.move, "time", EventFormFields.clock(event.minute)),
                hint: words("event.time.hint"), error: wrong["time"], required: true),
            minutes: NumberField(
                "minutes", words("event.minutes"), value: typed(.move, "minutes", "\(event.minutes)"), error: wrong["minutes"],
                required: true, min: 15, max: EventInput.longestMinutes),
            why: TextField("why", words("event.move.why"), value: typed(.move, "why")))
        cancelReason = AreaField(
            "reason", words("event.cancel.reason"), value: typed(.cancel, "reason"), hint: words("event.cancel.hint"),
            error: wrong["reason"], required: true, maxLength: Reasons.longest)
        canConfirmClass = view.rights.contains(.approveMaterials) && event.classBy == nil && !event.isOver
            && reader != event.author
        members = view.members.map { member in
            let waits = member.state.holds || member.state == .declined
            return EventMemberLine(
                memberID: member.id.description, memberName: member.name, memberRole: text.role(member.role),
                memberState: text.answer(member.state), hasOffice: view.offices.contains(member.person),
                hasVia: member.state == .asked, via: member.via.map(text.unit) ?? "",
                canAnswer: waits && !event.isOver && (manages || member.person == reader),
                canWithdraw: manages && !event.isOver && member.state != .withdrawn,
                canAllow: view.allowing.contains(member.id))
        }
        hasMembers = !members.isEmpty
        canInvite = manages && !event.isOver
        suggestURL = "/speakers/for/\(event.id)"
        let taken = Set(view.members.filter { $0.state != .declined && $0.state != .withdrawn }.map(\.person))
        person = SelectField(
            "person", words("event.person"),
            options: [("", words("form.none"))]
                + view.candidates.filter { !taken.contains($0.id) }.map { ($0.id.description, $0.name) },
            chosen: typed(.invite, "person"), error: wrong["person"], required: true)
        role = SelectField(
            "role", words("event.role"), options: RosterMember.Role.allCases.map { ($0.rawValue, text.role($0)) },
            chosen: typed(.invite, "role", RosterMember.Role.speaker.rawValue))
        let report = ReportText(words: words, tree: view.tree, campaign: view.campaign)
        reports = view.reports.map { part, stands in
            EventReportLine(
                reportURL: "/reports/\(stands.id)",
                reportName: view.event.form == .hybrid ? words("event.part.\(part.rawValue)") : words("event.report"),
                figures: report.figures(stands.figures), isVoid: stands.isVoided)
        }
        hasReports = !reports.isEmpty
        let standing = Set(view.reports.filter { !$0.report.isVoided }.map(\.part))
        canReport = view.rights.contains(.fileReports) && event.state != .cancelled && event.start <= view.now
            && !EventReportFacts.parts(event.form).allSatisfy { standing.contains($0) }
        reportURL = "\(base)/report"
        questions = words.count("event.questions", view.questions)
        questionsURL = "/questions/new?event=\(event.id)"
        canTakeQuestion = view.rights.contains(.takeQuestions) && event.start <= view.now && event.state != .cancelled
        materials = view.materials.map { line in
            EventMaterialLine(
                materialName: line.name,
                materialText: words(
                    line.handed == nil ? "event.material.brought" : "event.material.handed",
                    ["brought": report.number(line.brought)].merging(
                        line.handed.map { ["handed": report.number($0)] } ?? [:]) { first, _ in first }))
        }
        hasMaterials = !materials.isEmpty
        canSetMaterials = (manages || view.rights.contains(.useMaterials)) && event.state != .cancelled
        let lines = view.materials.map { "\($0.name); \($0.brought)" + ($0.handed.map { "; \($0)" } ?? "") }
        materialsField = AreaField(
            "materials", words("event.materials"), value: typed(.materials, "materials", lines.joined(separator: "\n")),
            hint: words("event.materials.hint"), error: wrong["materials"], rows: 3)
        notices = view.notices.reversed().map { Self.notice($0, text, now: view.now) }
        hasNotices = !notices.isEmpty
        let names = view.names
        series = view.series.filter { $0.id != event.id }.map { EventRow(event: $0, names: names, text: text) }
        hasSeries = !series.isEmpty
        history = view.deeds.map { deed in
            EventHistoryLine(
                said: words.find("event.history.\(deed.verb)") ?? deed.verb,
                byAt: [deed.actor.flatMap { view.people[$0] }, words.moment(deed.at, now: view.now)].compactMap { $0 }
                    .joined(separator: " · "))
        }
    }

    static func notice(_ notice: Notice, _ text: EventText, now: Instant) -> EventNoticeLine {
        EventNoticeLine(
            noticeText: text.words("event.notice.\(notice.verb.rawValue)"), noticeWhen: text.when(notice.start, notice.end),
            noticeAt: text.words.moment(notice.at, now: now), noticeReason: notice.reason, hasReason: !notice.reason.isEmpty)
    }

    private static func facts(_ view: EventView, _ text: EventText) -> [EventFact] {
        let (words, event) = (text.words, view.event)
        var facts: [(String, String)] = [
            (words("event.host"), text.host(event, view.names)),
            (words("event.kind"), text.kind(event.kind)),
            (words("event.form"), text.form(event.form)),
        ]
        if event.form != .online { facts.append((words("event.territory"), text.unit(event.territory))) }
        if let place = view.place {
            let seats = place.capacity.map { words("event.seats", ["n": words.format.number(Int($0))]) } ?? ""
            facts.append((words("event.place"), [place.name, place.address, seats].filter { !$0.isEmpty }.joined(separator: " · ")))
            facts.append((words("event.access"), text.access(place.access)))
        }
        if let topic = event.topic.flatMap({ view.names.topics[$0] }) { facts.append((words("event.topic"), topic[words.language])) }
        facts.append((words("event.audience"), view.campaign.audience(event.audience)?.names[words.language] ?? event.audience))
        facts.append((words("event.language"), event.language.ownName))
        if !view.partners.isEmpty { facts.append((words("event.partners.title"), view.partners.map(text.unit).joined(separator: ", "))) }
        let confirmed = event.classBy.flatMap { view.people[$0] }
        facts.append((words("event.class"), text.group(event) + (confirmed.map { " · " + words("event.class.by", ["name": $0]) } ?? "")))
        facts.append((words("event.author"), view.people[event.author] ?? ""))
        var lines = facts.map { EventFact(fact: $0.0, factText: $0.1, isLink: false) }
        if !event.link.isEmpty { lines.append(EventFact(fact: words("event.link"), factText: event.link, isLink: true)) }
        return lines
    }
}
