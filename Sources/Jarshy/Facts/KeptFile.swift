import JarshyKit

/// A copy from the server's own store, as a file to keep: never opened here, whatever it is.
enum KeptFile {
    /// The type is told by the first bytes; what is no picture and no PDF is bytes, so that no page of somebody else's runs under
    /// this site's address. A copy that does not have its hash any more is not handed out.
    /// - Throws: 404 when it is not there or damaged.
    static func reply(_ sha256: [UInt8], name: String, from store: EvidenceStore) async throws -> Reply {
        guard let bytes = await store.read(store.original(sha256), sha256), EvidenceStore.sha256(bytes) == sha256 else {
            throw Problem.notFound("copy")
        }
        let type = switch Pictures.kind(Array(bytes.prefix(16))) {
        case .pdf?: "application/pdf"
        case let kind?: "image/\(kind.rawValue)"
        case nil: "application/octet-stream"
        }
        let name = name.isEmpty ? Hex.encoded(Array(sha256.prefix(6))) : name
        return Reply.file(bytes, type, name: name).header("cache-control", "private, no-store")
    }
}
