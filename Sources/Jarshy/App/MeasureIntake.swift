import Foundation
import JarshyKit
import Storage

/// What `bin/bench` cannot see from outside: the statements the intake runs, and the time of one storage call.
public enum Measure {}

extension Measure {
    /// Applies the operations of a file, one JSON object a line, in groups as the intake does, and writes down every
    /// statement with its values, so that they can be run again straight on a copy of the database as it was before.
    ///
    /// - Parameters:
    ///   - login: whose operations they are.
    ///   - groups: how many operations each transaction takes; begun again from the first when it is used up.
    /// - Returns: how many operations were applied.
    /// - Throws: `Commands.Refused` when one of them is not accepted: a benchmark of refusals says nothing.
    public static func record(
        database url: String, login: String, operations: String, groups: [Int], limit: Int, to path: String
    ) async throws -> Int {
        guard !groups.isEmpty, groups.allSatisfy({ (1...Intake.groupSize).contains($0) }) else {
            throw Commands.Refused("groups are of 1 to \(Intake.groupSize) operations")
        }
        guard let data = FileManager.default.contents(atPath: operations) else {
            throw Commands.Refused("cannot read '\(operations)'")
        }
        let lines = data.split(separator: UInt8(ascii: "\n")).prefix(limit)
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let out = FileHandle(forWritingAtPath: path)
        else {
            throw Commands.Refused("cannot write '\(path)'")
        }
        let database = try Database.open(url)
        let now = SystemClock().now
        let actor = try await database.read { db in
            guard let person = try db.first(PersonID.self, "SELECT person FROM account WHERE login = \(login)"),
                let actor = try Actors.load(person, on: Zone.kazakhstan.day(at: now), in: db)
            else { throw Commands.Refused("there is no open account '\(login)'") }
            return actor
        }
        var recording = Recording()
        var interned = Interned()
        var at = lines.startIndex
        var turn = 0
        while at < lines.endIndex {
            let end = min(lines.endIndex, at + groups[turn % groups.count])
            let submissions = try lines[at..<end].map { line in
                guard let operation = Operation(try JsonReader.read(Array(line)), device: "bench", door: .sync) else {
                    throw Commands.Refused("a line of '\(operations)' is no operation")
                }
                return Submission(operation: operation, actor: actor, at: SystemClock().now)
            }
            let (result, statements) = try await database.write(.intake) { [interned] db in
                let recorder = Recorder(db)
                let result = try Group(submissions: submissions)
                    .apply(in: recorder, today: { Zone.kazakhstan.day(at: $0) }, interned: interned)
                return (result, recorder.recorded)
            }
            if let refused = result.outcomes.first(where: { $0.status != .accepted }) {
                throw Commands.Refused("an operation was not accepted: \(refused.receipt)")
            }
            interned = result.interned
            recording.add(statements)
            try out.write(contentsOf: Data(recording.take()))
            at = end
            turn += 1
        }
        try out.write(contentsOf: Data(recording.take(last: true)))
        try out.close()
        try await database.close()
        return lines.count
    }
}
