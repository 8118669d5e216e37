import Crypto
import JarshyKit
import Storage

enum MaterialFileMark {}
typealias MaterialFileID = ID<MaterialFileMark>

/// A file of a material: what the printer gets, or what is looked at before it is approved. Its bytes lie in the server's own
/// store under their SHA-256, and are handed to whoever may see the material.
struct MaterialFile: Sendable {
    let id: MaterialFileID
    let material: MaterialID
    let sha256: [UInt8]
    let kind: Pictures.Kind
    /// As it was called on the disk of whoever sent it.
    let name: String
    let bytes: Int64
    let author: PersonID
    let at: Instant

    /// Files of one material.
    static let most = 20
    /// Bytes; a little less than what a request may carry.
    static let longest: Int64 = 10_000_000
    static let longestName = 200

    var contentType: String { kind == .pdf ? "application/pdf" : "image/\(kind.rawValue)" }
}

extension MaterialFile: Storage.Decodable {
    static let columns: SQL = "f.id, f.material, f.sha256, f.kind, f.name, f.bytes, f.author, f.at"

    init(_ row: inout Row) throws {
        id = try row.next()
        material = try row.next()
        sha256 = try row.next(Blob.self).bytes
        // The table's CHECK knows the same four.
        kind = Pictures.Kind(rawValue: try row.next(String.self)) ?? .pdf
        name = try row.next()
        bytes = try row.next()
        author = try row.next()
        at = try row.next()
    }
}

/// A file as it came with a form, looked at before anything is kept.
struct MaterialUpload: Sendable {
    let sha256: [UInt8]
    let kind: Pictures.Kind
    let name: String
    let content: [UInt8]

    /// The type is that of the first bytes, whatever the file is called; nothing here opens it.
    /// - Throws: 422 for no file, a file of another type, and one that is too large.
    init(_ file: UploadedFile?) throws {
        guard let file, !file.bytes.isEmpty else {
            throw Problem.invalid([Problem.Fault("file", "missing", "Choose a file.")])
        }
        guard let kind = Pictures.kind(Array(file.bytes.prefix(16))) else {
            throw Problem.invalid([Problem.Fault("file", "file-type", "The file is no PDF, JPEG, PNG or WebP.")])
        }
        guard file.bytes.count <= MaterialFile.longest else {
            throw Problem.invalid([
                Problem.Fault(
                    "file", "file-size", "The file has more than \(MaterialFile.longest) bytes.",
                    slots: ["max": "\(MaterialFile.longest / 1_000_000)"])
            ])
        }
        self.kind = kind
        content = file.bytes
        sha256 = Array(SHA256.hash(data: file.bytes))
        let plain = String(file.name.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.map(Character.init))
        name = plain.trimmingSpaces().isEmpty ? "\(Hex.encoded(Array(sha256.prefix(4)))).\(kind.rawValue)" : plain
    }
}
