import JarshyKit
import Logging
import ServiceLifecycle
import Storage

/// Deletes originals whose term has passed, bytes that a reviewer deleted while the server stopped, and parts of files that never
/// went on. Hash, thumbnail and the fact of the check stay. Looks once an hour, and at once after downtime.
struct EvidenceClock: Service {
    let database: Database
    let store: EvidenceStore
    /// After the last day of the campaign.
    let days: Int64
    var clock: any JarshyKit.Clock = SystemClock()
    let logger: Logger
    var pause = Duration.seconds(3600)
    /// A part that nobody adds to for so long is removed. A phone that is back later sends the file from its beginning.
    static let partDays: Int64 = 14
    /// At most so many a round, so that a round ends.
    static let most = 500

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                let gone = try await sweep()
                if gone > 0 { logger.info("files of evidence deleted", metadata: ["count": "\(gone)"]) }
            } catch {
                // What is due stays due: the next round takes it.
                logger.error("files of evidence were not deleted", metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }

    /// - Returns: how many files were deleted. The bytes go first, then the note of it: a stop between the two repeats.
    func sweep() async throws -> Int {
        let now = clock.now
        let before = Zone.kazakhstan.day(at: now).advanced(by: -Int(days))
        let (erase, expire) = try await database.read { db in
            let erase = try db.all(
                Blob.self, "SELECT sha256 FROM evidence_file WHERE state = 'deleted' AND erased_at IS NULL LIMIT \(Self.most)")
            // A file goes when the last campaign it serves has; what serves no report (a poster site) goes by the newest campaign.
            let expire = try db.all(
                Blob.self,
                """
                SELECT f.sha256 FROM evidence_file f WHERE f.state = 'verified' AND f.original_gone_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM evidence e JOIN campaign c ON c.last_day >= \(before)
                    WHERE e.sha256 = f.sha256 AND (e.subject_kind <> 'report'
                        OR EXISTS (SELECT 1 FROM report r WHERE r.id = e.subject AND r.campaign = c.no)))
                LIMIT \(Self.most)
                """)
            return (erase, expire)
        }
        for file in erase {
            try await store.erase(file.bytes)
            try await database.write { db in
                try db.run("UPDATE evidence_file SET erased_at = \(now) WHERE sha256 = \(file)")
            }
        }
        for file in expire {
            try await store.removeOriginal(file.bytes)
            try await database.write { db in
                try db.run("UPDATE evidence_file SET original_gone_at = \(now) WHERE sha256 = \(file)")
            }
        }
        let parts = try await store.removeParts(untouchedSince: now.advanced(seconds: -Self.partDays * 86_400))
        return erase.count + expire.count + parts
    }
}
