import Crypto
import Dispatch
import Foundation
import JarshyKit
import Synchronization

/// Files of evidence on the disk, beside the database and never in it.
///
///     DIR/parts/<sha256>-<author>      what has come so far; its length is the offset to go on from
///     DIR/originals/ab/<sha256>        whole, its hash found right
///     DIR/thumbs/ab/<sha256>.jpg       small, without any metadata
///
/// Bytes are acknowledged after fsync. A part belongs to one author, so nobody can spoil another's upload. Work on one file
/// comes one after another, also between processes (`flock`); the calling threads never wait for the disk.
final class EvidenceStore: Sendable {
    let folder: URL
    /// Free bytes that are left to the database and the system; below that nothing more is taken.
    let reserve: Int64
    private let queues = (0..<8).map { DispatchQueue(label: "jarshy.evidence.\($0)") }

    init(_ folder: URL, reserve: Int64 = 256 << 20) {
        self.folder = folder
        self.reserve = reserve
    }

    /// What became of a chunk.
    enum Taken: Sendable, Equatable {
        /// Durable up to here.
        case have(Int64)
        /// Nothing was written: the part has this length.
        case offset(Int64)
        /// The disk is full; what was there before still is.
        case noRoom
    }

    func original(_ sha256: [UInt8]) -> URL { place("originals", sha256, "") }
    func thumb(_ sha256: [UInt8]) -> URL { place("thumbs", sha256, ".jpg") }

    private func place(_ kind: String, _ sha256: [UInt8], _ ending: String) -> URL {
        let name = Hex.encoded(sha256)
        return folder.appendingPathComponent("\(kind)/\(name.prefix(2))/\(name)\(ending)")
    }

    func part(_ sha256: [UInt8], of author: PersonID) -> URL {
        folder.appendingPathComponent("parts/\(Hex.encoded(sha256))-\(author)")
    }

    /// How much of a file has come from this author.
    func have(_ sha256: [UInt8], of author: PersonID) async -> Int64 {
        let part = part(sha256, of: author)
        return await work(sha256) { EvidenceFiles.size(part) }
    }

    /// Appends a chunk that begins where the part ends.
    func append(_ chunk: [UInt8], at offset: Int64, of sha256: [UInt8], by author: PersonID) async throws -> Taken {
        let (part, folder, reserve) = (part(sha256, of: author), folder, reserve)
        return try await work(sha256) {
            Result { () throws -> Taken in
                try EvidenceFiles.makeFolder(part.deletingLastPathComponent())
                guard EvidenceFiles.free(folder) > reserve else { return .noRoom }
                return try EvidenceFiles.append(chunk, at: offset, to: part)
            }
        }.get()
    }

    /// The hash of what has come.
    func digest(_ sha256: [UInt8], of author: PersonID) async throws -> [UInt8] {
        let part = part(sha256, of: author)
        return try await work(sha256) { Result { try EvidenceFiles.digest(part) } }.get()
    }

    func discard(_ sha256: [UInt8], of author: PersonID) async {
        let part = part(sha256, of: author)
        await work(sha256) { try? FileManager.default.removeItem(at: part) }
    }

    /// Moves a whole part to its place; a second time, by whomever, is none.
    func keep(_ sha256: [UInt8], of author: PersonID) async throws {
        let (part, original) = (part(sha256, of: author), original(sha256))
        try await work(sha256) {
            Result {
                try EvidenceFiles.makeFolder(original.deletingLastPathComponent())
                try EvidenceFiles.rename(part, to: original)
            }
        }.get()
    }

    /// Removes parts that nobody has added to since `moment`; the bytes are still on the phone that promised them, which begins
    /// anew when it is back.
    /// - Returns: how many.
    func removeParts(untouchedSince moment: Instant) async throws -> Int {
        let parts = folder.appendingPathComponent("parts")
        var removed = 0
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parts.path)) ?? [] {
            guard let sha256 = Hex.decoded(String(name.prefix(64))) else { continue }
            let file = parts.appendingPathComponent(name)
            let isGone = try await work(sha256) {
                Result { try EvidenceFiles.remove(file, untouchedSince: moment) }
            }.get()
            removed += isGone ? 1 : 0
        }
        return removed
    }

    func read(_ file: URL, _ sha256: [UInt8]) async -> [UInt8]? {
        await work(sha256) { (try? Data(contentsOf: file)).map(Array.init) }
    }

    func removeOriginal(_ sha256: [UInt8]) async throws {
        let file = original(sha256)
        try await work(sha256) { Result { try EvidenceFiles.remove(file) } }.get()
    }

    /// Takes away original and thumbnail.
    func erase(_ sha256: [UInt8]) async throws {
        let files = [original(sha256), thumb(sha256)]
        try await work(sha256) { Result { for file in files { try EvidenceFiles.remove(file) } } }.get()
    }

    private func work<Value: Sendable>(_ sha256: [UInt8], _ body: @escaping @Sendable () -> Value) async -> Value {
        let queue = queues[Int(sha256.first ?? 0) % queues.count]
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}
