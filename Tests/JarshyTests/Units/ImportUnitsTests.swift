import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Import of units")
struct ImportUnitsTests {
    @Test("units, titles, codes, edges and streams", arguments: Dialect.allCases)
    func fresh(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let tree = try await world.tree()
        #expect(tree.units.count == 9)
        let district = try #require(tree.find("A2"))
        #expect(district.titles == Trio(kk: "Үшөзен ауданы", ru: "Ушозенский район", en: "Ushozen District"))
        #expect(tree.find("A1P")?.titles.kk == "Абай көшесі БПҰ")
        #expect(tree.chain(of: tree.find("B1P")!.no).map { tree.code(of: $0) } == ["B1P", "B1", "B", "KZ"])
        #expect(tree.children(of: tree.root!).map { tree.code(of: $0) } == ["C", "B", "A"])
        // The root's own stream and one for each child of it.
        #expect(try await world.count("SELECT count(*) FROM stream") == 4)
        #expect(try await world.count("SELECT count(*) FROM unit_kind") == UnitKinds.standard.count)
        #expect(tree.presentDay == UnitWorld.today)
        #expect(tree.parent(of: district.no, on: Day("1991-01-01")!) == tree.find("A")?.no)
        try await world.test.close()
    }

    @Test("the same file again writes nothing", arguments: Dialect.allCases)
    func again(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let (stamp, feed) = (try await world.tree().stamp, try await world.count("SELECT count(*) FROM feed"))
        let plan = try await world.importing(UnitWorld.tsv)
        #expect(plan.isEmpty && plan.equal == 9 && plan.refused.isEmpty)
        #expect(try await world.tree().stamp == stamp)
        #expect(try await world.count("SELECT count(*) FROM feed") == feed)
        try await world.test.close()
    }

    @Test(
        "names change, English is kept where the file has none, a title follows its name", arguments: Dialect.allCases)
    func changes(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let plan = try await world.importing(
            "code\tparent\tkind\tname_kk\tname_ru\nB1\tB\tdistrict\tКөксу\tКоксу\nNEW\tB\tdistrict\tЖаңа\tНовый\n")
        #expect(plan.created.map(\.code) == ["NEW"])
        #expect(plan.changed.map(\.what) == [["name_ru: Коксуский → Коксу"]])
        let tree = try await world.tree()
        #expect(tree.find("B1")?.titles == Trio(kk: "Көксу ауданы", ru: "район Коксу", en: "Koksu District"))
        #expect(tree.find("B1P") != nil)
        #expect(tree.units.count == 10)
        try await world.test.close()
    }

    @Test("one refused line, and nothing of the file is applied", arguments: Dialect.allCases)
    func allOrNothing(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let stamp = try await world.tree().stamp
        let plan = try await world.importing(
            "code\tparent\tkind\tname_kk\tname_ru\nN1\tB\tdistrict\tа\tа\nA2\tB\tdistrict\tҮшөзен\tУшозенский\n")
        #expect(plan.refused.map(\.slug) == [.moved])
        #expect(plan.refused[0].line == 3)
        #expect(plan.refused[0].detail.contains("/units/A2"))
        #expect(try await world.tree().stamp == stamp)
        #expect(try await world.tree().find("N1") == nil)
        try await world.test.close()
    }

    @Test("a succession file gives a unit its new code; the old one goes on finding it", arguments: Dialect.allCases)
    func succession(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let before = try #require(try await world.tree().find("B1"))
        let file = "code\tparent\tkind\tname_kk\tname_ru\tname_en\nB7\tB\tdistrict\tКөксу\tКоксуский\tKoksu\n"
        let succession = "old\tnew\tday\nB1\tB7\t2026-01-15\n"
        let plan = try await world.importing(file, succession: succession)
        #expect(plan.renamed.count == 1 && plan.equal == 1 && plan.created.isEmpty && plan.refused.isEmpty)
        let tree = try await world.tree()
        #expect(tree.find("B1")?.no == before.no && tree.find("B7")?.no == before.no)
        #expect(tree.code(of: before.no) == "B7")
        let spans = try await world.database.read { db in try UnitRows.codes(of: before.no, in: db) }
        #expect(spans.map(\.code) == ["B7", "B1"])
        #expect(spans[1].to == Day("2026-01-15") && spans[0].from == Day("2026-01-15"))
        // Again: nothing.
        #expect(try await world.importing(file, succession: succession).isEmpty)
        let wrong = try await world.importing(file, succession: "old\tnew\nQQ\tB9\nA1\tA2\n")
        #expect(wrong.refused.map(\.line) == [2, 3])
        #expect(wrong.refused.map(\.slug) == [.succession, .succession])
        try await world.test.close()
    }

    @Test("without a succession file a new code is a new unit", arguments: Dialect.allCases)
    func noGuessing(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let plan = try await world.importing(
            "code\tparent\tkind\tname_kk\tname_ru\nB7\tB\tdistrict\tКөксу\tКоксуский\n")
        #expect(plan.created.map(\.code) == ["B7"])
        try await world.test.close()
    }

    @Test("a right over the whole tree is needed")
    func rights() async throws {
        let world = try await UnitWorld.make(.sqlite)
        let line = "code\tparent\tkind\tname_kk\tname_ru\nN\tA\tdistrict\tа\tа\n"
        let below = try await world.actor([.manageUnits], in: "A")
        await #expect(throws: Problem.forbidden("manageUnits")) { try await world.importing(line, by: below) }
        let root = try await world.actor([.manageUnits], in: "KZ")
        #expect(try await world.importing(line, by: root).created.count == 1)
        try await world.test.close()
    }

    @Test("what is exported can be imported again", arguments: Dialect.allCases)
    func roundTrip(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let file = try await world.database.read { db in
            UnitCSV.bytes(
                try UnitList(UnitListQuery(Fields()), actor: .operator, today: UnitWorld.today, in: db), isSearch: false
            )
        }
        let plan = try await world.database.run(ImportUnits(file: file), by: .operator, at: UnitWorld.now)
        #expect(plan.refused.isEmpty && plan.isEmpty && plan.equal == 9)
        try await world.test.close()
    }

    /// The official file is not part of the project; where it lies beside the checkout, it is imported.
    private static let official =
        ["JARSHY_KATO"].compactMap { ProcessInfo.processInfo.environment[$0] }
        + ["/work/shared/data/kato_official_2026-07-17.csv"]

    @Test(
        "the whole classifier: 15,594 units and the root; again, nothing",
        .enabled(if: official.contains { FileManager.default.fileExists(atPath: $0) }), arguments: Dialect.allCases)
    func wholeClassifier(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect, tsv: nil)
        let path = try #require(Self.official.first { FileManager.default.fileExists(atPath: $0) })
        let file = Array(try #require(FileManager.default.contents(atPath: path)))
        let plan = try await world.database.run(ImportUnits(file: file), by: .operator, at: UnitWorld.now)
        #expect(plan.refused.isEmpty && plan.created.count == 15_595)
        let tree = try await world.tree()
        #expect(tree.children(of: tree.root!).count == 20)
        #expect(tree.units.values.filter { tree.kinds[$0.kind]?.districtLevel ?? false }.count == 170 + 39 + 25)
        #expect(tree.units.values.allSatisfy { tree.chain(of: $0.no).last == tree.root })
        let again = try await world.database.run(ImportUnits(file: file), by: .operator, at: UnitWorld.now)
        #expect(again.isEmpty && again.equal == 15_594)
        try await world.test.close()
    }
}
