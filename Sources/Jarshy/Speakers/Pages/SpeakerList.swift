import JarshyKit
import Storage

/// The register of speakers.
enum SpeakerList {
    static func routes(_ site: inout Routes) {
        site.get("/speakers", .signedIn) { visit in
            let list = try await visit.read(listing(visit))
            let page = SpeakersPage(list, visit: visit)
            return .page(
                "speakers", page, PageHead(page.heading, section: "speakers", campaign: list.campaign.names[visit.language]))
        }
        site.get("/speakers.csv", .signedIn) { visit in
            let list = try await visit.read(listing(visit))
            return .file(bytes(list, visit), "text/csv; charset=utf-8", name: "speakers-\(visit.today).csv")
        }
    }

    private static func listing(_ visit: Visit) throws -> @Sendable (any Reading) throws -> SpeakerListing {
        let (actor, now, query) = (try visit.require(), visit.now, visit.query)
        return { db in try SpeakerListing(query, actor: actor, now: now, in: db) }
    }

    private static func bytes(_ list: SpeakerListing, _ visit: Visit) -> [UInt8] {
        var csv = CSVWriter(byteOrderMark: true)
        csv.append(["id", "name", "unit", "unit_name", "level", "languages", "topics", "load", "most", "posts", "public_office"])
        let text = SpeakerText(words: visit.words, tree: list.tree, topics: list.topics)
        for speaker in list.speakers {
            csv.append([
                speaker.person.description, speaker.name, list.tree.code(of: speaker.unit), text.unit(speaker.unit),
                speaker.level.rawValue, Language.allCases.filter(speaker.languages.contains).map(\.rawValue).joined(separator: " "),
                speaker.topics.sorted().joined(separator: " "), "\(speaker.load(around: visit.now))", "\(speaker.monthLoad)",
                text.posts(speaker, on: list.today), speaker.hasOffice(on: list.today) ? "1" : "0",
            ])
        }
        return csv.bytes
    }
}

/// What the register's page needs, read with a fixed number of statements.
struct SpeakerListing: Sendable {
    let campaign: Campaign
    let tree: Tree
    let today: Day
    let speakers: [Speaker]
    let units: [UnitNo]
    let topics: [EventTopic]
    let mayKeep: Bool
    let mayManage: Bool
    let isOwn: Bool

    init(_ query: Fields, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try SpeakerScope(actor, at: now, in: db)
        let tree = scope.tree
        (self.tree, today) = (tree, scope.today)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        topics = try EventTopic.all(of: campaign.no, in: db)
        mayKeep = actor.holdsAnywhere(.manageSpeakers, on: today)
        mayManage = actor.holdsAnywhere(.manageEvents, on: today)
        isOwn = !mayKeep && !mayManage && actor.kind != .operator
        let all = isOwn
            ? [try SpeakerRows.find(actor.person, campaign: campaign.no, at: now, in: db)].compactMap { $0 }
            : try SpeakerRows.of(scope.units, campaign: campaign.no, at: now, in: db)
        units = Set(all.map(\.unit)).sorted {
            (tree[$0]?.sortKey ?? []).lexicographicallyPrecedes(tree[$1]?.sortKey ?? [])
        }
        let below = query.code("unit").flatMap { tree.find($0) }.map { Set(tree.subtree(of: $0.no)) }
        let (topic, language, level) =
            (query.code("topic"), Language(rawValue: query.text("language")), Speaker.Level(rawValue: query.text("level")))
        speakers = all.filter { speaker in
            (below?.contains(speaker.unit) ?? true) && (topic.map(speaker.topics.contains) ?? true)
                && (language.map(speaker.languages.contains) ?? true) && (level.map { $0 == speaker.level } ?? true)
        }
    }
}

/// Fields as in `speakers.mustache`.
struct SpeakersPage: PageModel {
    let heading: String
    let canKeep: Bool
    let newURL: String
    let canManage: Bool
    let rotaURL: String
    let briefsURL: String
    let filters: Filters
    let rows: [SpeakerRow]
    let count: String
    let csvURL: String
    let isEmpty: Bool
    let empty: EmptyState

    init(_ list: SpeakerListing, visit: Visit) {
        let (words, query) = (visit.words, visit.query)
        let text = SpeakerText(words: words, tree: list.tree, topics: list.topics)
        heading = words("speakers.title")
        canKeep = list.mayKeep
        newURL = "/speakers/new"
        canManage = list.mayManage
        rotaURL = "/speakers/rota"
        briefsURL = "/briefs"
        func select(_ name: String, _ key: String, _ options: [(value: String, label: String)]) -> SelectField {
            SelectField(
                name, words(key), options: [("", words("form.all"))] + options, chosen: query.text(name), id: "filter-\(name)")
        }
        let selects = [
            select("unit", "speaker.unit", list.units.map { (list.tree.code(of: $0), text.unit($0)) }),
            select("topic", "event.topic", list.topics.map { ($0.code, $0.names[words.language]) }),
            select("language", "speaker.languages", Language.allCases.map { ($0.rawValue, $0.ownName) }),
            select("level", "speaker.level", Speaker.Level.allCases.map { ($0.rawValue, text.level($0)) }),
        ]
        let chosen = selects.flatMap { field in
            field.options.filter { $0.selected && !$0.optionValue.isEmpty }.map(\.optionLabel)
        }
        filters = Filters(
            action: "/speakers", summary: chosen.isEmpty ? words("form.all") : chosen.joined(separator: " · "), selects: selects,
            reset: chosen.isEmpty ? nil : "/speakers")
        rows = list.speakers.map { SpeakerRow(speaker: $0, text: text, now: visit.now, today: list.today) }
        count = words.count("speakers.count", rows.count)
        csvURL = ReportListPage.address("/speakers.csv", query)
        isEmpty = rows.isEmpty
        empty = EmptyState(
            words("speakers.empty"), next: words("speakers.empty.next"),
            step: list.mayKeep ? (newURL, words("speaker.new")) : nil)
    }
}

struct SpeakerRow: HotRow {
    let speaker: Speaker
    let text: SpeakerText
    let now: Instant
    let today: Day

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "speakerURL": "/speakers/\(speaker.person)"
        case "name": speaker.name
        case "unit": text.unit(speaker.unit)
        case "level": text.level(speaker.level)
        case "topics": text.topics(speaker)
        case "languages": text.languages(speaker)
        case "load": text.load(speaker.load(around: now), of: speaker.monthLoad)
        case "hasOffice": speaker.hasOffice(on: today)
        case "isAway": speaker.isAway(on: today)
        default: nil
        }
    }
}
