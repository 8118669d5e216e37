import Crypto
import JarshyKit

extension ID {
    /// An id worked out from words: the same words give the same id, so that doing a thing again is known for what it
    /// is. A UUID of version 8 (RFC 9562, 5.8): the first 122 bits of the SHA-256 that its version and variant leave
    /// free.
    static func derived(_ words: String...) -> Self {
        var hash = SHA256()
        for word in words {
            // The length stands before each word, so that ("ab", "c") and ("a", "bc") differ.
            hash.update(data: Array("\(word.utf8.count):".utf8))
            hash.update(data: Array(word.utf8))
        }
        let bytes = Array(hash.finalize())
        func word(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        let high = word(0..<8) & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
        let low = word(8..<16) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return Self(high: high, low: low)
    }
}

/// Says "yes" to exactly these values: goes into a hidden field beside the question, and is asked for anew when a value
/// changes.
enum ConfirmCode {
    static func make(_ unit: String, _ metrics: [MetricValue]) -> String {
        let text = metrics.sorted { $0.code < $1.code }.map { "\($0.code)=\($0.value)" }.joined(separator: "&")
        return ID<ConfirmMark>.derived(unit, text).description
    }

    private enum ConfirmMark {}
}
