import JarshyKit
import Storage

/// What somebody states, resting on a source.
struct FactText: Sendable {
    let statements: [Language: String]
    let itemClass: Release.ItemClass

    func checked() -> (text: FactText, faults: [Problem.Fault]) {
        let cleaned = statements.mapValues(LibraryText.cleaned)
        var faults = Language.allCases.flatMap { language -> [Problem.Fault] in
            let said = cleaned[language] ?? ""
            return said.isEmpty ? [] : LibraryText.faults(said, field: "statement_\(language.rawValue)", most: 1000)
        }
        if cleaned.values.allSatisfy(\.isEmpty) {
            faults.append(Problem.Fault("statement_kk", "missing", "A fact states something."))
        }
        return (FactText(statements: cleaned, itemClass: itemClass), faults)
    }
}

/// States a fact that rests on a source, as the source stands now. Needs `manageFacts`.
struct AddFact: Action {
    let source: SourceID
    let text: FactText

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> FactID {
        let scope = LibraryScope(actor, at: now)
        let source = try scope.source(source, in: db)
        try scope.requireKeeping()
        let (text, faults) = text.checked()
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let id = FactID.make(at: now)
        try db.run(
            """
            INSERT INTO fact (id, source, version, source_version, changed_at)
            VALUES (\(id), \(source.id), 1, \(source.newest), \(now))
            """)
        try FactWrites.version(1, of: id, text, reason: "", by: actor, on: scope.today, at: now, in: db)
        try Feed.record(FeedLine("add", "fact", id), by: actor, at: now, in: db)
        return id
    }
}

/// A new version of a fact, with what changed and why; read in the source as it stands now. Needs `manageFacts`.
struct ChangeFact: Action {
    let fact: FactID
    let text: FactText
    let reason: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = LibraryScope(actor, at: now)
        let old = try scope.fact(fact, in: db)
        try scope.requireKeeping()
        let (text, textFaults) = text.checked()
        let reason = LibraryText.cleaned(reason)
        let faults = textFaults + LibraryText.faults(reason, field: "reason", most: 1000)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let version = old.newest + 1
        try db.run(
            """
            UPDATE fact SET version = \(version), source_version = \(old.stands), changed_at = \(now) WHERE id = \(fact)
            """)
        try FactWrites.version(version, of: fact, text, reason: reason, by: actor, on: scope.today, at: now, in: db)
        try PageStamp.touch(.library, in: db)
        try Feed.record(FeedLine("change", "fact", fact, detail: "version=\(version)"), by: actor, at: now, in: db)
    }
}

/// A second person, from another organisation, confirms a fact with its class.
struct ConfirmFact: Action {
    let fact: FactID
    let version: Int64
    let itemClass: Release.ItemClass

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try LibraryScope(actor, at: now).fact(fact, in: db)
        try LibraryHands.expect(version, found.version, itemClass, found.itemClass, isConfirmed: found.hands.isConfirmed)
        let organization = try found.hands.second(actor)
        guard try FactRows.newest(found.source, in: db)?.hands.isConfirmed == true else {
            throw Problem.conflict("source-unconfirmed", "Its source is not confirmed yet: that comes first.")
        }
        try db.run(
            """
            UPDATE fact_version SET confirmed_by = \(actor.person), confirmed_organization = \(organization),
                confirmed_at = \(now)
            WHERE fact = \(fact) AND version = \(version)
            """)
        try PageStamp.touch(.library, in: db)
        try Feed.record(FeedLine("confirm", "fact", fact, detail: "version=\(version)"), by: actor, at: now, in: db)
    }
}

/// Somebody has read the changed source: the fact still holds as it is written. Needs `manageFacts`; the new version of the
/// source is confirmed.
struct RecheckFact: Action {
    let fact: FactID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = LibraryScope(actor, at: now)
        let found = try scope.fact(fact, in: db)
        try scope.requireKeeping()
        guard found.isStale else { throw Problem.conflict("not-stale", "Its source has not changed since.") }
        guard try FactRows.newest(found.source, in: db)?.hands.isConfirmed == true else {
            throw Problem.conflict("source-unconfirmed", "Its source is not confirmed yet: that comes first.")
        }
        try db.run("UPDATE fact SET source_version = \(found.stands), changed_at = \(now) WHERE id = \(fact)")
        try PageStamp.touch(.library, in: db)
        try Feed.record(FeedLine("recheck", "fact", fact, detail: "source=\(found.stands)"), by: actor, at: now, in: db)
    }
}

enum FactWrites {
    static func version(
        _ version: Int64, of id: FactID, _ text: FactText, reason: String, by actor: Actor, on today: Day, at now: Instant,
        in db: any Writing
    ) throws {
        try db.run(
            """
            INSERT INTO fact_version (fact, version, statement_kk, statement_ru, statement_en, class, checked_day, reason,
                author, author_organization, at)
            VALUES (\(id), \(version), \(text.statements[.kk] ?? ""), \(text.statements[.ru] ?? ""),
                \(text.statements[.en] ?? ""), \(text.itemClass), \(today), \(reason), \(actor.person),
                \(actor.organizations.first ?? .none), \(now))
            """)
    }
}
