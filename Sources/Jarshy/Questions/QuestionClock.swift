import JarshyKit
import Logging
import ServiceLifecycle
import Storage

/// Deletes what has had its term: contacts of askers, traces of network addresses. Looks once an hour, and at once after
/// downtime.
struct QuestionClock: Service {
    let database: Database
    var clock: any JarshyKit.Clock = SystemClock()
    let logger: Logger
    var pause = Duration.seconds(3600)

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                let gone = try await database.run(DeleteContacts(), by: .operator, at: clock.now)
                if gone > 0 { logger.info("contacts of askers deleted", metadata: ["count": "\(gone)"]) }
            } catch {
                // What is due stays due: the next round takes it.
                logger.error("contacts were not deleted", metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }
}
