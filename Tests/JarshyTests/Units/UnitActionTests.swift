import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Opening and editing units")
struct UnitActionTests {
    private let words = UnitWords(kk: "Жаңа жол", ru: "Новый путь")

    private func open(
        parent: String = "B1", kind: String = "primary", code: String = "B1Q",
        opens: Day = UnitWorld.today.advanced(by: 3)
    ) -> OpenUnit {
        OpenUnit(parent: parent, kind: kind, code: code, words: words, opens: opens)
    }

    /// Fields that an action found at fault.
    private func faults(_ world: UnitWorld, _ deed: some Action) async throws -> [String] {
        do {
            _ = try await world.database.run(deed, by: .operator, at: UnitWorld.now)
            return []
        } catch let problem as Problem {
            return problem.errors.map { "\($0.field) \($0.slug)" }
        }
    }

    @Test("a unit opens under its parent from its day", arguments: Dialect.allCases)
    func opens(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let actor = try await world.actor([.manageUnits], in: "B")
        let made = try await world.database.run(open(), by: actor, at: UnitWorld.now)
        let tree = try await world.tree()
        let unit = try #require(tree.find("B1Q"))
        #expect(unit.no == made.no && unit.titles.en == "Zhana zhol Primary Organisation")
        #expect(unit.opened == UnitWorld.today.advanced(by: 3) && !unit.isOpen(on: UnitWorld.today))
        #expect(tree.parent(of: unit.no) == tree.find("B1")?.no)
        #expect(try await world.count("SELECT count(*) FROM feed WHERE verb = 'open' AND subject_id = 'B1Q'") == 1)
        #expect(try await world.count("SELECT count(*) FROM stream") == 4)
        _ = try await world.database.run(
            open(parent: "KZ", kind: "region", code: "D"), by: .operator, at: UnitWorld.now)
        #expect(try await world.count("SELECT count(*) FROM stream") == 5)
        try await world.test.close()
    }

    @Test("what cannot be is refused at its field, before anything is written", arguments: Dialect.allCases)
    func refuses(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let stamp = try await world.tree().stamp
        #expect(try await faults(world, open(code: "A1P")) == ["code unit-code-taken"])
        #expect(try await faults(world, open(code: "a b")) == ["code unit-code"])
        #expect(try await faults(world, open(parent: "QQ")) == ["parent unit-unknown"])
        #expect(try await faults(world, open(kind: "planet")) == ["kind unit-kind"])
        #expect(try await faults(world, open(kind: "region")) == ["kind unit-kind-order"])
        var nameless = open()
        nameless = OpenUnit(
            parent: nameless.parent, kind: "primary", code: "X", words: UnitWords(kk: "", ru: "а\nб"),
            opens: nameless.opens,
            population: -1)
        #expect(
            try await faults(world, nameless) == ["name_kk missing", "name_ru unit-name", "population unit-number"])
        #expect(try await world.tree().stamp == stamp)
        try await world.test.close()
    }

    @Test("the right is needed over the parent; what is out of sight does not exist")
    func rights() async throws {
        let world = try await UnitWorld.make(.sqlite)
        let elsewhere = try await world.actor([.manageUnits], in: "A")
        await #expect(throws: Problem.forbidden("manageUnits")) {
            try await world.database.run(open(), by: elsewhere, at: UnitWorld.now)
        }
        let team = try await world.tree().find("B1P")!
        let edit = EditUnit(unit: team.id, words: words, population: nil, capacity: nil)
        await #expect(throws: Problem.notFound("unit")) {
            try await world.database.run(edit, by: elsewhere, at: UnitWorld.now)
        }
        let reader = try await world.actor([.viewFigures], in: "B")
        await #expect(throws: Problem.forbidden("manageUnits")) {
            try await world.database.run(edit, by: reader, at: UnitWorld.now)
        }
        try await world.test.close()
    }

    @Test("names, population and capacity are edited; the same again writes nothing", arguments: Dialect.allCases)
    func edits(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let unit = try await world.tree().find("A1")!
        var words = UnitWords(kk: "Саран", ru: "Сарань")
        words.titleKk = "Саран қаласының әкімшілігі"
        let edit = EditUnit(unit: unit.id, words: words, population: 53_693, capacity: 120)
        #expect(try await world.database.run(edit, by: .operator, at: UnitWorld.now))
        let after = try await world.tree().find("A1")!
        #expect(after.titles == Trio(kk: "Саран қаласының әкімшілігі", ru: "город Сарань", en: "Saran City"))
        #expect(after.population == 53_693 && after.capacity == 120)
        let stamp = try await world.tree().stamp
        #expect(try await !world.database.run(edit, by: .operator, at: UnitWorld.now))
        #expect(try await world.tree().stamp == stamp)
        // A file with the same names does not undo the title.
        try await world.importing(UnitWorld.tsv)
        #expect(try await world.tree().find("A1")?.titles.kk == "Саран қаласының әкімшілігі")
        try await world.test.close()
    }
}
