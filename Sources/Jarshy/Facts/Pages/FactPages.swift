import JarshyKit
import Storage

/// What anybody reads of the library: what a person of another organisation than its author's has confirmed.
enum FactPages {
    static func routes(_ site: inout Routes, store: EvidenceStore) {
        site.kept("/facts") { visit in try await list(visit) }
        site.kept("/facts/{id}") { visit in try await page(visit) }
        site.get("/facts/{id}/copies/{sha256}", .open) { visit in try await copy(visit, store) }
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        let (query, today) = (visit.query, visit.today)
        let offset = min(max(0, Int(query.text("from")) ?? 0), 100_000)
        let (campaign, sources) = try await visit.read { db in
            let campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
            return (campaign, try FactRows.confirmed(campaign.no, offset: offset, in: db))
        }
        let page = FactListPage(sources, offset: offset, mayWork: visit.actor != nil, query: query, words: visit.words)
        return .page("facts", page, PageHead(page.heading, section: "facts", campaign: campaign.names[visit.language]))
    }

    private static func page(_ visit: Visit) async throws -> Reply {
        guard let id = SourceID(visit.parameter("id")) else { throw Problem.notFound("source") }
        let (actor, now) = (visit.actor, visit.now)
        let view = try await visit.read { db -> SourceView in
            guard let source = try FactRows.confirmed(id, in: db) else { throw Problem.notFound("source") }
            return try SourceView(source, onlyConfirmed: true, in: db)
        }
        let page = SourcePage(view, mayWork: actor.map { LibraryScope($0, at: now).mayConfirm } ?? false, words: visit.words)
        return .page("source", page, PageHead(page.heading, section: "facts"))
    }
}

extension FactPages {
    /// Anybody gets what a second person has confirmed the source with; keepers and second persons every copy.
    private static func copy(_ visit: Visit, _ store: EvidenceStore) async throws -> Reply {
        guard let id = SourceID(visit.parameter("id")), let sha256 = Hex.decoded(visit.parameter("sha256")) else {
            throw Problem.notFound("copy")
        }
        let (actor, now) = (visit.actor, visit.now)
        let copy = try await visit.read { db -> SourceCopy in
            guard let copy = try FactRows.copies(of: id, in: db).first(where: { $0.sha256 == sha256 }) else {
                throw Problem.notFound("copy")
            }
            let mayWork = actor.map { LibraryScope($0, at: now).mayConfirm } ?? false
            guard try mayWork || copy.isPublic(with: FactRows.versions(of: id, in: db)) else { throw Problem.notFound("copy") }
            return copy
        }
        return try await KeptFile.reply(copy.sha256, name: copy.name, from: store)
    }
}

/// One source with everything a page shows of it.
struct SourceView: Sendable {
    let source: Source
    let versions: [Source]
    let facts: [Fact]
    let copies: [SourceCopy]
    let checks: [[UInt8]: (at: Instant, good: Bool)]
    let organizations: [OrganizationNo: Trio]

    init(_ source: Source, onlyConfirmed: Bool, in db: any Reading) throws {
        self.source = source
        versions = try FactRows.versions(of: source.id, in: db).filter { !onlyConfirmed || $0.hands.isConfirmed }
        facts = try FactRows.facts(of: source.id, confirmed: onlyConfirmed, in: db)
        copies = try FactRows.copies(of: source.id, in: db)
        checks = try FactRows.checks(of: source.id, in: db)
        organizations = try LibraryWords.organizations(in: db)
    }
}

struct FactListPage: PageModel {
    let heading: String
    let rows: [SourceLine]
    let isEmpty: Bool
    let hasPrevious: Bool
    let previousURL: String
    let hasNext: Bool
    let nextURL: String
    let mayWork: Bool
    let workURL: String

    init(_ sources: [Source], offset: Int, mayWork: Bool, query: Fields, words: Words) {
        let text = LibraryWords(words: words)
        func address(_ fields: Fields) -> String { ReportListPage.address("/facts", fields) }
        heading = words("facts.title")
        rows = sources.prefix(FactRows.pageSize).map { SourceLine($0, url: "/facts/\($0.id)", text: text) }
        isEmpty = rows.isEmpty
        hasPrevious = offset > 0
        let before = max(0, offset - FactRows.pageSize)
        previousURL = address(query.setting("from", before == 0 ? nil : String(before)))
        hasNext = sources.count > FactRows.pageSize
        nextURL = address(query.setting("from", String(offset + FactRows.pageSize)))
        self.mayWork = mayWork
        workURL = "/facts/work"
    }
}

struct SourcePage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let mark: StateMark
    let isBehind: Bool
    let isLink: Bool
    let url: String
    let hasStatement: Bool
    let statement: String
    let facts: [SourceFact]
    let library: [FactLine]
    let hasFacts: Bool
    let copies: [CopyLine]
    let hasCopies: Bool
    let versions: [SourceVersionLine]
    let hasVersions: Bool
    let mayWork: Bool
    let workURL: String

    init(_ view: SourceView, mayWork: Bool, words: Words) {
        let (text, source) = (LibraryWords(words: words), view.source)
        trail = [TrailLink("/facts", words("facts.title"))]
        heading = LibraryWords.title(source)
        here = heading
        mark = text.classMark(source.itemClass)
        isBehind = source.isBehind
        isLink = WebLink.isLink(source.url)
        url = source.url
        hasStatement = !source.statement.isEmpty
        statement = source.statement
        facts = [
            SourceFact(
                fact: words("fact.issued"), factText: source.issued.map(text.day) ?? words("form.none")),
            SourceFact(fact: words("fact.checked"), factText: text.day(source.checked)),
            SourceFact(fact: words("fact.second"), factText: text.hands(source.hands, view.organizations)),
        ]
        library = view.facts.map { FactLine($0, view.organizations, text: text) }
        hasFacts = !library.isEmpty
        copies = view.copies.map { copy in
            CopyLine(copy, check: view.checks[copy.sha256], hasFile: copy.isPublic(with: view.versions), of: source.id, text: text)
        }
        hasCopies = !copies.isEmpty
        versions = view.versions.filter { $0.version < source.version }.map { SourceVersionLine($0, text: text) }
        hasVersions = !versions.isEmpty
        self.mayWork = mayWork
        workURL = "/facts/\(source.id)/work"
    }
}

/// A name and what stands for it.
struct SourceFact: PageModel {
    let fact: String
    let factText: String
}

/// An older text, readable for ever.
struct SourceVersionLine: PageModel {
    let versionOn: String
    let versionTitle: String
    let versionStatement: String

    init(_ source: Source, text: LibraryWords) {
        versionOn = text.words("fact.version_of", ["version": "\(source.version)", "day": text.day(source.checked)])
        versionTitle = LibraryWords.title(source)
        versionStatement = source.statement
    }
}
