import CZlib

/// Raw DEFLATE (RFC 1951) by the system's zlib, of bytes that somebody else made.
enum Inflate {
    /// `bytes` unpacked; nil when they are not whole, not DEFLATE, or unpack to more than `limit` bytes.
    static func raw(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        guard let size = UInt32(exactly: bytes.count) else { return nil }
        var stream = z_stream()
        // Negative window bits: no header, no checksum.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var (input, output) = (bytes, [UInt8]())
        var part = [UInt8](repeating: 0, count: 65_536)
        return input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = size
            while true {
                let (state, made) = part.withUnsafeMutableBufferPointer { part in
                    stream.next_out = part.baseAddress
                    stream.avail_out = UInt32(part.count)
                    let state = inflate(&stream, Z_NO_FLUSH)
                    return (state, part.count - Int(stream.avail_out))
                }
                output += part[..<made]
                if output.count > limit { return nil }
                if state == Z_STREAM_END { return output }
                // No error, and yet nothing more can be made: the input was cut.
                guard state == Z_OK, made > 0 || stream.avail_in > 0 else { return nil }
            }
        }
    }
}
