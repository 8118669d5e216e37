import Foundation
import JarshyKit

/// The folder that holds what the server reads at run time: templates, words, styles, scripts, migrations. It is laid
/// out like the repository, so a checkout is a home.
public struct Home: Sendable {
    let root: URL

    public enum Fault: Error, CustomStringConvertible {
        case notFound(String)
        case unreadable(String)

        public var description: String {
            switch self {
            case .notFound(let tried):
                "no home folder (with Static, Migrations and Sources/Jarshy) found; tried \(tried)"
            case .unreadable(let path): "cannot read \(path)"
            }
        }
    }

    /// - Parameter given: the folder named on the command line. Else `JARSHY_HOME`, else a folder above the program or
    ///   above the working directory.
    public init(_ given: String? = nil) throws {
        let named = given ?? ProcessInfo.processInfo.environment["JARSHY_HOME"]
        if let named {
            let url = URL(fileURLWithPath: named)
            guard Home.isHome(url) else { throw Fault.notFound(named) }
            root = url
            return
        }
        let program = URL(fileURLWithPath: CommandLine.arguments.first ?? ".").resolvingSymlinksInPath()
        let starts = [
            program.deletingLastPathComponent(),
            URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
            // Where this was compiled: for tests, whose program lies elsewhere.
            URL(fileURLWithPath: #filePath).deletingLastPathComponent(),
        ]
        for start in starts {
            var at = start
            for _ in 0..<10 {
                if Home.isHome(at) {
                    root = at
                    return
                }
                let up = at.deletingLastPathComponent()
                if up.path == at.path { break }
                at = up
            }
        }
        throw Fault.notFound(starts.map(\.path).joined(separator: ", "))
    }

    private static func isHome(_ url: URL) -> Bool {
        ["Static", "Migrations", "Sources/Jarshy"].allSatisfy { part in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: url.appendingPathComponent(part).path, isDirectory: &isFolder)
                && isFolder.boolValue
        }
    }

    /// Features by folder name, sorted.
    var features: [String] {
        get throws { try names(in: "Sources/Jarshy") }
    }

    /// Names in a folder, sorted, hidden ones left out; empty when there is no such folder.
    func names(in folder: String) throws -> [String] {
        let url = root.appendingPathComponent(folder)
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: root.appendingPathComponent(path).path) else {
            throw Fault.unreadable(path)
        }
        return Array(data)
    }

    func text(_ path: String) throws -> String {
        guard let text = String(validating: try bytes(path), as: UTF8.self) else { throw Fault.unreadable(path) }
        return text
    }

    /// The newest change of a file below a folder, in seconds: tells a development server when to read again.
    func newestChange(in folders: [String]) -> Double {
        var newest = 0.0
        for folder in folders {
            let url = root.appendingPathComponent(folder)
            guard
                let files = FileManager.default.enumerator(
                    at: url, includingPropertiesForKeys: [.contentModificationDateKey])
            else { continue }
            for case let file as URL in files {
                let date = try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
                newest = max(newest, date?.timeIntervalSince1970 ?? 0)
            }
        }
        return newest
    }
}
