import Crypto
import Foundation
import JarshyKit
import Synchronization

/// Styles, scripts and pictures, read and compressed at start and served under a hash of all of them, so that a browser
/// may keep them for ever. Scripts keep their folder, so relative imports work. Style sheets are joined in the order
/// that `app.css` imports them.
final class Assets: Sendable {
    private struct Loaded: Sendable {
        let hash: String
        let files: [String: File]
        let readAt: Double
    }

    struct File: Sendable {
        let bytes: [UInt8]
        let gzip: [UInt8]?
        let contentType: String
    }

    private let loaded: Mutex<Loaded>
    private let home: Home
    private let reload: Bool

    init(home: Home, reload: Bool = false) throws {
        self.home = home
        self.reload = reload
        loaded = Mutex(try Assets.load(home))
    }

    var links: AssetLinks {
        let base = "/static/\(current().hash)"
        return AssetLinks(
            css: base + "/app.css", js: base + "/js/app.js", sprite: base + "/icons/sprite.svg",
            favicon: base + "/icons/favicon.svg")
    }

    /// Answers `/static/{hash}/{path*}`. An old hash, from a page opened before an update, gets today's file, not kept.
    func reply(hash: String, path: String) -> Reply? {
        let now = current()
        guard let file = now.files[path] else { return nil }
        let body: Reply.Body = file.gzip.map { .packed(file.bytes, gzip: $0) } ?? .bytes(file.bytes)
        let keep = hash == now.hash ? "public, max-age=31536000, immutable" : "no-cache"
        return Reply(status: 200, headers: [("content-type", file.contentType), ("cache-control", keep)], body: body)
    }

    /// A file by its path below `Static`, for those that need an address of their own (a service worker, a manifest).
    func file(_ path: String) -> File? { current().files[path] }

    /// `/static/{hash}`, the address all files stand below.
    var base: String { "/static/\(current().hash)" }

    /// Paths of the files below a folder of `Static`, sorted.
    func paths(below prefix: String) -> [String] { current().files.keys.filter { $0.hasPrefix(prefix) }.sorted() }

    private func current() -> Loaded {
        guard reload else { return loaded.withLock { $0 } }
        let changed = home.newestChange(in: ["Static"])
        return loaded.withLock { loaded in
            // A file caught half-written keeps the last good set.
            if changed > loaded.readAt, let fresh = try? Assets.load(home) { loaded = fresh }
            return loaded
        }
    }

    private static func load(_ home: Home) throws -> Loaded {
        let readAt = home.newestChange(in: ["Static"])
        var contents: [String: [UInt8]] = [:]
        try collect("", home, into: &contents)
        contents["app.css"] = try joinedStyles("css/app.css", home)
        if contents["field/field.css"] != nil {
            contents["field/field.css"] = try joinedStyles("field/field.css", home)
        }
        for (path, bytes) in contents where path.hasPrefix("field/") && path.hasSuffix(".js") {
            contents[path] = withoutCommentLines(bytes)
        }
        var hash = SHA256()
        var files: [String: File] = [:]
        for (path, bytes) in contents.sorted(by: { $0.key < $1.key }) where !path.hasPrefix("css/") {
            hash.update(data: Array(path.utf8) + [0] + Array(String(bytes.count).utf8) + [0])
            hash.update(data: bytes)
            let type = contentType(path)
            let gzip = Gzip.pays(type, bytes: bytes.count) ? Gzip.packed(bytes, level: 9) : nil
            files[path] = File(bytes: bytes, gzip: gzip, contentType: type)
        }
        return Loaded(hash: String(Hex.encoded(Array(hash.finalize())).prefix(12)), files: files, readAt: readAt)
    }

    private static func collect(_ folder: String, _ home: Home, into contents: inout [String: [UInt8]]) throws {
        for name in try home.names(in: "Static/" + folder) {
            let path = folder.isEmpty ? name : folder + "/" + name
            var isFolder: ObjCBool = false
            let full = home.root.appendingPathComponent("Static/" + path).path
            guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                try collect(path, home, into: &contents)
            } else {
                contents[path] = try home.bytes("Static/" + path)
            }
        }
    }

    /// A phone on a slow network need not load lines that hold only a `//` comment.
    private static func withoutCommentLines(_ bytes: [UInt8]) -> [UInt8] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        return Array(lines.filter { line in
            !line.drop { $0 == UInt8(ascii: " ") }.starts(with: Array("//".utf8))
        }.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
    }

    private static func joinedStyles(_ sheet: String, _ home: Home) throws -> [UInt8] {
        var out = ""
        for line in try home.text("Static/" + sheet).split(separator: "\n", omittingEmptySubsequences: false) {
            let parts = line.split(separator: "\"")
            if line.hasPrefix("@import"), parts.count >= 2 {
                out += try home.text("Static/css/\(parts[1])") + "\n"
            } else {
                out += line + "\n"
            }
        }
        return Array(out.utf8)
    }

    private static func contentType(_ path: String) -> String {
        switch path.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "webmanifest": "application/manifest+json"
        case "woff2": "font/woff2"
        case "json": "application/json"
        default: "application/octet-stream"
        }
    }
}
