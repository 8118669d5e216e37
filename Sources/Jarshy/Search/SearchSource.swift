import JarshyKit
import Storage

/// What a feature keeps in a space, read from the feature's own tables: how an index is built anew, and how deeds keep it.
struct SearchSource: Sendable {
    let space: String
    /// How many documents there are, for the progress bar.
    let count: @Sendable (any Reading) throws -> Int
    /// Ids of what is to be found, in their order, after one of them.
    let ids: @Sendable (_ after: ID<Never>?, _ limit: Int, any Reading) throws -> [ID<Never>]
    /// The documents of these ids as they stand; none for what is not to be found.
    let documents: @Sendable ([ID<Never>], any Reading) throws -> [SearchDocument]

    private static let batch = 512

    /// Brings documents up to date in the deed's own transaction: what may be found is found at once, the rest no more.
    func update(_ ids: [ID<Never>], in db: any Writing) throws {
        guard !ids.isEmpty else { return }
        let index = try SearchIndex(space, in: db)
        for start in stride(from: 0, to: ids.count, by: SearchSource.batch) {
            let some = Array(ids[start..<min(start + SearchSource.batch, ids.count)])
            try index.remove(some)
            try index.put(try documents(some, db))
        }
        try index.flush()
    }
}
