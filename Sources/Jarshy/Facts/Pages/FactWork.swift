import JarshyKit
import Storage

/// The library as its keepers work on it: what waits for a second person, what rests on a changed source, one source with its
/// facts and copies.
struct FactWork: Sendable {
    let store: EvidenceStore
    let uses: [LibraryUse]

    enum Deed: String, CaseIterable, Sendable {
        case change, confirm, copy, verify, add, factChange = "fact-change", factConfirm = "fact-confirm"
        case factRecheck = "fact-recheck"
    }

    func routes(_ site: inout Routes) {
        site.get("/facts/work", .signedIn) { visit in try await list(visit, problem: nil) }
        site.post("/facts/work", .signedIn) { visit in
            try await visit.attempt({ try await add(visit) }, again: { try await list(visit, problem: $0) })
        }
        site.get("/facts/{id}/work", .signedIn) { visit in try await page(visit) }
        for deed in Deed.allCases {
            site.post("/facts/{id}/\(deed.rawValue)", .signedIn, limit: deed == .copy ? .upload : .form) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit) }, again: { try await page(visit, refused: (deed, $0)) })
            }
        }
    }

    private func list(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, now, today) = (try visit.require(), visit.now, visit.today)
        let uses = uses
        let (code, offset) = (visit.query.text("campaign"), min(max(0, Int(visit.query.text("from")) ?? 0), 100_000))
        let view = try await visit.read { db -> FactWorkView in
            let scope = LibraryScope(actor, at: now)
            guard scope.mayConfirm else { throw Problem.forbidden(Right.manageFacts.rawValue) }
            let campaign = try Campaigns.current(in: db).chosen(code, on: today)
            let reader = try LibraryUse.Reader(actor, on: today, in: db)
            return FactWorkView(
                campaign: campaign, sources: try FactRows.newest(campaign.no, offset: offset, in: db),
                waiting: try FactRows.waiting(campaign.no, in: db), facts: try FactRows.waitingFacts(campaign.no, in: db),
                behind: try uses.flatMap { try $0.behind(campaign.no, reader, db) },
                organizations: try LibraryWords.organizations(in: db), mayKeep: scope.mayKeep, offset: offset)
        }
        let page = FactWorkPage(view, problem: problem, visit: visit)
        return .page("facts_work", page, PageHead(page.heading, section: "facts", campaign: view.campaign.names[visit.language]))
    }

    private func add(_ visit: Visit) async throws -> Reply {
        let (code, today) = (visit.query.text("campaign"), visit.today)
        let campaign = try await visit.read { db in try Campaigns.current(in: db).chosen(code, on: today) }
        let id = try await visit.run(AddSource(campaign: campaign.code, text: try SourceForm.text(visit.form)))
        return .redirect("/facts/\(id)/work", flash: .init(kind: .done, text: visit.words("fact.done.added")))
    }

    private func page(_ visit: Visit, refused: (Deed, Problem)? = nil) async throws -> Reply {
        guard let id = SourceID(visit.parameter("id")) else { throw Problem.notFound("source") }
        let (actor, now, today, uses) = (try visit.require(), visit.now, visit.today, uses)
        let (view, citing, mayKeep) = try await visit.read { db in
            let scope = LibraryScope(actor, at: now)
            let source = try scope.source(id, in: db)
            let reader = try LibraryUse.Reader(actor, on: today, in: db)
            let citing = try uses.flatMap { try $0.citing(id, reader, db) }
            return (try SourceView(source, onlyConfirmed: false, in: db), citing, scope.mayKeep)
        }
        let page = SourceWorkPage(view, citing: citing, mayKeep: mayKeep, refused: refused, visit: visit)
        return .page("source_work", page, PageHead(page.heading, section: "facts"))
    }

    private func perform(_ deed: Deed, _ visit: Visit) async throws -> Reply {
        guard let id = SourceID(visit.parameter("id")) else { throw Problem.notFound("source") }
        let form = visit.form
        var done = "fact.done.\(deed.rawValue)"
        switch deed {
        case .change:
            try await visit.run(ChangeSource(source: id, text: try SourceForm.text(form), reason: form.text("reason")))
        case .confirm:
            try await visit.run(ConfirmSource(source: id, version: try version(form), itemClass: try SourceForm.itemClass(form)))
        case .copy: try await copy(id, visit)
        case .verify: if try await !verify(id, visit) { done = "fact.done.verify_bad" }
        case .add: _ = try await visit.run(AddFact(source: id, text: try SourceForm.fact(form)))
        case .factChange:
            try await visit.run(ChangeFact(fact: try fact(form), text: try SourceForm.fact(form), reason: form.text("reason")))
        case .factConfirm:
            try await visit.run(
                ConfirmFact(fact: try fact(form), version: try version(form), itemClass: try SourceForm.itemClass(form)))
        case .factRecheck: try await visit.run(RecheckFact(fact: try fact(form)))
        }
        return .redirect("/facts/\(id)/work", flash: .init(kind: done.hasSuffix("bad") ? .stop : .done, text: visit.words(done)))
    }

    private func fact(_ form: Fields) throws -> FactID {
        guard let id = FactID(form.text("fact")) else { throw Problem.notFound("fact") }
        return id
    }

    private func version(_ form: Fields) throws -> Int64 {
        guard let version = Int64(form.text("version")) else {
            throw Problem.invalid([Problem.Fault("version", "missing", "'version' is missing.")])
        }
        return version
    }

    /// The bytes first, then the row. Who may not keep facts is told before anything is written.
    private func copy(_ id: SourceID, _ visit: Visit) async throws {
        let (actor, now) = (try visit.require(), visit.now)
        try await visit.read { db in
            let scope = LibraryScope(actor, at: now)
            _ = try scope.source(id, in: db)
            try scope.requireKeeping()
        }
        let file = visit.file("copy")
        let bytes = file?.bytes ?? []
        let sha256 = try await SourceCopies.keep(bytes, by: actor.person, in: store)
        try await visit.run(KeepCopy(source: id, sha256: sha256, name: file?.name ?? "", bytes: Int64(bytes.count)))
    }

    private func verify(_ id: SourceID, _ visit: Visit) async throws -> Bool {
        guard let sha256 = Hex.decoded(visit.form.text("sha256")), sha256.count == 32 else { throw Problem.notFound("copy") }
        let good = await SourceCopies.isGood(sha256, in: store)
        try await visit.run(NoteCopyCheck(source: id, sha256: sha256, good: good))
        return good
    }
}

struct FactWorkView: Sendable {
    let campaign: Campaign
    let sources: [Source]
    let waiting: [Source]
    let facts: [Fact]
    /// What rests on something that has changed since it was read.
    let behind: [LibraryUse.Line]
    let organizations: [OrganizationNo: Trio]
    let mayKeep: Bool
    let offset: Int
}

struct FactWorkPage: PageModel {
    let heading: String
    let publicURL: String
    let hasWaiting: Bool
    let waiting: [SourceLine]
    let hasFacts: Bool
    let facts: [WaitingFact]
    let hasBehind: Bool
    let behind: [CitingLine]
    let rows: [SourceLine]
    let isEmpty: Bool
    let hasPrevious: Bool
    let previousURL: String
    let hasNext: Bool
    let nextURL: String
    let mayKeep: Bool
    let addAction: String
    let form: SourceForm

    init(_ view: FactWorkView, problem: Problem?, visit: Visit) {
        let (words, query) = (visit.words, visit.query)
        let text = LibraryWords(words: words)
        func address(_ fields: Fields) -> String { ReportListPage.address("/facts/work", fields) }
        func line(_ source: Source) -> SourceLine { SourceLine(source, url: "/facts/\(source.id)/work", text: text) }
        heading = words("facts.work")
        publicURL = "/facts"
        waiting = view.waiting.map(line)
        hasWaiting = !waiting.isEmpty
        facts = view.facts.map { fact in
            WaitingFact(line: FactLine(fact, view.organizations, text: text), waitingURL: "/facts/\(fact.source)/work")
        }
        hasFacts = !facts.isEmpty
        behind = view.behind.map { CitingLine($0, words: words) }
        hasBehind = !behind.isEmpty
        rows = view.sources.prefix(FactRows.pageSize).map(line)
        isEmpty = rows.isEmpty
        hasPrevious = view.offset > 0
        let before = max(0, view.offset - FactRows.pageSize)
        previousURL = address(query.setting("from", before == 0 ? nil : String(before)))
        hasNext = view.sources.count > FactRows.pageSize
        nextURL = address(query.setting("from", String(view.offset + FactRows.pageSize)))
        mayKeep = view.mayKeep
        addAction = "/facts/work?" + Fields([("campaign", view.campaign.code)]).encoded
        form = SourceForm(nil, form: problem == nil ? nil : visit.form, problem: problem, id: "new", words: words)
    }
}

struct WaitingFact: PageModel {
    let line: FactLine
    let waitingURL: String
}

/// Something that cites the library.
struct CitingLine: PageModel {
    let citingURL: String
    let citingTitle: String
    let citingLang: String
    let isBehind: Bool
    let citingMark: StateMark

    init(_ line: LibraryUse.Line, words: Words) {
        citingURL = line.path
        citingTitle = line.title
        citingLang = line.language.rawValue
        isBehind = line.isBehind
        citingMark = StateMark("changed", words("fact.stale"))
    }
}
