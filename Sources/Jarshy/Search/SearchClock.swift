import JarshyKit
import Logging
import ServiceLifecycle
import Storage

/// Documents that a deed changed and that wait for the index: where deeds come by the thousand from many hands, they leave a
/// line here, and `SearchClock` puts them in together.
enum SearchPending {
    static func add(_ documents: [ID<Never>], space: String, at now: Instant, in db: any Writing) throws {
        try db.insert(
            "INSERT INTO search_pending (id, space, document) VALUES",
            rows: Set(documents).sorted().map { [ID<Never>.make(at: now).bind, space.bind, $0.bind] })
    }
}

/// Puts into the index what waits for it. What is not put in by a fault waits on, and is taken in the next round.
struct SearchClock: Service {
    let database: Database
    let sources: [SearchSource]
    let logger: Logger
    var pause = Duration.seconds(3)
    private static let batch = 200

    init(database: Database, sources: [SearchSource], logger: Logger) {
        self.database = database
        self.sources = sources
        self.logger = logger
    }

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do { try await drain() } catch {
                logger.error("search: what waits was not put in", metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }

    /// Takes everything that waits.
    func drain() async throws {
        var isLeft = true
        while isLeft { isLeft = try await some() > 0 }
    }

    /// - Returns: how many lines were taken.
    private func some() async throws -> Int {
        let read = "SELECT id, space, document FROM search_pending ORDER BY id LIMIT \(SearchClock.batch)" as SQL
        // Looking costs no write.
        guard try await database.read({ db in try db.first(read) { row in try row.next(ID<Never>.self) } }) != nil else { return 0 }
        return try await database.write { [sources] db in
            let waiting = try db.all(read) { row in
                (id: try row.next(ID<Never>.self), space: try row.next(String.self), document: try row.next(ID<Never>.self))
            }
            for source in sources {
                let changed = Set(waiting.filter { $0.space == source.space }.map(\.document))
                try source.update(changed.sorted(), in: db)
            }
            try db.run("DELETE FROM search_pending WHERE id IN \(waiting.map(\.id))")
            return waiting.count
        }
    }
}
