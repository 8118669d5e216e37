import Foundation
import JarshyKit
public import Storage

/// An import of a campaign as the command line runs it: whole, in the operator's name, told in lines of English.
public struct CampaignImportRun: Sendable {
    private let action: ImportCampaign

    /// - Parameter folder: where the five tables lie; one that is missing is told as a fault.
    public init(folder: String) {
        let folder = URL(fileURLWithPath: folder)
        var files: [String: [UInt8]] = [:]
        for table in CampaignSheet.tables {
            files[table] = FileManager.default.contents(atPath: folder.appendingPathComponent("\(table).tsv").path).map(Array.init)
        }
        action = ImportCampaign(files: files)
    }

    public struct Changes: Sendable {
        /// One line a change.
        public let details: [String]
        /// One line for each thing refused, with the file and the line.
        public let refused: [String]
        /// "campaign referendum: created", "campaign referendum: changed 2", "campaign referendum: as it was".
        public let summary: String

        public var isClean: Bool { refused.isEmpty }
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

extension CampaignImportRun.Changes {
    init(_ changes: CampaignChanges, isDone: Bool) {
        details = changes.lines
        refused = changes.refused.map(\.description)
        let head = changes.plan.map { "campaign \($0.code)" } ?? "campaign"
        let would = isDone ? "" : "would be "
        if !changes.refused.isEmpty {
            summary = "\(head): refused \(changes.refused.count); nothing was changed"
        } else if changes.lines.isEmpty {
            summary = "\(head): as it was"
        } else if changes.old == nil {
            summary = "\(head): \(would)created"
        } else {
            summary = "\(head): \(would)changed \(changes.lines.count)"
        }
    }
}
