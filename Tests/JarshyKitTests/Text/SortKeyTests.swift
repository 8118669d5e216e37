import Foundation
import JarshyKit
import Testing

struct SortKeyTests {
    private func sorted(_ names: [String]) -> [String] {
        names.sorted { sortKey($0).lexicographicallyPrecedes(sortKey($1)) }
    }

    @Test func `the 42 letters keep the order of the alphabet`() {
        let alphabet = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ".map(String.init)

        #expect(alphabet.count == 42)
        #expect(sorted(alphabet.reversed()) == alphabet)
    }

    @Test func `numbers by value, spaces first, small letters before capitals, Latin last`() {
        let names = [
            "2-ауыл", "10-ауыл", "100-ауыл", "Ақ тау", "Ақ-тау", "ақтау", "Ақтау", "Ақтау 2", "Ақтау 10", "Ақтаулы",
            "Ёлка", "Жаңа", "Жаңа-ауыл", "Alma", "Ärna", "Bal",
        ]
        #expect(sorted(names.reversed()) == names)
    }

    @Test func `a letter and its mark sort as one`() {
        #expect(sortKey("и\u{306}од") == sortKey("йод"))
        #expect(sortKey("Е\u{308}лка").dropLast(4).starts(with: sortKey("Ёлка").prefix(4)))
    }

    @Test(.enabled(if: ReferenceData.isPresent))
    func `agrees with Foundation's Kazakh collation on the names of KATO`() throws {
        let locale = Locale(identifier: "kk_KZ")
        let rows = try ReferenceData.kato()
        // All names above the villages, every 12th below.
        let upper = rows.filter { $0.level != .settlement }.map(\.kazakh)
        let lower = rows.filter { $0.level == .settlement }.map(\.kazakh).enumerated().filter { $0.offset % 12 == 0 }
        let bare = lower.map { KatoName(kazakh: $0.element, russian: "", level: .settlement).kazakh }
        let names = Array(Set(upper + bare))
        let ours = sorted(names)
        #expect(ours.count > 2500)
        var disagreements: [String] = []
        for (a, b) in zip(ours, ours.dropFirst()) {
            let order = a.compare(b, options: [.numeric], range: nil, locale: locale)
            if order == .orderedDescending { disagreements.append("\(a) | \(b)") }
        }
        #expect(disagreements == [])
    }
}
