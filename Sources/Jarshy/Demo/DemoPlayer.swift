import JarshyKit

/// Plays the script through the intake, hour by simulated hour, exactly as operations from phones would arrive.
///
/// Within an hour different people send at once, so the intake fills its groups; what one builds on another's is hours
/// apart. Operations of one person keep their order.
struct DemoPlayer: Sendable {
    let intake: Intake
    let actors: [DemoPart: Actor]

    static let mostAtOnce = 50

    func play(_ steps: [DemoStep], progress: @Sendable (_ done: Int, _ of: Int) -> Void) async throws {
        var at = 0
        while at < steps.count {
            let hour = steps[at].at.milliseconds / 3_600_000
            var end = at
            while end < steps.count, steps[end].at.milliseconds / 3_600_000 == hour { end += 1 }
            try await playHour(Array(steps[at..<end]))
            at = end
            progress(at, steps.count)
        }
    }

    private func playHour(_ steps: [DemoStep]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (part, mine) in Dictionary(grouping: steps, by: \.part) {
                guard let actor = actors[part] else { throw DemoFault.data("nobody plays \(part)") }
                group.addTask { try await send(mine, by: actor) }
            }
            try await group.waitForAll()
        }
    }

    private func send(_ steps: [DemoStep], by actor: Actor) async throws {
        for start in stride(from: 0, to: steps.count, by: Self.mostAtOnce) {
            let part = steps[start..<min(start + Self.mostAtOnce, steps.count)]
            let operations = part.compactMap { Operation($0.body, device: "demo", door: .demo) }
            let outcomes = try await intake.submit(operations, by: actor, at: part[part.endIndex - 1].at)
            guard let refused = outcomes.first(where: { $0.status != .accepted }) else { continue }
            throw DemoFault.refused(refused.receipt)
        }
    }
}

/// Why a demo was not made.
enum DemoFault: Error, CustomStringConvertible {
    /// The database holds something else.
    case otherData
    /// A demo was begun here and not finished.
    case unfinished
    case data(String)
    case refused(String)

    var description: String {
        switch self {
        case .otherData: "this database holds other data; the demo needs an empty one (nothing was changed)"
        case .unfinished: "a demo was begun in this database and not finished; delete the database and run it again"
        case .data(let what): "the folder Demo is not as expected: \(what)"
        case .refused(let receipt): "the intake refused an operation of the demo: \(receipt)"
        }
    }
}
