import JarshyKit
import Storage

/// The library of the demo: the campaign's own rules as sources with a fact each, and a few notices; entered for one
/// organisation, confirmed by a person of another. One has changed since, one waits for the second person.
struct DemoLibrary: Sendable {
    let rules: DemoTable
    let library: DemoTable
    let database: Database
    let today: Day

    /// What answers cite: the fact of each rule, and sources by their links.
    struct Kept: Sendable {
        var facts: [String: LibraryCite.Address] = [:]
        var links: [String: LibraryCite.Address] = [:]
    }

    init(_ home: Home, database: Database, today: Day) throws {
        rules = try DemoTable("rules", home: home)
        library = try DemoTable("library", home: home)
        self.database = database
        self.today = today
    }

    /// - Parameter keeper, second: of two organisations.
    func fill(keeper: Actor, second: Actor) async throws -> Kept {
        var kept = Kept()
        let at = Zone.kazakhstan.instant(today.advanced(by: -39), minute: 600)
        guard let title = library.rows.first(where: { $0["fate"] == "changed" })?["title"] else {
            throw DemoFault.data("library: no row tells the title of the rules")
        }
        for row in rules.rows {
            let source = try await add(Self.rule(title, row["number"], row["text_kk"]), by: keeper, second: second, at: at)
            let said = FactText(
                statements: [.kk: row["text_kk"], .ru: row["text_ru"], .en: row["text_en"]], itemClass: .information)
            let fact = try await database.run(AddFact(source: source, text: said), by: keeper, at: at)
            try await database.run(ConfirmFact(fact: fact, version: 1, itemClass: .information), by: second, at: at)
            kept.facts[row["number"]] = LibraryCite.Address(source: source, fact: fact)
        }
        for row in library.rows where row["fate"] != "changed" {
            let text = SourceText(
                title: row["title"], section: row["section"], url: row["url"], statement: row["statement"], issued: nil,
                itemClass: .information)
            let source = try await add(text, by: keeper, second: row["fate"] == "confirmed" ? second : nil, at: at)
            if row["fate"] == "confirmed" { kept.links[row["url"]] = LibraryCite.Address(source: source, fact: nil) }
        }
        return kept
    }

    /// Rules that changed after they had been cited: what rests on them is marked.
    func change(_ kept: Kept, keeper: Actor, second: Actor) async throws {
        let at = Zone.kazakhstan.instant(today.advanced(by: -1), minute: 600)
        for row in library.rows where row["fate"] == "changed" {
            guard let source = kept.facts[row["section"]]?.source else { throw DemoFault.data("library: no rule \(row["section"])") }
            try await database.run(
                ChangeSource(source: source, text: Self.rule(row["title"], row["section"], row["statement"]), reason: row["reason"]), by: keeper,
                at: at)
            try await database.run(ConfirmSource(source: source, version: 2, itemClass: .information), by: second, at: at)
        }
    }

    private static func rule(_ title: String, _ number: String, _ statement: String) -> SourceText {
        SourceText(
            title: title, section: number, url: "", statement: statement, issued: nil, itemClass: .information)
    }

    private func add(_ text: SourceText, by keeper: Actor, second: Actor?, at now: Instant) async throws -> SourceID {
        let source = try await database.run(AddSource(campaign: DemoCampaign.code, text: text), by: keeper, at: now)
        if let second {
            try await database.run(ConfirmSource(source: source, version: 1, itemClass: text.itemClass), by: second, at: now)
        }
        return source
    }
}
