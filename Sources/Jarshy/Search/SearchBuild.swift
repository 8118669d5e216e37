import JarshyKit
import Storage

/// Builds one space anew beside the one that answers (`search_build`).
///
/// The new space has the old one's name and a plus. While it is filled, a batch a transaction, deeds write to both
/// (`SearchIndex`), so nothing is lost. When the last document is in, the two change names in one transaction, and what was
/// replaced is deleted bit by bit. A building that was interrupted goes on behind the last batch; one that was begun by
/// another version is thrown away.
struct SearchBuild: Sendable {
    let source: SearchSource
    /// Documents a transaction: few enough for others to write between them, many enough to write each posting seldom.
    var batch = 1024
    /// Rows deleted a transaction.
    private static let sweep = 20_000

    init(_ source: SearchSource, batch: Int = 1024) {
        self.source = source
        self.batch = batch
    }

    private var name: String { source.space }
    private var fresh: String { SearchIndex.fresh(name) }
    private var retired: String { name + "-" }

    /// - Returns: how many documents were put in by this run.
    func run(in database: Database, progress: @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in }) async throws -> Int {
        try await sweep(retired, in: database)
        try await begin(in: database)
        let all = try await database.read { [source] db in try source.count(db) }
        var made = 0
        while let count = try await step(in: database) {
            made += count
            progress(min(made, all), all)
        }
        try await take(in: database)
        try await sweep(retired, in: database)
        return made
    }

    private func begin(in database: Database) async throws {
        let open = try await database.read { [name] db in
            try db.first("SELECT building FROM search_build WHERE name = \(name)") { row in try row.next(Int64?.self) } ?? nil
        }
        if let open, open == SearchTerms.version { return }
        // Without the plus no deed writes there any more; then it can go bit by bit.
        try await database.write { [fresh, retired] db in
            try db.run("UPDATE search_space SET name = \(retired) WHERE name = \(fresh)")
        }
        try await sweep(retired, in: database)
        try await database.write { [name, fresh] db in
            _ = try SearchIndex(fresh, in: db)
            try db.run(
                """
                INSERT INTO search_build (name, version, building) VALUES (\(name), 0, \(SearchTerms.version))
                ON CONFLICT (name) DO UPDATE SET building = excluded.building, done = NULL
                """)
        }
    }

    /// - Returns: nil when there was nothing left.
    private func step(in database: Database) async throws -> Int? {
        try await database.write { [source, name, fresh, batch] db in
            let index = try SearchIndex(fresh, in: db)
            let done = try db.first("SELECT done FROM search_build WHERE name = \(name)") { row in
                try row.next(ID<Never>?.self)
            } ?? nil
            let ids = try source.ids(done, batch, db)
            guard let last = ids.last else { return nil }
            try index.put(try source.documents(ids, db))
            try index.flush()
            try db.run("UPDATE search_build SET done = \(last) WHERE name = \(name)")
            return ids.count
        }
    }

    /// The new one answers from here on.
    private func take(in database: Database) async throws {
        try await database.write { [name, fresh, retired] db in
            _ = try db.all(
                "SELECT no FROM search_space WHERE name IN (\(name), \(fresh)) ORDER BY no\(SQL.forUpdate(db.dialect))"
            ) { row in try row.next(Int64.self) }
            try db.run("UPDATE search_space SET name = \(retired) WHERE name = \(name)")
            try db.run("UPDATE search_space SET name = \(name) WHERE name = \(fresh)")
            try db.run(
                """
                UPDATE search_build SET version = \(SearchTerms.version), building = NULL, done = NULL WHERE name = \(name)
                """)
        }
    }

    private func sweep(_ name: String, in database: Database) async throws {
        var isLeft = true
        while isLeft {
            isLeft = try await database.write { db in try SearchBuild.deleteSome(of: name, in: db) }
        }
    }

    /// - Returns: whether there was something.
    private static func deleteSome(of name: String, in db: any Writing) throws -> Bool {
        guard let no = try db.first(Int64.self, "SELECT no FROM search_space WHERE name = \(name)") else { return false }
        // Whole blocks at a time: the keys of both tables begin with the space.
        let last = try db.first(
            "SELECT max(no) FROM search_passage WHERE space = \(no)") { row in try row.next(Int64?.self) } ?? nil
        if let last {
            try db.run("DELETE FROM search_passage WHERE space = \(no) AND no > \(last - Int64(sweep))")
            return true
        }
        let terms = try db.all(
            Int64.self, "SELECT DISTINCT term FROM search_posting WHERE space = \(no) ORDER BY term LIMIT \(sweep / 4)")
        if let least = terms.first, let most = terms.last {
            try db.run("DELETE FROM search_posting WHERE space = \(no) AND term BETWEEN \(least) AND \(most)")
            return true
        }
        try db.run("DELETE FROM search_space WHERE no = \(no)")
        return true
    }
}

extension Search {
    /// Names of spaces that were built by another version and are to be built anew.
    static func outdated(_ spaces: [String], in db: any Reading) throws -> [String] {
        try db.all(
            """
            SELECT s.name FROM search_space s LEFT JOIN search_build b ON b.name = s.name
            WHERE s.passages > 0 AND coalesce(b.version, 0) <> \(SearchTerms.version) ORDER BY s.name
            """
        ) { row in try row.next(String.self) }.filter(spaces.contains)
    }
}
