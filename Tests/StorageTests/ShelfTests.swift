import Storage
import TestSupport
import Testing

@Suite struct ShelfTests {
    struct Tree: Sendable, Equatable { let names: [String] }

    @Test func `a value is made once a stamp`() {
        let shelf = Shelf()
        var made = 0
        func tree(_ stamp: Int64) -> Tree {
            shelf.value(stamp: stamp) {
                made += 1
                return Tree(names: ["\(stamp)"])
            }
        }
        #expect(tree(1).names == ["1"])
        #expect(tree(1).names == ["1"])
        #expect(made == 1)
        #expect(tree(2).names == ["2"])
        // A reader of the older snapshot and the writer do not throw out each other's value.
        #expect(tree(1).names == ["1"])
        #expect(tree(2).names == ["2"])
        #expect(made == 2)
        _ = (tree(3), tree(4), tree(5))
        #expect(tree(1).names == ["1"])
        #expect(made == 6)
    }

    @Test func `types do not share a place, and a failure is not kept`() throws {
        struct Refusal: Error {}
        let shelf = Shelf()
        #expect(shelf.value(Int.self, stamp: 1) { 7 } == 7)
        #expect(shelf.value(String.self, stamp: 1) { "seven" } == "seven")
        #expect(throws: Refusal.self) { try shelf.value(Tree.self, stamp: 1) { throw Refusal() } }
        #expect(shelf.value(Tree.self, stamp: 1) { Tree(names: []) } == Tree(names: []))
    }

    @Test(arguments: Dialect.allCases)
    func `transactions of one database share its shelf`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let made = try await test.database.write { db in db.shelf.value(Int.self, stamp: 9) { 1 } }
        let found = try await test.database.read { db in db.shelf.value(Int.self, stamp: 9) { 2 } }
        #expect([made, found] == [1, 1])
        try await test.close()
    }
}
