import ArgumentParser
import Foundation
import Jarshy

/// `jarshy bench …`: what `bin/bench` needs from inside; not for the hands of an operator, and so not listed.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Parts of bin/bench.", shouldDisplay: false,
        subcommands: [BenchRecord.self, BenchFigures.self])
}

struct BenchRecord: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Apply operations and write down the statements that took.")

    @OptionGroup var database: DatabaseOption

    @Option(help: "A file of operations, one JSON object a line.")
    var operations: String

    @Option(help: "At most so many of them.")
    var limit = Int.max

    @Option(help: "Operations a transaction, as a list that is begun again: 50 or 31,64,2.")
    var groups = "50"

    @Option(help: "Whose operations they are.")
    var login = "admin"

    @Option(help: "Where the recording goes.")
    var out: String

    func run() async throws {
        let count = try await Measure.record(
            database: database.database, login: login, operations: operations,
            groups: groups.split(separator: ",").compactMap { Int($0) }, limit: limit, to: out)
        print("{\"operations\":\(count)}")
    }
}

struct BenchFigures: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures", abstract: "Time the reading of a unit's totals and of its children.")

    @Option(help: "sqlite:PATH or postgres://…; several are read in turn.")
    var database: [String]

    @Option(help: "The campaign's code.")
    var campaign = "referendum"

    @Option(help: "The unit's code.")
    var unit: String

    @Option(help: "How often.")
    var times = 300

    /// One JSON object a database.
    func run() async throws {
        func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }
        for figures in try await Measure.figures(databases: database, campaign: campaign, unit: unit, times: times) {
            let sorted = figures.total.sorted { $0.key < $1.key }
            let layers = sorted.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
            print(
                """
                {"total_us":\(median(figures.totalMicroseconds)),"children_us":\(median(figures.childrenMicroseconds)),\
                "rows":\(figures.rows),"total":{\(layers)},"children":\(figures.children)}
                """)
        }
    }
}
