import Testing

@testable import JarshyKit

struct ZipTests {
    private func archive(_ entries: [(String, [UInt8])]) throws -> [UInt8] {
        var writer = ZipWriter()
        for (name, content) in entries { try writer.add(name, content) }
        return writer.finished()
    }

    private let long = [UInt8](String(repeating: "Қазақстан ", count: 10_000).utf8)

    @Test func `what is written is read`() throws {
        let bytes = try archive([("a/ә.txt", long), ("empty", []), ("short", [1, 2, 3])])
        let reader = try ZipReader(bytes)

        #expect(bytes.count < long.count / 10)
        #expect(reader.names == ["a/ә.txt", "empty", "short"])
        #expect(try reader.content("a/ә.txt") == long)
        #expect(try reader.content("empty") == [])
        #expect(try reader.content("short") == [1, 2, 3])
        #expect(try reader.content("none") == nil)
        #expect(try ZipReader(archive([])).names == [])
    }

    @Test func `limits are held before anything is unpacked`() throws {
        let bytes = try archive([("a", long), ("b", long)])

        #expect(throws: ZipError.tooLarge("a: \(long.count) bytes")) {
            try ZipReader(bytes, limits: ZipLimits(entryBytes: 1000))
        }
        #expect(throws: ZipError.tooLarge("\(2 * long.count) bytes in all")) {
            try ZipReader(bytes, limits: ZipLimits(totalBytes: long.count + 1))
        }
        #expect(throws: ZipError.tooLarge("2 entries")) { try ZipReader(bytes, limits: ZipLimits(entries: 1)) }
    }

    @Test func `an entry that lies about its size is damaged`() throws {
        let bytes = try archive([("a", long)])
        // The size field of the one directory record, which begins after the local header, name and content.
        let directory = try #require(bytes.indices.dropLast(4).last { bytes.little($0, 4) == ZipRecord.central })
        for size in [10, long.count - 1, long.count + 1] {
            var lying = bytes
            for shift in 0..<4 { lying[directory + 24 + shift] = UInt8(truncatingIfNeeded: size >> (shift * 8)) }
            #expect(throws: ZipError.self) { try ZipReader(lying).content("a") }
        }
    }

    @Test func `every shortened or changed archive is refused or read as it was`() throws {
        let content = [UInt8](String(repeating: "шаң ", count: 50).utf8)
        let bytes = try archive([("a", content), ("b", [9])])
        for count in 0..<bytes.count {
            #expect(throws: ZipError.self) { try ZipReader(Array(bytes.prefix(count))) }
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0xFF
            if let reader = try? ZipReader(changed), let read = try? reader.content("a") { #expect(read == content) }
        }
    }
}
