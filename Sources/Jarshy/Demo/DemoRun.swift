import JarshyKit
public import Storage

/// The demo as the command line runs it: migrates the database, fills it, and says who can sign in.
public struct DemoRun: Sendable {
    private let home: Home
    private let scale: DemoScale

    public static var scales: [String] { DemoScale.allCases.map(\.rawValue) }
    public static var password: String { Demo.password }

    /// Nil for a scale there is not.
    public init?(home: Home, scale: String) {
        guard let scale = DemoScale(rawValue: scale) else { return nil }
        self.home = home
        self.scale = scale
    }

    public struct Report: Sendable {
        /// False when the demo was there already and nothing was done.
        public let isNew: Bool
        public let units: Int
        public let operations: Int
        /// Sign-in names of the demo with the English word of their role.
        public let signIns: [(login: String, role: String)]
    }

    /// - Throws: `DemoFault`, which says what to do; nothing is written when the database holds other data.
    public func fill(
        _ database: Database, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> Report {
        let names = try home.names(in: "Migrations").filter { $0.hasSuffix(".sql") }
        let files = try names.map { Migrator.Migration(name: $0, text: try home.text("Migrations/\($0)")) }
        _ = try await Migrator(files: files, dialect: database.dialect).migrate(database)
        let made = try await Demo.fill(database, home: home, scale: scale, now: SystemClock().now, progress: progress)
        let roles = Dictionary(Role.shipped.map { ($0.code, $0.names.en) }, uniquingKeysWith: { first, _ in first })
        let signIns = try DemoTable("people", home: home).rows.filter { !$0["login"].isEmpty }.map { row in
            (login: row["login"], role: roles[row["role"]] ?? row["role"])
        }
        return Report(isNew: made.isNew, units: made.units, operations: made.operations, signIns: signIns)
    }

    /// English names of real territory by KATO code, for an import of the classifier, which has none.
    public static func englishNames(_ home: Home) throws -> [String: String] { try DemoData.english(home) }
}
