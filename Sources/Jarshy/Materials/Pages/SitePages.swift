import JarshyKit
import Storage

/// One poster site: its permission, how it was found, with photos; somebody looks again here, or it is used no more.
enum SitePages {
    enum Deed: String, CaseIterable, Sendable { case condition, close }

    static func routes(_ site: inout Routes, intake: Intake, photos: EvidenceStore) {
        site.get("/sites/{id}", .signedIn) { visit in try await page(visit) }
        for deed in Deed.allCases {
            let (right, limit): (Right, BodyLimit) = deed == .condition ? (.useMaterials, .upload) : (.manageMaterials, .form)
            site.post("/sites/{id}/\(deed.rawValue)", .right(right), limit: limit) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit, intake, photos) }, again: { try await page(visit, refused: (deed, $0)) })
            }
        }
    }

    private static func view(_ visit: Visit) async throws -> SiteView {
        let (actor, now, id) = (try visit.require(), visit.now, PosterSiteID(visit.parameter("id")))
        return try await visit.read { db in try SiteView(id, actor: actor, now: now, in: db) }
    }

    private static func page(_ visit: Visit, refused: (deed: Deed, problem: Problem)? = nil) async throws -> Reply {
        let view = try await view(visit)
        let page = SitePage(view, form: visit.form, refused: refused, now: visit.now, words: visit.words)
        return .page(
            "site", page, PageHead(page.heading, section: "materials", campaign: view.campaign.names[visit.language]))
    }

    private static func perform(_ deed: Deed, _ visit: Visit, _ intake: Intake, _ photos: EvidenceStore) async throws -> Reply {
        let view = try await view(visit)
        var (told, kind) = (visit.words("site.done.\(deed.rawValue)"), Reply.Flash.Kind.done)
        switch deed {
        case .close: try await visit.run(ClosePosterSite(site: view.site.id))
        case .condition:
            let form = visit.form
            let photo = try SitePhoto(visit.file("photo"))
            let members: [Json.Member] =
                [.init("site", .text(view.site.id.description))] + form.member("day") + form.member("condition")
                + form.member("note") + (photo.map { [$0.promise] } ?? [])
            let outcome = try await MaterialDeed.submit(NoteSiteCondition.kind, view.campaign, members, visit, intake)
            if outcome.receipt.contains("\"quiet-period\"") { (told, kind) = (told + " " + visit.words("site.quiet"), .warn) }
            if let photo {
                // What was found stands; a photo that cannot be taken is told of.
                do { try await EvidenceApi.take(photo.content, visit, intake, photos) } catch let problem as Problem {
                    (told, kind) = (told + " " + visit.words("site.photo.lost", ["why": problem.detail]), .warn)
                }
            }
        }
        return .redirect("/sites/\(view.site.id)", flash: .init(kind: kind, text: told))
    }
}

/// A photo that came with the form, looked at before anything is written down.
private struct SitePhoto {
    let content: [UInt8]

    /// Nil when none was chosen.
    /// - Throws: 422 for what is no photo.
    init?(_ file: UploadedFile?) throws {
        guard let file, !file.bytes.isEmpty else { return nil }
        guard let kind = Pictures.kind(Array(file.bytes.prefix(16))), kind != .pdf else {
            throw Problem.invalid([Problem.Fault("photo", "photo-kind", "The photo is no JPEG, PNG or WebP.")])
        }
        content = file.bytes
    }

    var promise: Json.Member {
        .init(
            "evidence",
            .list([
                .object([
                    .init("sha256", .text(Hex.encoded(EvidenceStore.sha256(content)))),
                    .init("role", .text(EvidencePromise.Role.site.rawValue)), .init("bytes", .integer(Int64(content.count))),
                ])
            ]))
    }
}

/// What the page of a site needs, read with a fixed number of statements.
struct SiteView: Sendable {
    let site: PosterSite
    let campaign: Campaign
    let material: Material?
    let findings: [SiteFinding]
    let names: [PersonID: String]
    let photos: [OperationID: [EvidenceItem]]
    let tree: Tree
    let today: Day
    let uses: Bool
    let manages: Bool
    let reviews: Bool

    static let mostFindings = 100

    /// - Throws: 404 outside the scope.
    init(_ id: PosterSiteID?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        let site = try scope.site(id, in: db)
        guard let campaign = try Campaigns.current(in: db).find(site.campaign) else { throw Problem.notFound("campaign") }
        (self.site, self.campaign, tree, today) = (site, campaign, scope.tree, scope.today)
        material = try site.form.material.flatMap { try MaterialRows.materials([$0], in: db)[$0] }
        findings = try SiteFinding.of(site.id, limit: Self.mostFindings, in: db)
        names = try ReportRows.names(findings.map(\.author), in: db)
        let items = try EvidenceItem.list(of: [site.id], in: db)[site.id] ?? []
        photos = Dictionary(grouping: items, by: \.op)
        uses = scope.holds(.useMaterials, over: site.unit)
        manages = scope.holds(.manageMaterials, over: site.unit)
        reviews = scope.holds(.reviewEvidence, over: site.unit)
    }
}
