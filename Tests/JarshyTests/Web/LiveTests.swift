import JarshyKit
import Testing

@testable import Jarshy

@Suite struct LiveTests {
    private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    @Test func `only listeners of a touched unit are woken, and first told how to come back`() async throws {
        let live = Live()
        var near = try live.subscribe(to: UnitNo(1), owner: "1").makeAsyncIterator()
        var far = try live.subscribe(to: UnitNo(2), owner: "2").makeAsyncIterator()
        #expect(text(await near.next()).contains("retry: 3000"))
        #expect(text(await far.next()).contains("retry: 3000"))

        live.publish(units: [UnitNo(1), UnitNo(7)])
        live.close()

        #expect(text(await near.next()).contains("data: changed"))
        #expect(await near.next() == nil)
        #expect(await far.next() == nil)
    }

    @Test func `a slow listener keeps the newest message only`() async throws {
        let live = Live()
        var slow = try live.subscribe(to: nil, owner: "a").makeAsyncIterator()

        for _ in 0..<1000 { live.publish(units: [UnitNo(1)]) }
        live.close()

        #expect(text(await slow.next()).hasPrefix("id: 1000\n"))
        #expect(await slow.next() == nil)
    }

    @Test func `a heartbeat never pushes out a message that waits`() async throws {
        let live = Live()
        var slow = try live.subscribe(to: nil, owner: "a").makeAsyncIterator()

        live.publish(units: [UnitNo(1)])
        live.beat()
        live.close()

        #expect(text(await slow.next()).contains("data: changed"))
    }

    @Test func `of one owner's pages the newest few listen, and others keep their places`() async throws {
        let live = Live(mostSubscribers: 4, mostPerOwner: 2)
        var oldest = try live.subscribe(to: nil, owner: "a").makeAsyncIterator()
        let others = try (0..<2).map { _ in try live.subscribe(to: nil, owner: "a") }
        let neighbour = try live.subscribe(to: nil, owner: "b")

        #expect(live.subscribers == 3)
        _ = await oldest.next()
        #expect(await oldest.next() == nil)
        withExtendedLifetime((others, neighbour)) {}
    }

    @Test func `past the limit the page works without it; whoever leaves makes room`() async throws {
        let live = Live(mostSubscribers: 1)
        do {
            let first = try live.subscribe(to: nil, owner: "a")
            #expect(throws: Problem.self) { try live.subscribe(to: nil, owner: "a") }
            _ = first
        }
        #expect(live.subscribers == 0)
        _ = try live.subscribe(to: nil, owner: "a")
        live.close()
        #expect(throws: Problem.self) { try live.subscribe(to: nil, owner: "a") }
    }
}
