import JarshyKit
import Storage

/// The poster of a public event: to print, with the address as a code and the whole imprint. Without printer, place and number
/// of copies there is only the form that asks for them: no imprint, no poster.
enum PosterPages {
    static let longest = 200
    static let mostCopies: Int64 = 1_000_000

    static func page(_ visit: Visit) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, EventID(visit.parameter("id")))
        let facts = try await visit.read { db -> (view: EventView, pass: Release.Pass) in
            let view = try EventView(id, actor: actor, now: now, in: db)
            guard view.event.isPublic, view.event.state.isTold,
                let pass = try EventRelease.pass(.publication, view.event, in: view.campaign, at: now, db: db)
            else { throw Problem.notFound("poster") }
            return (view, pass)
        }
        let page = PosterPage(facts.view, facts.pass, visit: visit)
        return .page(
            "event_poster", page, PageHead(page.heading, section: "events", campaign: facts.view.campaign.names[visit.language]))
    }
}

/// Fields as in `event_poster.mustache`.
struct PosterPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let lang: String
    let when: String
    let place: String
    let access: String
    let hasAccess: Bool
    let speakers: String
    let hasSpeakers: Bool
    let address: String
    let hasCode: Bool
    let codeSide: String
    let codePath: String
    let isWhole: Bool
    let imprint: [String]
    let printer: TextField
    let town: TextField
    let copies: NumberField

    init(_ view: EventView, _ pass: Release.Pass, visit: Visit) {
        let (words, event, query) = (visit.words, view.event, visit.query)
        let text = EventText(words: words, tree: view.tree, campaign: view.campaign)
        heading = text.title(event, topics: view.names.topics)
        trail = [TrailLink("/events", words("events.title")), TrailLink("/events/\(event.id)", heading)]
        here = words("poster.title")
        lang = text.lang(event)
        when = text.when(event)
        let room = view.place.map { [$0.name, $0.address].filter { !$0.isEmpty }.joined(separator: ", ") } ?? ""
        place = [event.form == .online ? words("event.form.online") : text.unit(event.territory), room, event.link]
            .filter { !$0.isEmpty }.joined(separator: " · ")
        hasAccess = view.place.map { $0.access != .unknown } ?? false
        access = view.place.map { text.access($0.access) } ?? ""
        let people = view.members.filter { $0.role == .speaker && $0.state == .confirmed }.map(\.name)
        hasSpeakers = !people.isEmpty
        speakers = people.joined(separator: ", ")
        address = "\(visit.origin)/meetings/\(event.id)"
        let code = QrCode(address)
        (hasCode, codeSide, codePath) = (code != nil, "\(code?.side ?? 0)", code?.path ?? "")
        func typed(_ name: String, _ first: String) -> String {
            String((query[name].map(cleanedTyping) ?? first).prefix(PosterPages.longest))
        }
        let printedBy = typed("printer", pass.organization.names[words.language])
        let printedAt = typed("town", text.unit(event.territory))
        let number = Int64(query.text("copies")).flatMap { (1...PosterPages.mostCopies).contains($0) ? $0 : nil }
        isWhole = number != nil && !printedBy.isEmpty && !printedAt.isEmpty
        imprint = pass.lines(words) + [
            words("poster.line.printer", ["name": printedBy]), words("poster.line.town", ["name": printedAt]),
            words("poster.line.copies", ["n": number.map { words.format.number(Int($0)) } ?? ""]),
        ]
        printer = TextField("printer", words("poster.printer"), value: printedBy, required: true)
        town = TextField("town", words("poster.town"), value: printedAt, required: true)
        copies = NumberField(
            "copies", words("poster.copies"), value: query.text("copies"), required: true, min: 1, max: PosterPages.mostCopies)
    }
}
