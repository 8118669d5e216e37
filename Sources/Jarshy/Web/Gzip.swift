import CZlib

/// Gzip (RFC 1952) by the system's zlib.
enum Gzip {
    /// `bytes` compressed; nil only when zlib has no memory or the input passes 4 GiB.
    /// - Parameter level: 1 quick … 9 small.
    static func packed(_ bytes: [UInt8], level: Int32 = 5) -> [UInt8]? {
        var stream = z_stream()
        // 16 more window bits: the gzip wrapping.
        guard
            deflateInit2_(
                &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size))
                == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        guard let size = UInt32(exactly: bytes.count),
            let room = UInt32(exactly: deflateBound(&stream, UInt(bytes.count)))
        else { return nil }
        var input = bytes
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: Int(room)) { buffer, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = size
                stream.next_out = buffer.baseAddress
                stream.avail_out = room
                isDone = deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
            count = isDone ? Int(stream.total_out) : 0
        }
        return isDone ? output : nil
    }

    /// Text compresses; pictures and archives are compressed already.
    static func pays(_ contentType: String, bytes: Int) -> Bool {
        guard bytes >= 1024, !contentType.hasPrefix("text/event-stream") else { return false }
        return contentType.hasPrefix("text/") || contentType.hasPrefix("application/json")
            || contentType.hasPrefix("application/problem+json") || contentType.hasPrefix("image/svg+xml")
    }

    /// Whether an `Accept-Encoding` header takes gzip.
    static func isTaken(_ header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { part in
            let pieces = part.split(separator: ";").map { String($0).trimmingSpaces().lowercased() }
            guard pieces.first == "gzip" || pieces.first == "*" else { return false }
            return !pieces.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" || $0 == "q=0.00" || $0 == "q=0.000" }
        }
    }
}
