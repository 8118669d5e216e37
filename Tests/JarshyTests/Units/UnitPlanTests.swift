import JarshyKit
import Testing

@testable import Jarshy

@Suite("What an import would do")
struct UnitPlanTests {
    private static let header = "code\tparent\tkind\tname_kk\tname_ru\n"
    private let empty = Tree(stamp: 0, presentDay: UnitWorld.today, units: [], edges: [:], kinds: [:], codes: [])

    private func plan(_ lines: String..., tree: Tree? = nil) -> UnitPlan {
        let text = Self.header + lines.joined(separator: "\n") + "\n"
        return UnitPlan(UnitSheet.read(Array(text.utf8)), tree: tree ?? empty)
    }

    @Test("an empty tree takes everything")
    func fresh() {
        let plan = plan("B\tKZ\tregion\tб\tб", "KZ\t\trepublic\tк\tк")
        #expect(plan.refused.isEmpty)
        #expect(plan.created.map(\.code) == ["B", "KZ"])
    }

    @Test("a code that stands twice is refused where it stands again, with the line it stood on")
    func duplicates() {
        let plan = plan("KZ\t\trepublic\tк\tк", "A\tKZ\tregion\tа\tа", "A\tKZ\tregion\tа\tа")
        #expect(plan.refused.map(\.slug) == [.duplicate])
        #expect(plan.refused[0].line == 4)
        #expect(plan.refused[0].detail.contains("line 3"))
    }

    @Test("a parent that is nowhere is refused; its own children are not called orphans because of it")
    func missingParents() {
        let plan = plan("KZ\t\trepublic\tк\tк", "A\tX\tregion\tа\tа", "A1\tA\tdistrict\tа\tа")
        #expect(plan.refused.map(\.line) == [3])
        #expect(plan.refused.map(\.slug) == [.parent])
        let broken = self.plan("KZ\t\trepublic\tк\tк", "A\tKZ\tregion\t\tа", "A1\tA\tdistrict\tа\tа")
        #expect(broken.refused.map(\.line) == [3])
    }

    @Test("circles are refused, each once, with everyone on it")
    func cycles() {
        let plan = plan(
            "KZ\t\trepublic\tк\tк", "A\tC\tregion\tа\tа", "B\tA\tdistrict\tа\tа", "C\tB\tdistrict\tа\tа",
            "D\tB\tdistrict\tа\tа", "E\tE\tdistrict\tа\tа")
        #expect(plan.refused.map(\.slug) == [.cycle, .cycle])
        #expect(plan.refused.map(\.line) == [3, 7])
        #expect(plan.refused[0].detail.contains("A → C → B → A"))
    }

    @Test("one root")
    func roots() {
        let plan = plan("KZ\t\trepublic\tк\tк", "X\t\trepublic\tк\tк")
        #expect(plan.refused.map(\.slug) == [.root])
        #expect(plan.refused.map(\.line) == [3])
    }

    @Test("a kind nobody knows is refused; other words for known kinds are taken")
    func kinds() {
        let plan = plan("KZ\t\trepublic\tк\tк", "A\tKZ\tplanet\tа\tа", "B\tKZ\tcity_republican\tа\tа")
        #expect(plan.refused.map(\.line) == [3])
        #expect(plan.created.last?.kind == "republic_city")
    }

    @Test("every fault of a file is told, in the order of its lines")
    func order() {
        let plan = plan(
            "A\tKZ\tplanet\tа\tа", "B\tKZ\tregion\t\tб", "B\tKZ\tregion\tб\tб", "B\tKZ\tregion\tб\tб",
            "KZ\t\trepublic\tк\tк")
        #expect(plan.refused.map(\.line) == [2, 3, 5])
    }
}
