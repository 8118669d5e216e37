import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Search of units and lists")
struct UnitSearchTests {
    private func find(_ query: String, _ world: UnitWorld) async throws -> [String] {
        try await world.database.read { db in
            let tree = try Tree.current(in: db)
            return try UnitSearch.current(in: db, tree: tree).find(query, in: tree).map { tree.code(of: $0) }
        }
    }

    @Test("with and without Kazakh letters, in Russian, in Latin, by code", arguments: Dialect.allCases)
    func finds(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        #expect(try await find("Үшөзен", world) == ["A2"])
        #expect(try await find("ушозен", world) == ["A2"])
        #expect(try await find("usozen", world) == [])
        #expect(try await find("Ushozen", world) == ["A2"])
        #expect(try await find("ауданы Көксу", world) == ["B1"])
        #expect(try await find("сарань", world) == ["A1"])
        // A beginning of the title stands before the middle of a word.
        #expect(try await find("ка", world) == ["KZ", "A", "C", "A1"])
        #expect(try await find("B1P", world) == ["B1P"])
        #expect(try await find("!?", world) == [])
        try await world.test.close()
    }

    @Test("pages of a list hang on its members, not on numbers")
    func slices() {
        let list = (1...250).map { UnitNo($0) }
        let first = UnitSlice(list, after: nil, before: nil)
        #expect(first.units.count == 100 && !first.hasBefore && first.hasAfter)
        let last = UnitSlice(list, after: UnitNo(200), before: nil)
        #expect(last.units == Array(list[200...]) && last.hasBefore && !last.hasAfter)
        let back = UnitSlice(list, after: nil, before: UnitNo(201))
        #expect(back.units == Array(list[100..<200]))
        // Somebody new above does not make the next page repeat a row.
        #expect(UnitSlice([UnitNo(999)] + list, after: UnitNo(100), before: nil).units.first == UnitNo(101))
        #expect(UnitSlice([], after: nil, before: nil).units.isEmpty)
    }

    @Test("teams are seen by those with a role above, in or below them; territory by all")
    func scope() async throws {
        let world = try await UnitWorld.make(.sqlite)
        let tree = try await world.tree()
        func sees(_ unit: String, _ code: String) async throws -> Bool {
            let scope = UnitScope(try await world.actor([.viewFigures], in: unit), in: tree, on: UnitWorld.today)
            return (try? scope.find(code)) != nil
        }
        #expect(try await sees("A", "B1"))
        #expect(try await !sees("A", "B1P"))
        #expect(try await sees("B", "B1P"))
        #expect(try await sees("B1P", "B1P"))
        try await world.test.close()
    }

    @Test("a level lists what stood there that day", arguments: Dialect.allCases)
    func levels(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        _ = try await world.database.run(
            OpenUnit(
                parent: "B", kind: "district", code: "B2", words: UnitWords(kk: "Ақсу", ru: "Аксу"),
                opens: UnitWorld.today.advanced(by: 5)), by: .operator, at: UnitWorld.now)
        func list(_ query: String) async throws -> ([String], Int) {
            let asked = UnitListQuery(try Fields(urlencoded: Array(query.utf8)))
            return try await world.database.read { db in
                let list = try UnitList(asked, actor: .operator, today: UnitWorld.today, in: db)
                return (list.units.map { list.tree.code(of: $0) }, list.levels.size(below: list.tree.root!))
            }
        }
        #expect(try await list("under=B").0 == ["B1"])
        #expect(try await list("under=B&day=2026-02-10").0 == ["B2", "B1"])
        #expect(try await list("").0 == ["C", "B", "A"])
        #expect(try await list("").1 == 8)
        #expect(try await list("q=%D0%BA%D3%A9%D0%BA%D1%81%D1%83&under=B").0 == ["B1"])
        #expect(try await list("q=%D0%BA%D3%A9%D0%BA%D1%81%D1%83&under=A").0 == [])
        try await world.test.close()
    }
}
