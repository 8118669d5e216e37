import JarshyKit
import Storage

/// The log of publications and the form that adds to it.
enum PublicationPages {
    static func routes(_ site: inout Routes, intake: Intake, store: EvidenceStore) {
        site.get("/publications", .right(.publish)) { visit in try await list(visit, problem: nil) }
        site.get("/publications.csv", .right(.publish)) { visit in
            let list = try await visit.read(listing(visit, whole: true))
            return .file(
                PublicationCSV.bytes(list, visit.words), "text/csv; charset=utf-8", name: "publications-\(visit.today).csv")
        }
        site.post("/publications", .right(.publish), limit: .upload) { visit in
            try await visit.attempt({ try await log(visit, intake, store) }, again: { try await list(visit, problem: $0) })
        }
        site.get("/publications/{id}/copy", .right(.publish)) { visit in
            let (actor, now, id) = (try visit.require(), visit.now, ID<PublicationMark>(visit.parameter("id")))
            let copy = try await visit.read { db in try PublicationCopy.find(id, for: actor, at: now, in: db) }
            guard let name = copy.name else { throw Problem.notFound("copy") }
            return try await KeptFile.reply(copy.sha256.bytes, name: name, from: store)
        }
    }

    private static func listing(_ visit: Visit, whole: Bool) throws -> @Sendable (any Reading) throws -> PublicationListing {
        let (actor, today, query) = (try visit.require(), visit.today, visit.query)
        return { db in try PublicationListing(query, actor: actor, today: today, whole: whole, in: db) }
    }

    private static func list(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let list = try await visit.read(listing(visit, whole: false))
        let form = visit.method == "POST" ? visit.form : nil
        let page = PublicationListPage(list, form: form, problem: problem, query: visit.query, now: visit.now, words: visit.words)
        return .page(
            "publications", page,
            PageHead(page.heading, section: "publications", campaign: list.campaign.names[visit.language]))
    }

    private static func log(_ visit: Visit, _ intake: Intake, _ store: EvidenceStore) async throws -> Reply {
        let (actor, form) = (try visit.require(), visit.form)
        let list = try await visit.read(listing(visit, whole: false))
        var members: [Json.Member] = [
            .init("op", .text(try FormOperation.id(form).description)), .init("kind", .text(LogPublication.kind)),
            .init("campaign", .text(list.campaign.code)), .init("unit", .text(form.text("unit"))),
            .init("day", .text(form.text("day"))), .init("organization", .text(form.text("organization"))),
            .init("title", .text(form.text("title"))), .init("url", .text(form.text("url"))),
            .init("class", .text(form.text("class"))), .init("imprint", .bool(form["imprint"] == "1")),
        ]
        if let page = form.code("page") { members.append(.init("page", .text(page))) }
        if let outlet = form.code("outlet") { members.append(.init("outlet", .text(outlet))) }
        // A file is kept; of a copy that stays with the organisation only the checksum is typed.
        let copy = visit.file("copy").flatMap { $0.bytes.isEmpty ? nil : $0 }
        let sha256 = copy.map { EvidenceStore.sha256($0.bytes) }
        members.append(.init("sha256", .text(sha256.map(Hex.encoded) ?? form.text("sha256"))))
        guard let operation = Operation(.object(members), device: "", door: .form),
            let outcome = try await intake.submit([operation], by: actor, at: visit.now).first
        else { throw FormOperation.missing }
        guard outcome.status == .accepted else {
            throw outcome.problem ?? Problem.conflict("already-filed", "This form was sent before with other content.")
        }
        if let copy, let sha256 {
            // Were this to fail, the same form sent again logs nothing twice and keeps the copy.
            _ = try await store.put(copy.bytes, by: actor.person)
            try await visit.run(
                KeepPublicationCopy(
                    publication: ID(operation.id), sha256: sha256, name: copy.name, bytes: Int64(copy.bytes.count)))
        }
        return .redirect("/publications", flash: .init(kind: .done, text: visit.words("publications.logged")))
    }
}

/// What the page and the file need, with a fixed number of statements.
struct PublicationListing: Sendable {
    let campaign: Campaign
    let tree: Tree
    let homes: [UnitNo]
    let organizations: [Organization]
    let pages: [OrganizationPage]
    let rows: [Publication]
    let hasMore: Bool
    let chosen: OrganizationNo?

    init(_ query: Fields, actor: Actor, today: Day, whole: Bool, in db: any Reading) throws {
        tree = try Tree.current(in: db)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        let held = actor.grants.filter { $0.holds(on: today) && $0.rights.contains(.publish) }.map(\.unit)
        homes = actor.kind == .operator ? tree.root.map { [$0] } ?? [] : Array(Set(held)).sorted()
        organizations = try Organization.all(in: db)
        pages = try OrganizationPage.all(in: db)
        chosen = organizations.first { $0.code == query.text("organization") }?.no
        let rows = PublicationRows(campaign: campaign.no, organization: chosen, homes: homes, tree: tree, db: db)
        if whole {
            (self.rows, hasMore) = (try rows.all(), false)
        } else {
            (self.rows, hasMore) = try rows.page(after: PublicationRows.Cursor(query.text("after")))
        }
    }

    func organization(_ no: OrganizationNo) -> Organization? { organizations.first { $0.no == no } }
}

struct PublicationListPage: PageModel {
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let pagesURL: String
    let filters: Filters
    let rows: [PublicationRow]
    let isEmpty: Bool
    let empty: EmptyState
    let pagination: Pagination
    let csvURL: String
    let form: PublicationForm

    init(_ list: PublicationListing, form: Fields?, problem: Problem?, query: Fields, now: Instant, words: Words) {
        heading = words("publications.title")
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        pagesURL = "/publications/pages"
        let select = SelectField(
            "organization", words("publications.organization"),
            options: [("", words("form.all"))] + list.organizations.map { ($0.code, $0.names[words.language]) },
            chosen: query.text("organization"), id: "filter-organization")
        let chosen = list.chosen.flatMap { list.organization($0)?.names[words.language] }
        filters = Filters(
            action: "/publications", summary: chosen ?? words("form.all"), selects: [select],
            reset: chosen == nil ? nil : "/publications")
        rows = list.rows.map { PublicationRow($0, list, words) }
        isEmpty = rows.isEmpty
        empty = EmptyState(words("publications.empty"), next: words("publications.empty.next"))
        let plain = query.setting("after", nil)
        let next = list.hasMore
            ? list.rows.last.map { ReportListPage.address("/publications", plain.setting("after", PublicationRows.Cursor($0).text)) }
            : nil
        let first = query.text("after").isEmpty ? nil : ReportListPage.address("/publications", plain)
        pagination = Pagination(summary: words.count("publications.count", list.rows.count), previous: first, next: next)
        csvURL = ReportListPage.address("/publications.csv", plain)
        self.form = PublicationForm(list, form: form, problem: problem, now: now, words: words)
    }
}

struct PublicationRow: PageModel {
    let title: String
    let url: String
    let isLink: Bool
    let place: String
    let organization: String
    let day: String
    let className: String
    let hash: String
    let isCounted: Bool
    let reportURL: String
    let isVoided: Bool
    /// The server has the file.
    let hasCopy: Bool
    let copyURL: String

    init(_ publication: Publication, _ list: PublicationListing, _ words: Words) {
        title = publication.title
        url = publication.url
        isLink = NamedSource.isLink(publication.url)
        place = publication.place
        organization = list.organization(publication.organization)?.names[words.language] ?? ""
        day = UnitText(words: words).day(publication.day)
        className = words("publications.class.\(publication.itemClass.rawValue)")
        hash = Hex.encoded(Array(publication.sha256.bytes.prefix(6)))
        isCounted = publication.isCounted
        reportURL = "/reports/\(publication.id)"
        isVoided = publication.isVoided
        hasCopy = publication.hasCopy
        copyURL = "/publications/\(publication.id)/copy"
    }
}

struct PublicationForm: PageModel {
    let opened: Bool
    let action: String
    let op: String
    let title: TextField
    let url: TextField
    let day: DateField
    let selects: [SelectField]
    let outlet: TextField
    let classes: TilesField
    let copy: TextField
    let sha256: TextField
    let imprint: CheckField
    let imprintError: String
    let hasImprintError: Bool

    init(_ list: PublicationListing, form: Fields?, problem: Problem?, now: Instant, words: Words) {
        let wrong = FieldErrors(problem, words: words)
        let typed = form ?? Fields([("day", Zone.kazakhstan.day(at: now).description)])
        let language = words.language
        opened = problem != nil
        action = "/publications?" + Fields([("campaign", list.campaign.code)]).encoded
        op = OperationID.make(at: now).description
        title = TextField("title", words("publications.name"), value: typed.text("title"), error: wrong["title"], required: true)
        url = TextField(
            "url", words("publications.url"), value: typed.text("url"), hint: words("publications.url.hint"), error: wrong["url"],
            required: true, type: "url")
        day = DateField("day", words("publications.day"), value: typed.text("day"), error: wrong["day"], required: true)
        outlet = TextField(
            "outlet", words("publications.outlet"), value: typed.text("outlet"), hint: words("publications.outlet.hint"),
            error: wrong["outlet"])
        let units = list.homes.flatMap { [$0] + list.tree.children(of: $0) }
        selects = [
            SelectField(
                "organization", words("publications.organization"),
                options: list.organizations.map { ($0.code, $0.names[language]) }, chosen: typed.text("organization"),
                error: wrong["organization"], required: true),
            SelectField(
                "page", words("publications.page"),
                options: [("", words("publications.page.none"))]
                    + list.pages.filter { !$0.isEnded }.map { ($0.id.description, $0.name) },
                chosen: typed.text("page"), error: wrong["page"]),
            SelectField(
                "unit", words("publications.unit"),
                options: UnitText(words: words).options(Array(units.prefix(300)), in: list.tree),
                chosen: typed.text("unit"), error: wrong["unit"], required: true),
        ]
        classes = TilesField(
            "class", words("publications.class"),
            choices: Release.ItemClass.allCases.map { ($0.rawValue, words("publications.class.\($0.rawValue)")) },
            chosen: typed.text("class"), error: wrong["class"], required: true)
        copy = TextField("copy", words("publications.copy"), hint: words("publications.copy.hint"), error: wrong["sha256"])
        sha256 = TextField("sha256", words("publications.sha256"), value: typed.text("sha256"), hint: words("publications.sha256.hint"))
        imprint = CheckField("imprint", words("publications.imprint"), checked: typed["imprint"] == "1")
        imprintError = wrong["imprint"]
        hasImprintError = !wrong["imprint"].isEmpty
    }
}

/// The log as a file.
enum PublicationCSV {
    static func bytes(_ list: PublicationListing, _ words: Words) -> [UInt8] {
        var csv = CSVWriter(byteOrderMark: true)
        csv.append(["id", "day", "organization", "unit", "place", "title", "url", "class", "sha256", "counted", "voided"])
        for row in list.rows {
            csv.append([
                row.id.description, row.day.description, list.organization(row.organization)?.code ?? "",
                list.tree.code(of: row.unit), row.place, row.title, row.url, row.itemClass.rawValue, Hex.encoded(row.sha256.bytes),
                row.isCounted ? "1" : "0", row.isVoided ? "1" : "0",
            ])
        }
        return csv.bytes
    }
}
