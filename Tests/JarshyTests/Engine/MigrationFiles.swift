import Foundation
import Storage

/// The migrations of this repository, found from where this file stands.
enum MigrationFiles {
    static func all() throws -> [Migrator.Migration] {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Migrations").path) {
            folder.deleteLastPathComponent()
        }
        let home = folder.appending(path: "Migrations").path
        return try FileManager.default.contentsOfDirectory(atPath: home).filter { $0.hasSuffix(".sql") }.map { name in
            Migrator.Migration(name: name, text: try String(contentsOfFile: "\(home)/\(name)", encoding: .utf8))
        }
    }
}
