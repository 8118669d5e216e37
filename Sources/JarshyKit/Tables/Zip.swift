/// Why a ZIP archive cannot be read or written.
public enum ZipError: Error, Equatable {
    /// Not a ZIP archive, or a damaged one.
    case damaged(String)
    /// A feature this reader refuses: encryption, several disks, ZIP64, other methods than stored and deflated.
    case unsupported(String)
    /// More entries or bytes than ``ZipLimits`` allow.
    case tooLarge(String)
}

/// How much a reader will unpack; a small archive may claim gigabytes.
public struct ZipLimits: Sendable {
    public var entries: Int
    /// Unpacked size of one entry, in bytes.
    public var entryBytes: Int
    /// Unpacked size of all entries together, in bytes.
    public var totalBytes: Int

    public init(entries: Int = 1000, entryBytes: Int = 64 << 20, totalBytes: Int = 128 << 20) {
        self.entries = entries
        self.entryBytes = entryBytes
        self.totalBytes = totalBytes
    }
}

/// Writes a ZIP archive in memory. Dates are fixed (1 January 1980), so equal contents give equal bytes.
public struct ZipWriter: Sendable {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    public init() {}

    /// Adds an entry; it is stored as it is when `compress` is false or packing does not make it smaller.
    /// - Throws: ``ZipError/tooLarge(_:)`` beyond 65,535 entries or 4 GiB, which would need ZIP64.
    public mutating func add(_ name: String, _ content: [UInt8], compress: Bool = true) throws(ZipError) {
        let packed = compress ? Deflate.deflated(content) : nil
        let isPacked = packed.map { $0.count < content.count } ?? false
        let data = isPacked ? packed ?? content : content
        let nameBytes = Array(name.utf8)
        let offset = bytes.count
        guard count < 0xFFFF, nameBytes.count <= 0xFFFF, content.count < 0xFFFF_FFFF,
            offset + data.count + directory.count + 1024 < 0xFFFF_FFFF
        else { throw .tooLarge(name) }
        var header: [UInt8] = []
        header.append(little: 20, bytes: 2)  // version needed
        header.append(little: 0x0800, bytes: 2)  // names in UTF-8
        header.append(little: isPacked ? 8 : 0, bytes: 2)
        header.append(little: 0, bytes: 2)  // 00:00
        header.append(little: 0x21, bytes: 2)  // 1 January 1980
        header.append(little: Int(Deflate.checksum(content)), bytes: 4)
        header.append(little: data.count, bytes: 4)
        header.append(little: content.count, bytes: 4)
        header.append(little: nameBytes.count, bytes: 2)
        header.append(little: 0, bytes: 2)  // no extra field
        bytes.append(little: ZipRecord.local, bytes: 4)
        bytes += header + nameBytes + data
        directory.append(little: ZipRecord.central, bytes: 4)
        directory.append(little: 20, bytes: 2)  // version made by
        directory += header
        directory.append(little: 0, bytes: 10)  // no comment, disk 0, no attributes
        directory.append(little: offset, bytes: 4)
        directory += nameBytes
        count += 1
    }

    /// The whole archive.
    public func finished() -> [UInt8] {
        var result = bytes + directory
        result.append(little: ZipRecord.end, bytes: 4)
        result.append(little: 0, bytes: 4)  // disks
        result.append(little: count, bytes: 2)
        result.append(little: count, bytes: 2)
        result.append(little: directory.count, bytes: 4)
        result.append(little: bytes.count, bytes: 4)
        result.append(little: 0, bytes: 2)  // no comment
        return result
    }
}

enum ZipRecord {
    static let local = 0x0403_4B50
    static let central = 0x0201_4B50
    static let end = 0x0605_4B50
}

extension [UInt8] {
    mutating func append(little value: Int, bytes: Int) {
        for shift in 0..<bytes { append(shift < 8 ? UInt8(truncatingIfNeeded: value >> (shift * 8)) : 0) }
    }
}
