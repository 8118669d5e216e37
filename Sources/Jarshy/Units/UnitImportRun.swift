import JarshyKit
public import Storage

/// An import of units as the command line runs it: whole, in the operator's name, told in lines of English.
public struct UnitImportRun: Sendable {
    private let action: ImportUnits

    /// - Parameters:
    ///   - file: our TSV or the official KATO CSV (see `UnitSheet`).
    ///   - succession: a file of old and new codes, if there is one.
    ///   - english: English names by code, where better ones are known than a romanisation.
    ///   - progress: units written so far and in all.
    public init(
        file: [UInt8], succession: [UInt8]? = nil, english: [String: String] = [:],
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) {
        action = ImportUnits(file: file, succession: succession, english: english, progress: progress)
    }

    public struct Changes: Sendable {
        /// One line for each unit that is created, changed or given a new code, with the line of the file.
        public let details: [String]
        /// One line for each thing refused.
        public let refused: [String]
        /// "units: created 15595, changed 0, recoded 0, equal 0, refused 0".
        public let summary: String
        /// Nothing refused, so everything was applied (or would be).
        public let isClean: Bool
    }

    /// Imports, or, when anything is refused, changes nothing.
    public func apply(to database: Database) async throws -> Changes {
        Changes(try await database.run(action, by: .operator, at: SystemClock().now), isDone: true)
    }

    /// What an import would do; writes nothing.
    public func rehearse(on database: Database) async throws -> Changes {
        Changes(try await database.read { [action] db in try action.plan(in: db) }, isDone: false)
    }
}

extension UnitImportRun.Changes {
    init(_ plan: UnitPlan, isDone: Bool) {
        isClean = plan.refused.isEmpty
        let (created, changed) = isDone && isClean ? ("created", "changed") : ("would create", "would change")
        details =
            plan.created.map { row in
                let place = row.line > 0 ? "line \(row.line)" : "implied"
                let above = row.parent.map { "under \($0)" } ?? "the root"
                return "\(place): \(created) \(row.code) \(row.kind) \(row.kk) / \(row.ru), \(above)"
            }
            + plan.changed.map { "line \($0.row.line): \(changed) \($0.row.code), \($0.what.joined(separator: "; "))" }
            + plan.renamed.map { "succession line \($0.row.line): \(changed) \($0.row.old), new code \($0.row.new)" }
        refused = plan.refused.map(\.description)
        let nothing = isClean ? "" : "; nothing was changed"
        summary = """
            units: \(created) \(plan.created.count), \(changed) \(plan.changed.count), recoded \(plan.renamed.count), \
            equal \(plan.equal), refused \(plan.refused.count)\(nothing)
            """
    }
}
