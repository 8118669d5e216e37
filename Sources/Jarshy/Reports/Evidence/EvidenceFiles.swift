import Crypto
import Foundation
import JarshyKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the store does with the disk: plain calls that say what failed.
enum EvidenceFiles {
    struct Failure: Error, CustomStringConvertible {
        let call: String
        let code: Int32
        var description: String { "\(call): \(String(cString: strerror(code)))" }
        /// Full disk, full quota, file too large: to be tried again later.
        var isRoom: Bool { [ENOSPC, EDQUOT, EFBIG].contains(code) }
    }

    static func makeFolder(_ folder: URL) throws {
        guard !FileManager.default.fileExists(atPath: folder.path) else { return }
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    static func size(_ file: URL) -> Int64 {
        let handle = open(file.path, O_RDONLY | O_CLOEXEC)
        guard handle >= 0 else { return 0 }
        defer { close(handle) }
        return Int64(max(0, lseek(handle, 0, SEEK_END)))
    }

    /// Free bytes for us on the disk that holds `folder`.
    static func free(_ folder: URL) -> Int64 {
        var info = statvfs()
        guard statvfs(folder.path, &info) == 0 else { return 0 }
        return Int64(clamping: UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize)).partialValue)
    }

    static func append(_ chunk: [UInt8], at offset: Int64, to file: URL) throws -> EvidenceStore.Taken {
        let isNew = size(file) == 0
        let handle = open(file.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard handle >= 0 else { return try room(Failure(call: "open", code: errno)) }
        defer { close(handle) }
        guard flock(handle, LOCK_EX) == 0 else { throw Failure(call: "flock", code: errno) }
        let have = Int64(max(0, lseek(handle, 0, SEEK_END)))
        guard have == offset else { return .offset(have) }
        var done = 0
        while done < chunk.count {
            let written = chunk.withUnsafeBytes { bytes in
                pwrite(handle, bytes.baseAddress?.advanced(by: done), chunk.count - done, off_t(offset) + off_t(done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                let failure = Failure(call: "write", code: errno)
                _ = ftruncate(handle, off_t(offset))
                return try room(failure)
            }
            done += written
        }
        guard fsync(handle) == 0 else {
            let failure = Failure(call: "fsync", code: errno)
            _ = ftruncate(handle, off_t(offset))
            return try room(failure)
        }
        if isNew { try sync(file.deletingLastPathComponent()) }
        return .have(offset + Int64(chunk.count))
    }

    private static func room(_ failure: Failure) throws -> EvidenceStore.Taken {
        guard failure.isRoom else { throw failure }
        return .noRoom
    }

    static func digest(_ file: URL) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        var hash = SHA256()
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
        return Array(hash.finalize())
    }

    static func rename(_ file: URL, to place: URL) throws {
        guard Glibc.rename(file.path, place.path) == 0 else { throw Failure(call: "rename", code: errno) }
        try sync(place.deletingLastPathComponent())
    }

    /// A file that is not there is removed already.
    static func remove(_ file: URL) throws {
        guard unlink(file.path) == 0 else {
            if errno == ENOENT { return }
            throw Failure(call: "unlink", code: errno)
        }
    }

    /// Removes a file that nobody has written to since `moment`. Whoever writes it at this very time keeps it.
    static func remove(_ file: URL, untouchedSince moment: Instant) throws -> Bool {
        let handle = open(file.path, O_RDONLY | O_CLOEXEC)
        guard handle >= 0 else { return false }
        defer { close(handle) }
        guard flock(handle, LOCK_EX) == 0 else { throw Failure(call: "flock", code: errno) }
        guard let written = written(file), written < moment else { return false }
        try remove(file)
        return true
    }

    private static func written(_ file: URL) -> Instant? {
        let date = try? FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
        return date.map { Instant(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) }
    }

    private static func sync(_ folder: URL) throws {
        let handle = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { throw Failure(call: "open", code: errno) }
        defer { close(handle) }
        guard fsync(handle) == 0 else { throw Failure(call: "fsync", code: errno) }
    }
}
