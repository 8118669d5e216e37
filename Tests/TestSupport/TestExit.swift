import CPostgreSQL
import Foundation
import Synchronization

/// What a cluster of somebody else's must be rid of when this process ends.
final class TestExit: Sendable {
    static let shared = TestExit()

    let databases = Mutex<Set<String>>([])
    private let url = Mutex<String?>(nil)

    /// A cluster of our own needs none of this: it is removed whole.
    func dropAtExit(on url: String) {
        self.url.withLock { $0 = url }
        atexit { TestExit.shared.drop() }
    }

    private func drop() {
        guard let url = url.withLock({ $0 }) else { return }
        let connection = PQconnectdb(url)
        defer { PQfinish(connection) }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        for name in databases.withLock({ $0 }) {
            PQclear(PQexec(connection, "DROP DATABASE IF EXISTS \(name) WITH (FORCE)"))
        }
    }
}
