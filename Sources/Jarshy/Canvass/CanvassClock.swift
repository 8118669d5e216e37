import JarshyKit
import Logging
import ServiceLifecycle
import Storage

/// Forgets the secrets of lists that can have no visit any more (`ForgetListSecrets`). Looks every six hours, and at once after
/// downtime.
struct CanvassClock: Service {
    let database: Database
    var clock: any JarshyKit.Clock = SystemClock()
    let logger: Logger
    var pause = Duration.seconds(6 * 3600)

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                let gone = try await database.run(ForgetListSecrets(), by: .operator, at: clock.now)
                if gone > 0 { logger.info("secrets of old door lists forgotten", metadata: ["count": "\(gone)"]) }
            } catch {
                // What is due stays due: the next round takes it.
                logger.error("secrets of door lists were not forgotten", metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }
}
