import JarshyKit

extension Sequence {
    /// In the order of names that Kazakh readers expect (`sortKey`); equals stand as they stood.
    func inAlphabet(_ name: (Element) -> String) -> [Element] {
        enumerated().map { (key: sortKey(name($0.element)), place: $0.offset, element: $0.element) }
            .sorted { left, right in
                left.key == right.key ? left.place < right.place : left.key.lexicographicallyPrecedes(right.key)
            }
            .map(\.element)
    }
}
