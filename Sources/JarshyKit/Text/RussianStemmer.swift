import CStemmer

/// The Snowball stemmer for Russian, from the system's libstemmer. Not thread-safe inside: one for each use.
public final class RussianStemmer {
    private let stemmer: OpaquePointer?

    public init() { stemmer = sb_stemmer_new("russian", "UTF_8") }

    deinit { if let stemmer { sb_stemmer_delete(stemmer) } }

    /// The stem of a word in lower case; a word it knows nothing of comes back as it is.
    public func stem(_ word: String) -> String {
        guard let stemmer else { return word }
        return Array(word.utf8).withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, let stem = sb_stemmer_stem(stemmer, base, Int32(bytes.count)) else { return word }
            let length = Int(sb_stemmer_length(stemmer))
            return String(decoding: UnsafeBufferPointer(start: stem, count: length), as: UTF8.self)
        }
    }
}
