import Dispatch
import Foundation
import JarshyKit

/// Looks at files by libvips in a child process with bounds on memory, processor time, output and clock. One at a time, so that
/// a burst of photos leaves the processor to the reports.
struct Pictures: Sendable {
    enum Kind: String, Sendable { case jpeg, png, webp, pdf }

    /// What an image was found to be.
    struct Found: Sendable, Equatable {
        let kind: Kind
        var width: Int64 = 0
        var height: Int64 = 0
        var print = PhotoPrint.none
    }

    static let mostPixels: Int64 = 40_000_000
    private static let queue = DispatchQueue(label: "jarshy.pictures")

    /// True when the tools are here; without them no photo is taken, and the server says so.
    static let areHere: Bool = ["vipsheader", "vipsthumbnail", "prlimit", "timeout"].allSatisfy { tool in
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\(tool)")
    }

    /// The type by its first bytes, whatever it is called.
    static func kind(_ head: [UInt8]) -> Kind? {
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if head.count >= 12, head.starts(with: Array("RIFF".utf8)), head[8..<12].elementsEqual("WEBP".utf8) { return .webp }
        if head.starts(with: Array("%PDF-".utf8)) { return .pdf }
        return nil
    }

    /// Reads size and hash of an image and writes its thumbnail.
    /// - Throws: `Problem` 422 `wrong-type`, `too-many-pixels`, `broken-image`; 503 `no-images` without libvips.
    static func look(at file: URL, thumb: URL) async throws -> Found {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try lookNow(at: file, thumb: thumb) }) }
        }
    }

    private static func lookNow(at file: URL, thumb: URL) throws -> Found {
        let handle = try FileHandle(forReadingFrom: file)
        let head = Array(try handle.read(upToCount: 16) ?? Data())
        try handle.close()
        guard let kind = kind(head) else {
            throw Problem("wrong-type", status: 422, "The file is no JPEG, PNG, WebP or PDF.")
        }
        // A scan is kept as it is: nothing here opens it.
        if kind == .pdf { return Found(kind: .pdf) }
        guard areHere else {
            throw Problem("no-images", status: 503, "The server lacks libvips-tools; photos are taken once it is there.")
        }
        guard let line = run("vipsheader", [file.path]), let (width, height, loader) = header(line), loader.hasPrefix(kind.rawValue)
        else { throw Problem("broken-image", status: 422, "The image cannot be read.") }
        guard width * height <= mostPixels else {
            throw Problem("too-many-pixels", status: 422, "The image has \(width) × \(height) pixels; at most \(mostPixels) are taken.")
        }
        try EvidenceFiles.makeFolder(thumb.deletingLastPathComponent())
        let draft = thumb.path + ".new.jpg"
        let raster = thumb.path + ".new.ppm"
        defer { for path in [draft, raster] { try? EvidenceFiles.remove(URL(fileURLWithPath: path)) } }
        guard run("vipsthumbnail", [file.path, "--size", "640x640>", "-o", draft + "[Q=74,strip]"]) != nil,
            run("vipsthumbnail", [draft, "--size", "64x64!", "-o", raster]) != nil,
            let pixels = FileManager.default.contents(atPath: raster)
        else { throw Problem("broken-image", status: 422, "The image cannot be read.") }
        try EvidenceFiles.rename(URL(fileURLWithPath: draft), to: thumb)
        return Found(kind: kind, width: width, height: height, print: PhotoPrint(pnm: Array(pixels)))
    }

    /// `…: 4000x3000 uchar, 3 bands, srgb, jpegload`
    static func header(_ line: String) -> (width: Int64, height: Int64, loader: String)? {
        guard let match = line.split(separator: "\n").last?.firstMatch(of: #/: (\d{1,9})x(\d{1,9}) .*, (\w+)\s*$/#),
            let width = Int64(match.1), let height = Int64(match.2)
        else { return nil }
        return (width, height, String(match.3))
    }

    /// Runs a tool; nil when it failed, ran too long or wanted too much.
    private static func run(_ tool: String, _ arguments: [String]) -> String? {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        child.arguments =
            [
                "--kill-after=1", "20", "/usr/bin/prlimit", "--as=1073741824", "--cpu=15", "--fsize=33554432", "--nofile=64",
                "--core=0", "/usr/bin/\(tool)",
            ] + arguments
        child.environment = ["VIPS_CONCURRENCY": "1", "LC_ALL": "C", "VIPS_BLOCK_UNTRUSTED": "1", "PATH": "/usr/bin:/bin"]
        let output = Pipe()
        child.standardOutput = output
        child.standardError = FileHandle.nullDevice
        child.standardInput = FileHandle.nullDevice
        do { try child.run() } catch { return nil }
        let text = output.fileHandleForReading.readDataToEndOfFile()
        child.waitUntilExit()
        guard child.terminationReason == .exit, child.terminationStatus == 0 else { return nil }
        return String(decoding: text, as: UTF8.self)
    }
}
