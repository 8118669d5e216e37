/// Reads a ZIP archive from memory by its central directory.
///
/// Sizes come from the directory and are held against the limits before anything is unpacked; unpacking stops at the
/// promised size; the checksum must agree. Entries with equal names are refused.
public struct ZipReader: Sendable {
    private struct Entry {
        let method: Int
        let checksum: UInt32
        let packedSize: Int
        let size: Int
        let offset: Int
    }

    private let archive: [UInt8]
    private var entries: [String: Entry] = [:]

    /// The names of the entries, sorted.
    public var names: [String] { entries.keys.sorted() }

    /// Reads the directory; contents are unpacked on demand.
    public init(_ archive: [UInt8], limits: ZipLimits = ZipLimits()) throws(ZipError) {
        self.archive = archive
        let end = try Self.endRecord(archive)
        let count = archive.little(end + 10, 2)
        let start = archive.little(end + 16, 4)
        let size = archive.little(end + 12, 4)
        guard archive.little(end + 4, 4) == 0 else { throw .unsupported("several disks") }
        guard count != 0xFFFF, start != 0xFFFF_FFFF else { throw .unsupported("ZIP64") }
        guard count <= limits.entries else { throw .tooLarge("\(count) entries") }
        guard start + size <= end else { throw .damaged("directory out of bounds") }
        var index = start
        var total = 0
        for _ in 0..<count {
            let name = try readEntry(at: &index, before: end)
            guard let entry = entries[name] else { continue }
            guard entry.size <= limits.entryBytes else { throw .tooLarge("\(name): \(entry.size) bytes") }
            total += entry.size
            guard total <= limits.totalBytes else { throw .tooLarge("\(total) bytes in all") }
        }
    }

    /// The unpacked content of an entry; nil when there is none of that name.
    public func content(_ name: String) throws(ZipError) -> [UInt8]? {
        guard let entry = entries[name] else { return nil }
        let header = entry.offset
        guard header + 30 <= archive.count, archive.little(header, 4) == ZipRecord.local else {
            throw .damaged("\(name): no local header")
        }
        let start = header + 30 + archive.little(header + 26, 2) + archive.little(header + 28, 2)
        guard start + entry.packedSize <= archive.count else { throw .damaged("\(name): content out of bounds") }
        let packed = archive[start..<start + entry.packedSize]
        let content = entry.method == 0 ? Array(packed) : Deflate.inflated(packed, size: entry.size)
        guard let content, content.count == entry.size, Deflate.checksum(content) == entry.checksum else {
            throw .damaged("\(name): content does not agree with its size or checksum")
        }
        return content
    }

    private mutating func readEntry(at index: inout Int, before end: Int) throws(ZipError) -> String {
        guard index + 46 <= end, archive.little(index, 4) == ZipRecord.central else {
            throw .damaged("bad directory record")
        }
        let nameSize = archive.little(index + 28, 2)
        let next = index + 46 + nameSize + archive.little(index + 30, 2) + archive.little(index + 32, 2)
        guard next <= end else { throw .damaged("directory record out of bounds") }
        guard let name = String(validating: archive[index + 46..<index + 46 + nameSize], as: UTF8.self) else {
            throw .damaged("an entry's name is not UTF-8")
        }
        let method = archive.little(index + 10, 2)
        guard archive.little(index + 8, 2) & 1 == 0 else { throw .unsupported("\(name) is encrypted") }
        guard method == 0 || method == 8 else { throw .unsupported("\(name): method \(method)") }
        let entry = Entry(
            method: method, checksum: UInt32(archive.little(index + 16, 4)), packedSize: archive.little(index + 20, 4),
            size: archive.little(index + 24, 4), offset: archive.little(index + 42, 4))
        guard entry.size != 0xFFFF_FFFF, entry.packedSize != 0xFFFF_FFFF, entry.offset != 0xFFFF_FFFF else {
            throw .unsupported("ZIP64")
        }
        guard entries.updateValue(entry, forKey: name) == nil else { throw .damaged("\(name) stands twice") }
        index = next
        return name
    }

    /// The end record lies in the last 22 bytes, or before a comment of up to 65,535.
    private static func endRecord(_ archive: [UInt8]) throws(ZipError) -> Int {
        var index = archive.count - 22
        let lowest = max(0, index - 0xFFFF)
        while index >= lowest {
            if archive.little(index, 4) == ZipRecord.end, index + 22 + archive.little(index + 20, 2) == archive.count {
                return index
            }
            index -= 1
        }
        throw .damaged("not a ZIP archive")
    }
}

extension [UInt8] {
    /// A little-endian number; the caller has checked the bounds.
    func little(_ index: Int, _ size: Int) -> Int {
        var value = 0
        for shift in 0..<size { value |= Int(self[index + shift]) << (shift * 8) }
        return value
    }
}
