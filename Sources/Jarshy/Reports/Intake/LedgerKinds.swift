import JarshyKit

/// The operations a device or a form may send, by name. `App` adds those of later features (`SyncKinds`).
struct LedgerKinds: Sendable {
    private let readers: [String: @Sendable (Operation) throws -> any LedgerAction]

    init(_ kinds: [any LedgerAction.Type]) {
        var readers: [String: @Sendable (Operation) throws -> any LedgerAction] = [:]
        for kind in kinds { readers[kind.kind] = { operation in try kind.init(operation) } }
        self.readers = readers
    }

    static let reports = LedgerKinds([
        FileReport.self, CorrectReport.self, VoidReport.self, CheckReport.self, SettleReport.self, PromiseEvidence.self,
    ])

    private init(readers: [String: @Sendable (Operation) throws -> any LedgerAction]) { self.readers = readers }

    /// These and those of a later feature.
    func adding(_ kinds: [any LedgerAction.Type]) -> LedgerKinds {
        LedgerKinds(readers: readers.merging(LedgerKinds(kinds).readers) { _, later in later })
    }

    func read(_ operation: Operation) throws -> any LedgerAction {
        guard let reader = readers[operation.kind] else {
            throw Problem.invalid([Problem.Fault("kind", "unknown", "There is no operation '\(operation.kind.prefix(60))'.")])
        }
        return try reader(operation)
    }
}
