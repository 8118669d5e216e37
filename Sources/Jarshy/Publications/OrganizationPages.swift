import JarshyKit
import Storage

/// The register of pages on which organisations publish as themselves.
enum OrganizationPages {
    static func routes(_ site: inout Routes) {
        site.get("/publications/pages", .right(.publish)) { visit in try await page(visit, problem: nil) }
        site.post("/publications/pages", .right(.publish)) { visit in
            try await deed(visit) {
                let form = visit.form
                _ = try await visit.run(
                    AddOrganizationPage(
                        organization: form.text("organization"), kind: form.text("kind"), name: form.text("name"),
                        url: form.text("url")))
            }
        }
        site.post("/publications/pages/{id}/end", .right(.publish)) { visit in
            try await deed(visit) {
                guard let id = OrganizationPageID(visit.parameter("id")) else { throw Problem.notFound("page") }
                try await visit.run(EndOrganizationPage(page: id))
            }
        }
    }

    private static func deed(_ visit: Visit, _ work: () async throws -> Void) async throws -> Reply {
        try await visit.attempt(
            {
                try await work()
                return .redirect("/publications/pages", flash: .init(kind: .done, text: visit.words("publications.pages.saved")))
            }, again: { try await page(visit, problem: $0) })
    }

    private static func page(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today) = (try visit.require(), visit.today)
        let view = try await visit.read { db -> ([Organization], [OrganizationPage], Set<OrganizationNo>) in
            let (tree, organizations) = (try Tree.current(in: db), try Organization.all(in: db))
            let mine = organizations.filter { SetImprint.may(actor, $0.no, in: tree, on: today) }.map(\.no)
            return (organizations, try OrganizationPage.all(in: db), Set(mine))
        }
        let page = OrganizationPagesPage(
            view.0, view.1, mine: view.2, form: problem == nil ? Fields() : visit.form, problem: problem, words: visit.words)
        return .page("organization_pages", page, PageHead(page.heading, section: "publications"))
    }
}

struct OrganizationPagesPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let rows: [OrganizationPageRow]
    let isEmpty: Bool
    let canAdd: Bool
    let opened: Bool
    let selects: [SelectField]
    let fields: [TextField]

    init(
        _ organizations: [Organization], _ pages: [OrganizationPage], mine: Set<OrganizationNo>, form: Fields, problem: Problem?,
        words: Words
    ) {
        let wrong = FieldErrors(problem, words: words)
        trail = [TrailLink("/publications", words("publications.title"))]
        heading = words("publications.pages")
        here = heading
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        rows = pages.filter { !$0.isEnded }.map { page in
            OrganizationPageRow(
                name: page.name, url: page.url, isLink: NamedSource.isLink(page.url),
                organization: organizations.first { $0.no == page.organization }?.names[words.language] ?? "",
                canEnd: mine.contains(page.organization), endAction: "/publications/pages/\(page.id)/end")
        }
        isEmpty = rows.isEmpty
        canAdd = !mine.isEmpty
        opened = problem != nil
        selects = [
            SelectField(
                "organization", words("publications.organization"),
                options: organizations.filter { mine.contains($0.no) }.map { ($0.code, $0.names[words.language]) },
                chosen: form.text("organization"), error: wrong["organization"], required: true),
            SelectField(
                "kind", words("publications.pages.kind"),
                options: OrganizationPage.Kind.allCases.map { ($0.rawValue, words("publications.pages.kind.\($0.rawValue)")) },
                chosen: form.text("kind"), error: wrong["kind"], required: true),
        ]
        fields = [
            TextField(
                "name", words("publications.pages.name"), value: form.text("name"), hint: words("publications.pages.name.hint"),
                error: wrong["name"], required: true),
            TextField("url", words("publications.pages.url"), value: form.text("url"), error: wrong["url"], required: true, type: "url"),
        ]
    }
}

struct OrganizationPageRow: PageModel {
    let name: String
    let url: String
    let isLink: Bool
    let organization: String
    let canEnd: Bool
    let endAction: String
}
