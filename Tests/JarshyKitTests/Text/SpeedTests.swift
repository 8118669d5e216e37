import JarshyKit
import Testing

/// Text functions run over every row of an import and every search: they must stay far from noticeable.
struct SpeedTests {
    @Test(.enabled(if: ReferenceData.isPresent))
    func `all names of KATO are folded, keyed, parsed and spelled quickly`() throws {
        let rows = try ReferenceData.kato()
        let clock = ContinuousClock()
        var size = 0
        func best(_ work: (ReferenceData.KatoRow) -> Int) -> Duration {
            (0..<3).map { _ in clock.measure { for row in rows { size += work(row) } } }.min()!
        }
        let times = [
            ("folded", best { folded($0.kazakh).utf8.count }), ("latin", best { foldedLatin($0.kazakh).utf8.count }),
            ("sortKey", best { sortKey($0.kazakh).count }), ("romanised", best { romanised($0.kazakh).utf8.count }),
            ("KatoName", best { KatoName(kazakh: $0.kazakh, russian: $0.russian, level: $0.level).kazakh.utf8.count }),
        ]

        for (name, time) in times { print("\(name): \(rows.count) names in \(time)") }
        #expect(size > 0)
        #if !DEBUG
            for (name, time) in times { #expect(time < .milliseconds(400), "\(name)") }
        #endif
    }
}
