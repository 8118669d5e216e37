import Foundation
import JarshyKit

/// The classifier files that are not kept in the repository; tests over them are skipped where they are missing.
enum ReferenceData {
    static let folder = ProcessInfo.processInfo.environment["JARSHY_REFERENCE_DATA"] ?? "/work/shared/data"
    static var isPresent: Bool { FileManager.default.fileExists(atPath: "\(folder)/kato_official_2026-07-17.csv") }

    struct KatoRow {
        let code: String
        let level: KatoName.Level
        let kazakh: String
        let russian: String
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    }

    /// The official file's rows.
    static func kato() throws -> [KatoRow] {
        try Delimited.csv(bytes("kato_official_2026-07-17.csv")).dropFirst().map { row in
            KatoRow(
                code: row.fields[0], level: KatoName.Level(rawValue: row.fields[2])!, kazakh: row.fields[5],
                russian: row.fields[4])
        }
    }

    /// Kinds by code, of the earlier derivation.
    static func derivedKinds() throws -> [String: String] {
        let rows = try Delimited.tsv(bytes("kato_hierarchy.tsv")).dropFirst()
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.fields[0], $0.fields[3]) })
    }
}
