import Crypto
import JarshyKit
import Storage

/// Logs what an organisation published, and counts it as work by a report of its own. Needs `publish` over the unit, judged for
/// the moment it was written.
struct LogPublication: LedgerAction {
    static let kind = "publication.log"
    static let activity = "publication"
    static let metric = "publications"

    let campaign: String
    let unit: String
    let day: Day
    let organization: String
    /// A page of the organisation; nil for a medium.
    let page: OrganizationPageID?
    let outlet: String
    let title: String
    let url: String
    let itemClass: Release.ItemClass?
    let sha256: Blob?

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        day = fields.neededDay("day")
        organization = fields.neededText("organization")
        page = fields.id("page", of: OrganizationPageMark.self)
        outlet = QuestionWords.cleaned(fields.text("outlet") ?? "")
        title = QuestionWords.cleaned(fields.neededText("title"))
        url = fields.neededText("url").trimmingSpaces()
        itemClass = fields.text("class").flatMap { Release.ItemClass(rawValue: $0) }
        sha256 = Hex.decoded(fields.text("sha256") ?? "").flatMap { $0.count == 32 ? Blob($0) : nil }
        if sha256 == nil { fields.fault("sha256", "not-hash", "'sha256' is the SHA-256 of the copy you keep, 64 digits.") }
        if fields.bool("imprint") != true {
            fields.fault("imprint", "no-imprint", "What has no imprint is not logged: publish it with one.")
        }
        if page == nil, outlet.isEmpty { fields.fault("page", "missing", "Say on which page or in which medium.") }
        if page != nil, !outlet.isEmpty { fields.fault("outlet", "not-wanted", "Either a page of your own or a medium.") }
        if title.isEmpty || title.unicodeScalars.count > 300 { fields.fault("title", "missing", "'title' is missing or too long.") }
        if outlet.unicodeScalars.count > 200 { fields.fault("outlet", "too-long", "'outlet' is too long.") }
        fields.add(AccountList.faults(["outlet": outlet, "title": title, "url": url]))
        if !NamedSource.isLink(url) { fields.fault("url", "not-link", "The link begins with https:// or http://.") }
        try fields.finish()
    }

    func streams(in tree: Tree, campaigns: Campaigns) -> [UnitNo] { FileReport.streams(of: unit, on: day, in: tree) }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        guard let campaign = books.campaigns.find(campaign) else { throw Problem.notFound("campaign") }
        guard let unit = books.tree.find(unit), actor.mayKnow(unit.no, in: books.tree, on: books.today) else {
            throw Problem.notFound("unit")
        }
        guard let organization = try books.organizations().first(where: { $0.code == self.organization }) else {
            throw Problem.invalid([.unknown("organization", self.organization)])
        }
        let flags = try Authority.judge(.publish, over: unit.no, organization: organization.no, operation, actor, books)
        let page = try page.map { try self.page($0, of: organization, books) }
        // The day it stood there decides, not the day it is logged: noon of it, local time.
        let moment = Zone.kazakhstan.instant(day, minute: 720)
        let item = Release.Item(
            way: .publication, campaign: campaign.no, organization: organization.no, itemClass: itemClass)
        guard let itemClass = try ReleaseGate.pass(item, at: moment, in: books.db).item.itemClass else {
            throw Release.Refusal.unclassed
        }
        let link = Blob(Array(SHA256.hash(data: Array("\(campaign.code)\n\(url)".utf8))))
        let id = ID<PublicationMark>(operation.id)
        let voided = try voidedBefore(link, books)
        let report = try report(operation, campaign)
        let outcome = try report?.perform(operation, by: actor, on: books)
            ?? .accepted(operation, "publication", id, flags: flags)
        if let voided { try books.db.run("UPDATE publication SET link = NULL WHERE id = \(voided)") }
        try books.db.run(
            """
            INSERT INTO publication (id, campaign, unit, organization, page, outlet, title, url, link, day, class, sha256,
                counted, author, logged_at)
            VALUES (\(id), \(campaign.no), \(unit.no), \(organization.no), \(page?.id), \(outlet), \(title), \(url), \(link),
                \(day), \(itemClass), \(sha256), \(report != nil), \(actor.person), \(books.now))
            """)
        books.record(
            FeedLine("log", "publication", id, unit: unit.no, detail: "class=\(itemClass.rawValue)"), by: actor)
        return outcome
    }

    /// The report that counts it, where the campaign does; its id is the operation's, as with every report.
    ///
    /// Audience and channel are the campaign's own words: the usual ones where it has them, else its first audience, and the
    /// channel this kind of work starts with.
    private func report(_ operation: Operation, _ campaign: Campaign) throws -> FileReport? {
        guard campaign.metric(Self.metric) != nil, let activity = campaign.activity(Self.activity),
            let audience = campaign.audience("residents") ?? campaign.audiences.first
        else { return nil }
        let channel = campaign.channel(page == nil ? "media" : "social")?.code ?? activity.channel
        let body: [Json.Member] = [
            .init("op", .text(operation.id.description)), .init("kind", .text(FileReport.kind)),
            .init("campaign", .text(campaign.code)), .init("unit", .text(unit)), .init("day", .text(day.description)),
            .init("activity", .text(activity.code)), .init("audience", .text(audience.code)),
            .init("channel", .text(channel)), .init("organization", .text(organization)),
            .init("metrics", .object([.init(Self.metric, .integer(1))])),
        ]
        guard let inner = Operation(.object(body), device: operation.device, door: .sync) else { throw FormOperation.missing }
        return FileReport(counting: try FileReport(inner), by: .publish)
    }

    private func page(_ id: OrganizationPageID, of organization: Organization, _ books: Books) throws -> OrganizationPage {
        let found = try books.db.first(OrganizationPage.self, where: "FROM organization_page p WHERE p.id = \(id)")
        guard let found, found.organization == organization.no, !found.isEnded else {
            throw Problem.invalid([.unknown("page", id.description)])
        }
        guard found.holds(url) else {
            throw Problem.invalid([Problem.Fault("url", "not-on-page", "The link does not lie on the page you named.")])
        }
        return found
    }

    /// The publication of the same link whose report was voided, and which this one follows.
    /// - Throws: 409 when the link stands: one link counts once.
    private func voidedBefore(_ link: Blob, _ books: Books) throws -> ID<PublicationMark>? {
        let known = try books.db.first(
            "SELECT p.id, coalesce(r.voided, \(false)) FROM publication p LEFT JOIN report r ON r.id = p.id WHERE p.link = \(link)"
        ) { row in (try row.next(ID<PublicationMark>.self), try row.next(Bool.self)) }
        guard let (id, isVoided) = known else { return nil }
        guard isVoided else {
            throw Problem.conflict("publication-known", "This link is logged already.", slots: ["report": id.description])
        }
        return id
    }
}

enum PublicationMark {}
