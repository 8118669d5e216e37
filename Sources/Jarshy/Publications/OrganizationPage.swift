import JarshyKit
import Storage

enum OrganizationPageMark {}
typealias OrganizationPageID = ID<OrganizationPageMark>

/// A page on which an organisation publishes under its own name.
struct OrganizationPage: Sendable {
    enum Kind: String, Stored, CaseIterable, Sendable {
        case site, social
    }

    let id: OrganizationPageID
    let organization: OrganizationNo
    let kind: Kind
    let name: String
    let url: String
    let isEnded: Bool

    /// An organisation that speaks as itself needs few pages; a list of many is a list of accounts.
    static let most = 12

    /// The link lies on this page: the same host, and below its path.
    func holds(_ link: String) -> Bool {
        let own = Self.plain(url)
        let plain = Self.plain(link)
        return plain == own || plain.hasPrefix(own + "/") || plain.hasPrefix(own + "?")
    }

    /// Without scheme, `www.` and a slash at the end.
    private static func plain(_ url: String) -> String {
        var text = url[...]
        for scheme in ["https://", "http://"] where text.lowercased().hasPrefix(scheme) { text = text.dropFirst(scheme.count) }
        let host = text.prefix { $0 != "/" && $0 != "?" }
        let rest = text.dropFirst(host.count)
        let bare = host.lowercased().hasPrefix("www.") ? host.dropFirst(4) : host
        let whole = bare.lowercased() + rest
        return whole.hasSuffix("/") ? String(whole.dropLast()) : whole
    }

    /// The page bears the organisation's name: the whole of it, or what stands in quotation marks in it.
    static func bears(_ name: String, of organization: Organization) -> Bool {
        let cores = [organization.names.kk, organization.names.ru, organization.names.en].flatMap { full -> [String] in
            guard let open = full.firstIndex(of: "«"), let close = full[open...].firstIndex(of: "»") else { return [full] }
            return [full, String(full[full.index(after: open)..<close])]
        }
        let plain = " \(folded(name)) "
        return cores.contains { core in
            let core = folded(core)
            return !core.isEmpty && plain.contains(" \(core) ")
        }
    }
}

extension OrganizationPage: Decodable {
    static let columns: SQL = "p.id, p.organization, p.kind, p.name, p.url, p.ended_at"

    init(_ row: inout Row) throws {
        id = try row.next()
        organization = try row.next()
        kind = try row.next()
        name = try row.next()
        url = try row.next()
        isEnded = try row.next(Instant?.self) != nil
    }

    static func all(in db: any Reading) throws -> [OrganizationPage] {
        try db.all(OrganizationPage.self, where: "FROM organization_page p ORDER BY p.organization, p.name, p.id")
    }
}

/// Registers a page on which an organisation publishes. Needs `publish` and to belong to it, or `manageOrganizations` over the
/// whole tree.
struct AddOrganizationPage: Action {
    let organization: String
    let kind: String
    let name: String
    let url: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> OrganizationPageID {
        guard let organization = try Organization.all(in: db).first(where: { $0.code == self.organization }) else {
            throw Problem.notFound("organization")
        }
        guard SetImprint.may(actor, organization.no, in: try Tree.current(in: db), on: Zone.kazakhstan.day(at: now)) else {
            throw Problem.forbidden(Right.publish.rawValue)
        }
        let (name, url) = (QuestionWords.cleaned(name), url.trimmingSpaces())
        var faults = AccountList.faults(["name": name, "url": url])
        let kind = OrganizationPage.Kind(rawValue: kind)
        if kind == nil { faults.append(.unknown("kind", self.kind)) }
        if faults.isEmpty, name.isEmpty || name.unicodeScalars.count > 200 {
            faults.append(Problem.Fault("name", "missing", "'name' is missing or too long."))
        }
        if faults.isEmpty, !NamedSource.isLink(url) {
            faults.append(Problem.Fault("url", "not-link", "A page's link begins with https:// or http://."))
        }
        if faults.isEmpty, !OrganizationPage.bears(name, of: organization) {
            faults.append(Problem.Fault("name", "page-name", "The page does not bear the organisation's name."))
        }
        guard faults.isEmpty, let kind else { throw Problem.invalid(faults) }
        let pages = try OrganizationPage.all(in: db)
        if pages.contains(where: { $0.url == url }) {
            throw Problem.conflict("page-known", "This page is registered already.")
        }
        guard pages.count(where: { $0.organization == organization.no && !$0.isEnded }) < OrganizationPage.most else {
            throw Problem.conflict(
                "page-list", "An organisation has at most \(OrganizationPage.most) pages of its own; lists of accounts are not kept.",
                slots: ["max": String(OrganizationPage.most)])
        }
        let id = OrganizationPageID.make(at: now)
        try db.run(
            """
            INSERT INTO organization_page (id, organization, kind, name, url, added_at, added_by)
            VALUES (\(id), \(organization.no), \(kind), \(name), \(url), \(now), \(actor.person))
            """)
        try Feed.record(FeedLine("add", "page", id, detail: "organization=\(organization.code)"), by: actor, at: now, in: db)
        return id
    }
}

/// The organisation publishes there no more.
struct EndOrganizationPage: Action {
    let page: OrganizationPageID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try db.first(
            OrganizationPage.self, where: "FROM organization_page p WHERE p.id = \(page) AND p.ended_at IS NULL")
        guard let found else { throw Problem.notFound("page") }
        guard SetImprint.may(actor, found.organization, in: try Tree.current(in: db), on: Zone.kazakhstan.day(at: now)) else {
            throw Problem.forbidden(Right.publish.rawValue)
        }
        try db.run("UPDATE organization_page SET ended_at = \(now) WHERE id = \(page)")
        try Feed.record(FeedLine("end", "page", page), by: actor, at: now, in: db)
    }
}

/// Lists of accounts have no place here: what looks like one is refused, in whatever field it comes.
enum AccountList {
    static func isOne(_ text: String) -> Bool {
        let links = text.matches(of: #/https?:\/\/|\bt\.me\/|\b(instagram|facebook|vk|tiktok|youtube|x|twitter)\.com\//#.ignoresCase()).count
        let handles = text.matches(of: #/(^|[\s,;])@[A-Za-z0-9_.]{2,}/#).count
        return links > 1 || handles > 1 || links + handles > 2
    }

    static func faults(_ fields: [String: String]) -> [Problem.Fault] {
        fields.sorted { $0.key < $1.key }.filter { isOne($0.value) }.map { field, _ in
            Problem.Fault(field, "account-list", "One link, one name: lists of accounts, pages or links are not taken.")
        }
    }
}
