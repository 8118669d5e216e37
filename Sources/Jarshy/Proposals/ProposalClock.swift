import JarshyKit
import Logging
import ServiceLifecycle
import Storage

/// Deletes contacts of senders that have had their term. Looks once an hour, and at once after downtime.
struct ProposalClock: Service {
    let database: Database
    var clock: any JarshyKit.Clock = SystemClock()
    let logger: Logger
    var pause = Duration.seconds(3600)

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                let gone = try await database.run(DeleteProposalContacts(), by: .operator, at: clock.now)
                if gone > 0 { logger.info("contacts of senders deleted", metadata: ["count": "\(gone)"]) }
            } catch {
                // What is due stays due: the next round takes it.
                logger.error("contacts of senders were not deleted", metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }
}
