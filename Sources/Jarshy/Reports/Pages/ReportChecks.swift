import JarshyKit

/// Several checks from the list: each its own operation, judged by itself, so one refusal keeps nothing else from being
/// checked.
enum ReportChecks {
    static let most = 64

    static func perform(_ visit: Visit, _ intake: Intake) async throws -> Reply {
        let actor = try visit.require()
        let (batch, level) = (try FormOperation.id(visit.form), visit.form.text("level"))
        let operations = try operations(visit.form.all("report"), batch: batch, level: level)
        let outcomes = try await intake.submit(operations, by: actor, at: visit.now)
        if visit.wantsJson {
            return .json("{\"outcomes\":[\(outcomes.map(\.receipt).joined(separator: ","))]}")
        }
        let done = outcomes.count { $0.status == .accepted }
        let back = visit.form["return"] ?? "/reports"
        let counts = ["n": visit.format.number(done), "m": visit.format.number(outcomes.count - done)]
        if done == outcomes.count {
            return .redirect(back, flash: .init(kind: .done, text: visit.words("checks.done", counts)))
        }
        let why = outcomes.lazy.compactMap { $0.status == .accepted ? nil : $0.problem }.first
        let said = FieldErrors(why, words: visit.words).heading
        return .redirect(back, flash: .init(kind: .warn, text: visit.words("checks.partly", counts) + " " + said))
    }

    /// Ids come from the batch's own and the report's, so the same form sent twice checks once.
    static func operations(_ chosen: [String], batch: OperationID, level: String) throws -> [Operation] {
        guard !chosen.isEmpty else {
            throw Problem.invalid([Problem.Fault("report", "checks-none", "No report was chosen.")])
        }
        guard chosen.count <= most else {
            throw Problem("too-many-operations", status: 413, "At most \(most) reports are checked at once.")
        }
        return try chosen.map { text in
            let halves = text.split(separator: ".", maxSplits: 1)
            guard halves.count == 2, let report = ReportID(halves[0]), let rev = Int64(halves[1]) else {
                throw Problem.invalid([
                    Problem.Fault("report", "not-listed", "'\(text.prefix(60))' names no version of a report.")
                ])
            }
            let id = OperationID.derived("check", batch.description, report.description, level)
            let body = Json.object([
                .init("op", .text(id.description)), .init("kind", .text(CheckReport.kind)),
                .init("report", .text(report.description)), .init("base_rev", .integer(rev)),
                .init("level", .text(level)),
            ])
            guard let operation = Operation(body, device: "", door: .form) else { throw FormOperation.missing }
            return operation
        }
    }
}
