import CZlib

/// Raw deflate (RFC 1951) by the system's zlib.
enum Deflate {
    /// `bytes` compressed; nil only when zlib has no memory.
    static func deflated(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // Negative window bits: no zlib header, as ZIP wants.
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        guard let inputSize = UInt32(exactly: bytes.count) else { return nil }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        guard let room = UInt32(exactly: bound) else { return nil }
        var input = bytes
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = inputSize
                stream.next_out = buffer.baseAddress
                stream.avail_out = room
                isDone = CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
            count = isDone ? Int(stream.total_out) : 0
        }
        return isDone ? output : nil
    }

    /// `bytes` unpacked; nil when they are no deflate stream or unpack to anything but `size` bytes. Never produces
    /// more than `size` bytes, whatever the stream holds.
    static func inflated(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        var stream = z_stream()
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        guard let inputSize = UInt32(exactly: bytes.count), let room = UInt32(exactly: size + 1) else { return nil }
        var input = Array(bytes)
        var isDone = false
        // One byte more than promised shows an entry that lies about its size.
        let output = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = inputSize
                stream.next_out = buffer.baseAddress
                stream.avail_out = room
                isDone = CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END && Int(stream.total_out) == size
            }
            count = isDone ? size : 0
        }
        return isDone ? output : nil
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
    }
}
