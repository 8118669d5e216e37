import JarshyKit
@testable import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Nothing in the database joins an address to an outcome: not a row, not a moment, not a hash.
@Suite("Privacy of doors")
struct DoorPrivacyTests {
    @Test("who said what cannot be told from the whole database", arguments: Dialect.allCases)
    func swapped(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            for family in [DoorOutcome.comingBack, DoorOutcome.done.filter { $0 != .doNotVisit }] {
                for (one, other) in zip(family, family.dropFirst()) {
                    let straight = try await Self.dump(world, [one, other, one], person: world.walker)
                    let swapped = try await Self.dump(world, [other, one, one], person: world.walker)
                    #expect(straight.count > 30 && straight == swapped, "\(one) \(other): \(Self.difference(straight, swapped))")
                    // The dump does see what is kept: other counts, another dump.
                    let others = try await Self.dump(world, [other, other, one], person: world.walker)
                    #expect(straight != others)
                }
            }
        }
    }

    @Test("every table is scanned: an outcome stands only among counts, the salt nowhere", arguments: Dialect.allCases)
    func scanned(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect, doors: 9) { world in
            for (index, outcome) in DoorOutcome.allCases.enumerated() {
                try await world.submit(try await world.visit(Int64(index + 1), outcome.rawValue), by: world.walker)
            }
            let tables = try await world.database.read { db in try DatabaseDump.tables(of: db) }
            #expect(tables.count > 50)
            let words = Set(DoorOutcome.allCases.map(\.rawValue))
            let salt = Base64URL.decoded(CanvassWorld.salt)!
            var places: Set<String> = []
            for table in tables {
                for row in table.rows {
                    for (column, cell) in zip(table.columns, row) {
                        // Inside any text too, as in a receipt; short words are looked for as whole values.
                        if words.contains(cell) || ["talked", "declined", "do_not_visit", "no_house"].contains(where: cell.contains) {
                            places.insert("\(table.name).\(column)")
                        }
                        #expect(!cell.contains(CanvassWorld.salt) && !cell.lowercased().contains(Hex.encoded(salt)), "\(table.name).\(column)")
                    }
                }
            }
            #expect(places == ["canvass_count.outcome"])
            let counts = try #require(tables.first { $0.name == "canvass_count" })
            #expect(counts.columns.sorted() == ["day", "outcome", "round", "visits"])
            let addresses = try #require(tables.first { $0.name == "canvass_address" })
            #expect(
                addresses.columns.sorted()
                    == ["flat", "house", "id", "landmark", "mark", "normal", "sort_key", "street", "unit"])
            // Rows that know a door or an address know no moment.
            for name in ["canvass_address", "canvass_place", "canvass_door"] {
                let table = try #require(tables.first { $0.name == name })
                #expect(!table.columns.contains { $0.hasSuffix("_at") || $0.hasSuffix("day") || $0 == "person" || $0 == "author" })
            }
        }
    }

    @Test("the hash of a visit's bytes cannot be guessed from the nine outcomes")
    func salted() async throws {
        try await CanvassWorld.run(.sqlite) { world in
            try await world.tell(1, "declined")
            let kept = try await world.database.read { db in try db.all(Blob.self, "SELECT sha256 FROM inbox") }
            let guesses = try await DoorOutcome.allCases.asyncMap { outcome in
                Ops.op(try await world.visit(1, outcome.rawValue, salt: "________________________".prefix(22).replacing("_", with: "A"))).sha256
            }
            #expect(!guesses.contains(kept[0].bytes))
        }
    }

    /// The whole database after three visits, told in one group and rolled back; without hashes of the salted bytes.
    private static func dump(_ world: CanvassWorld, _ outcomes: [DoorOutcome], person: PersonID) async throws -> [String] {
        let actor = try await world.actor(person)
        var operations: [Operation] = []
        for (index, outcome) in outcomes.enumerated() {
            operations.append(Ops.op(try await world.visit(Int64(index + 1), outcome.rawValue)))
        }
        let group = Group(
            submissions: operations.map { Submission(operation: $0, actor: actor, at: world.now, kinds: SyncKinds.all) })
        let today = world.today
        do {
            try await world.database.write { db in
                _ = try group.apply(in: db, today: { _ in today }, interned: Interned())
                let lines = try DatabaseDump.tables(of: db).flatMap { table in
                    table.rows.map { row in
                        let cells = zip(table.columns, row).filter { !(table.name == "inbox" && $0.0 == "sha256") }.map(\.1)
                        return "\(table.name): \(cells.joined(separator: " | "))"
                    }
                }
                throw Dumped(lines: lines)
            }
        } catch let dumped as Dumped {
            return dumped.lines
        }
        return []
    }

    private struct Dumped: Error { let lines: [String] }

    private static func difference(_ one: [String], _ other: [String]) -> String {
        (Set(one).symmetricDifference(other)).sorted().joined(separator: "\n")
    }
}

/// Every row of every table as text.
enum DatabaseDump {
    struct Table: Sendable {
        let name: String
        let columns: [String]
        var rows: [[String]]
    }

    static func tables(of db: any Reading) throws -> [Table] {
        let listing: SQL = db.dialect == .sqlite
            ? """
                SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid
                """
            : """
                SELECT CAST(table_name AS text), CAST(column_name AS text) FROM information_schema.columns
                WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position
                """
        var columns: [String: [String]] = [:]
        try db.rows(listing) { row in
            columns[try row.next(), default: []].append(try row.next())
            return true
        }
        return try columns.sorted { $0.key < $1.key }.map { name, columns in
            let cells = columns.map { db.dialect == .sqlite ? "trim(quote(\"\($0)\"), '''')" : "coalesce(CAST(\"\($0)\" AS text), '')" }
            let text = "SELECT \(cells.joined(separator: ", ")) FROM \"\(name)\" ORDER BY 1, 2"
            let rows = try db.all(SQL(pieces: [.script(text)])) { row in try columns.map { _ in try row.next(String.self) } }
            return Table(name: name, columns: columns, rows: rows)
        }
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
