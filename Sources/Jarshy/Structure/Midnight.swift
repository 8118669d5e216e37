import JarshyKit
import Logging
import ServiceLifecycle

/// Moves the present structure on when a new local day begins, so that planned moves take effect at 00:00. Runs with the
/// server; after a pause it catches up in one step.
struct Midnight: Service {
    let intake: Intake
    let clock: any JarshyKit.Clock
    let zone: Zone
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await advance()
                try await Task.sleep(for: .seconds(20))
            }
        }
    }

    func advance() async {
        do {
            let now = clock.now
            _ = try await intake.change(AdvancePresent(day: zone.day(at: now)), by: .operator, at: now)
        } catch {
            logger.error("the present structure was not moved on; it is tried again", metadata: ["error": "\(error)"])
        }
    }
}
