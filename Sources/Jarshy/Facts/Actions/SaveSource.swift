import JarshyKit
import Storage

/// What somebody says of a source.
struct SourceText: Sendable {
    let title: String
    let section: String
    let url: String
    let statement: String
    let issued: Day?
    let itemClass: Release.ItemClass

    /// The same in one spelling, and what is wrong with it.
    func checked(on today: Day) -> (text: SourceText, faults: [Problem.Fault]) {
        let text = SourceText(
            title: LibraryText.cleaned(title), section: LibraryText.cleaned(section), url: url.trimmingSpaces(),
            statement: LibraryText.cleaned(statement), issued: issued, itemClass: itemClass)
        var faults = LibraryText.faults(text.title, field: "title", most: 300)
        if text.section.unicodeScalars.count > 200 { faults.append(LibraryText.long("section", 200)) }
        if text.statement.unicodeScalars.count > LibraryText.longest {
            faults.append(LibraryText.long("statement", LibraryText.longest))
        }
        if text.url.isEmpty, text.statement.isEmpty {
            faults.append(Problem.Fault("url", "missing", "A source has a link, or the words themselves."))
        }
        if !text.url.isEmpty, !WebLink.isLink(text.url) {
            faults.append(Problem.Fault("url", "not-link", "A link begins with https:// or http://."))
        }
        if let issued, issued > today { faults.append(Problem.Fault("issued", "issued-future", "'issued' lies in the future.")) }
        return (text, faults)
    }
}

enum LibraryText {
    static let longest = 8000

    /// Line ends unified; controls and marks that turn text around taken out.
    static func cleaned(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09: out.append(" ")
            case 0x0A: out.append(scalar)
            case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: continue
            default: out.append(scalar)
            }
        }
        return String(out).trimmingSpaces()
    }

    static func faults(_ text: String, field: String, most: Int = longest) -> [Problem.Fault] {
        if folded(text).isEmpty { return [Problem.Fault(field, "missing", "'\(field)' is missing.")] }
        return text.unicodeScalars.count > most ? [long(field, most)] : []
    }

    static func long(_ field: String, _ most: Int) -> Problem.Fault {
        Problem.Fault(field, "too-long", "'\(field)' is longer than \(most) characters.", slots: ["max": String(most)])
    }
}

/// Only these may stand in a link of a page: `javascript:` and its like never do.
enum WebLink {
    static func isLink(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= 500
            && text.utf8.allSatisfy { $0 > 32 && $0 != 34 && $0 != 60 && $0 != 62 }
    }
}

/// Whoever keeps facts anywhere keeps the campaign's library: nothing of it shows before a person of another organisation has
/// confirmed it.
struct LibraryScope {
    let actor: Actor
    let today: Day

    init(_ actor: Actor, at now: Instant) {
        self.actor = actor
        today = Zone.kazakhstan.day(at: now)
    }

    var mayKeep: Bool { actor.holdsAnywhere(.manageFacts, on: today) }
    /// Whoever approves answers or materials is asked to be the second person, too.
    var mayConfirm: Bool {
        mayKeep || actor.holdsAnywhere(.approveAnswers, on: today) || actor.holdsAnywhere(.approveMaterials, on: today)
    }

    func requireKeeping() throws {
        if !mayKeep { throw Problem.forbidden(Right.manageFacts.rawValue) }
    }

    /// - Throws: 404 for whoever has no business with the library, and where there is none.
    func source(_ id: SourceID, in db: any Reading) throws -> Source {
        guard mayConfirm, let source = try FactRows.newest(id, in: db) else { throw Problem.notFound("source") }
        return source
    }

    func fact(_ id: FactID, in db: any Reading) throws -> Fact {
        guard mayConfirm, let fact = try FactRows.fact(id, in: db) else { throw Problem.notFound("fact") }
        return fact
    }
}

/// Puts a source into a campaign's library. Needs `manageFacts`.
struct AddSource: Action {
    let campaign: String
    let text: SourceText

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> SourceID {
        let scope = LibraryScope(actor, at: now)
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        try scope.requireKeeping()
        let (text, faults) = text.checked(on: scope.today)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let id = SourceID.make(at: now)
        let organization = actor.organizations.first ?? .none
        try db.run(
            """
            INSERT INTO source (id, campaign, title, section, url, statement, issued_day, class, version, checked_day, author,
                author_organization, changed_at)
            VALUES (\(id), \(campaign.no), \(text.title), \(text.section), \(text.url), \(text.statement), \(text.issued),
                \(text.itemClass), 1, \(scope.today), \(actor.person), \(organization), \(now))
            """)
        try SourceWrites.version(1, of: id, text, reason: "", by: actor, on: scope.today, at: now, in: db)
        try Feed.record(FeedLine("add", "source", id), by: actor, at: now, in: db)
        return id
    }
}

/// A new version of a source, with what changed and why: it is checked by a second person again, and marks what rests on the
/// old one at once. Needs `manageFacts`.
struct ChangeSource: Action {
    let source: SourceID
    let text: SourceText
    let reason: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = LibraryScope(actor, at: now)
        let old = try scope.source(source, in: db)
        try scope.requireKeeping()
        var (text, faults) = text.checked(on: scope.today)
        let reason = LibraryText.cleaned(reason)
        faults += LibraryText.faults(reason, field: "reason", most: 1000)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        text = SourceText(
            title: text.title, section: text.section, url: text.url, statement: text.statement, issued: text.issued,
            itemClass: text.itemClass)
        let version = old.newest + 1
        try db.run(
            """
            UPDATE source SET title = \(text.title), section = \(text.section), url = \(text.url),
                statement = \(text.statement), issued_day = \(text.issued), class = \(text.itemClass),
                version = \(version), checked_day = \(scope.today), author = \(actor.person),
                author_organization = \(actor.organizations.first ?? .none), confirmed_by = NULL,
                confirmed_organization = NULL, sha256 = NULL, changed_at = \(now)
            WHERE id = \(source)
            """)
        try SourceWrites.version(version, of: source, text, reason: reason, by: actor, on: scope.today, at: now, in: db)
        try PageStamp.touch(.library, in: db)
        try Feed.record(FeedLine("change", "source", source, detail: "version=\(version)"), by: actor, at: now, in: db)
    }
}

enum SourceWrites {
    static func version(
        _ version: Int64, of id: SourceID, _ text: SourceText, reason: String, by actor: Actor, on today: Day, at now: Instant,
        in db: any Writing
    ) throws {
        try db.run(
            """
            INSERT INTO source_version (source, version, title, section, url, statement, issued_day, class, checked_day,
                reason, author, author_organization, at)
            VALUES (\(id), \(version), \(text.title), \(text.section), \(text.url), \(text.statement), \(text.issued),
                \(text.itemClass), \(today), \(reason), \(actor.person), \(actor.organizations.first ?? .none), \(now))
            """)
    }
}

/// A second person, from another organisation than the author's, has read a version and confirms it with its class. From now on
/// the public reads it. Needs `manageFacts`, `approveAnswers` or `approveMaterials`.
struct ConfirmSource: Action {
    let source: SourceID
    /// What was read: a version that came since is not confirmed by it.
    let version: Int64
    let itemClass: Release.ItemClass

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try LibraryScope(actor, at: now).source(source, in: db)
        try LibraryHands.expect(version, found.version, itemClass, found.itemClass, isConfirmed: found.hands.isConfirmed)
        let organization = try found.hands.second(actor)
        try db.run(
            """
            UPDATE source_version SET confirmed_by = \(actor.person), confirmed_organization = \(organization),
                confirmed_at = \(now)
            WHERE source = \(source) AND version = \(version)
            """)
        try db.run(
            """
            UPDATE source SET confirmed_by = \(actor.person), confirmed_organization = \(organization)
            WHERE id = \(source)
            """)
        try PageStamp.touch(.library, in: db)
        try Feed.record(FeedLine("confirm", "source", source, detail: "version=\(version)"), by: actor, at: now, in: db)
    }
}

extension LibraryHands {
    /// - Throws: 409 when what was read is not what stands, or was confirmed already.
    static func expect(
        _ version: Int64, _ stands: Int64, _ read: Release.ItemClass, _ written: Release.ItemClass, isConfirmed: Bool
    ) throws {
        guard version == stands else {
            throw Problem.conflict("version-moved", "There is a newer version. Read that one.", slots: ["version": "\(stands)"])
        }
        guard !isConfirmed else { throw Problem.conflict("version-confirmed", "This version was confirmed already.") }
        guard read == written else {
            throw Problem.conflict(
                "class-differs", "You hold it to be '\(read.rawValue)', the author '\(written.rawValue)': have it changed.")
        }
    }
}
