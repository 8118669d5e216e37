import Crypto
import JarshyKit

extension EvidenceStore {
    /// The name of a content in every store.
    static func sha256(_ content: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: content)) }

    /// Keeps a whole file under its hash, durably; what is there already stays as it is.
    /// - Throws: 503 when the disk is full.
    func put(_ content: [UInt8], by author: PersonID) async throws -> [UInt8] {
        let sha256 = Self.sha256(content)
        if await read(original(sha256), sha256) == content { return sha256 }
        // What a broken upload left behind is not built on.
        await discard(sha256, of: author)
        guard try await append(content, at: 0, of: sha256, by: author) == .have(Int64(content.count)) else {
            await discard(sha256, of: author)
            throw Problem("no-room", status: 503, "The disk is full. Send the same again later.")
        }
        try await keep(sha256, of: author)
        return sha256
    }
}
