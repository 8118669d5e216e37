import Crypto
import JarshyKit

/// The validator of a feed: the same bytes have the same tag.
enum ContentTag {
    static func of(_ bytes: [UInt8]) -> String { Hex.encoded(Array(Array(SHA256.hash(data: bytes)).prefix(12))) }
}
