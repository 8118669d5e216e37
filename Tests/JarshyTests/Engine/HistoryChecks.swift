import JarshyKit
import Storage

@testable import Jarshy

struct Broken: Error, CustomStringConvertible {
    let description: String
}

/// What every state must satisfy, read with SQL of its own rather than the engine's.
extension History {
    func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw Broken(description: "seed \(seed) on \(dialect), day \(today): \(message())") }
    }

    func verify(_ place: String) async throws {
        // P1, P2, P9 (chain), P14, P19 and the shift: both recomputations agree with every stored total.
        let finding = try await Recount.run(world.database)
        try expect(finding.isClean, "\(place): \(finding.differences.prefix(5))")
        try await verifyEvidence(place)
        try await verifyParents(place)
        // P4: both bases are equal at the root.
        for slot in 0..<2 {
            let (reported, present) = (try await world.rootTotal(slot), try await world.rootTotal(slot, present: true))
            try expect(reported == present, "\(place): P4 root slot \(slot): \(reported) reported, \(present) present")
        }
        try await verifyPaths(place)
    }

    /// P3: a unit is its own reports and its children, on each basis and in each layer.
    private func verifyParents(_ place: String) async throws {
        struct Key: Hashable {
            let unit: Int64
            let layer: Int64
        }
        let broken = try await world.database.read { db -> String? in
            let root = try Tree.current(in: db).root!.value
            for present in [false, true] {
                var unit: [Key: Int64] = [:]
                var children: [Key: Int64] = [:]
                try db.rows("SELECT parent, unit, layer, basis, m1 FROM total_unit WHERE campaign = 1") { row in
                    let (parent, child) = (try row.next(Int64.self), try row.next(Int64.self))
                    let (layer, basis, amount) = (try row.next(Int64.self), try row.next(Int64.self), try row.next(Int64.self))
                    guard basis == 0 || present else { return true }
                    unit[Key(unit: child, layer: layer), default: 0] += amount
                    children[Key(unit: parent, layer: layer), default: 0] += amount
                    return true
                }
                var own: [Key: Int64] = [:]
                try db.rows(
                    "SELECT unit, band, m1 FROM report WHERE NOT voided AND m1 IS NOT NULL"
                ) { row in
                    own[Key(unit: try row.next(Int64.self), layer: try row.next(Int64.self)), default: 0] += try row.next(Int64.self)
                    return true
                }
                for key in Set(unit.keys).union(children.keys).union(own.keys) where key.layer < 3 && key.unit != root && key.unit != 0 {
                    let (whole, parts) = (unit[key] ?? 0, (own[key] ?? 0) + (children[key] ?? 0))
                    if whole != parts { return "P3 unit \(key.unit) layer \(key.layer) present \(present): \(whole) is not \(parts)" }
                }
            }
            return nil
        }
        try expect(broken == nil, "\(place): \(broken ?? "")")
    }

    /// P13: every report stands on the path its unit has on its day, and a path names each ancestor once.
    private func verifyPaths(_ place: String) async throws {
        let broken = try await world.database.read { db -> String? in
            let tree = try Tree.current(in: db)
            var found: String?
            try db.rows("SELECT report.unit, report.day, path.chain FROM report JOIN path ON path.id = report.path") { row in
                let (unit, day, chain) = (try row.next(UnitNo.self), try row.next(Day.self), try row.next(String.self))
                let wanted = tree.chain(of: unit, on: day).map(\.description).joined(separator: "/")
                if wanted != chain { found = "P13 unit \(unit) on \(day) counts on \(chain), stands on \(wanted)" }
                return found == nil
            }
            try db.rows("SELECT path, count(*), count(DISTINCT unit) FROM path_member GROUP BY path") { row in
                let (path, members, units) = (try row.next(Int64.self), try row.next(Int64.self), try row.next(Int64.self))
                if members != units { found = "P13 path \(path) names an ancestor twice" }
                return found == nil
            }
            return found
        }
        try expect(broken == nil, "\(place): \(broken ?? "")")
    }

    /// P9: what stands is what the model says, version by version: no correction was lost or applied twice.
    func verifyModel() async throws {
        let stored = try await world.database.read { db in
            try db.all("SELECT id, rev, last_rev, voided, competing, m0, m1 FROM report") { row in
                (
                    id: try row.next(ReportID.self), rev: try row.next(Int64.self), last: try row.next(Int64.self),
                    voided: try row.next(Bool.self), competing: try row.next(Int.self), events: try row.next(Int64.self),
                    attendees: try row.next(Int64.self)
                )
            }
        }
        try expect(stored.count == reports.count, "\(stored.count) reports stand, \(reports.count) were accepted")
        for row in stored {
            guard let believed = reports[row.id.low & 0x3FFF_FFFF_FFFF_FFFF] else { throw Broken(description: "unknown report \(row.id)") }
            try expect(row.rev == believed.rev && row.last == believed.lastRev, "P9 \(row.id): rev \(row.rev)/\(row.last), model \(believed)")
            try expect(row.voided == believed.voided, "P9 \(row.id): voided \(row.voided), model \(believed)")
            try expect(row.competing == believed.competing.count, "P9 \(row.id): \(row.competing) compete, model \(believed)")
            if !row.voided {
                try expect(
                    row.attendees == believed.attendees && row.events == believed.events,
                    "P9 \(row.id): \(row.events), \(row.attendees); model \(believed)")
            }
        }
        let wanted = reports.values.filter { !$0.voided }.reduce(0) { $0 + $1.attendees }
        let total = try await world.rootTotal(1)
        try expect(total == wanted, "the root says \(total), the accepted operations say \(wanted)")
    }

    /// P7 once more, for everything ever sent, in one batch after another.
    func replayEverything() async throws {
        let before = try await world.totals()
        for start in stride(from: 0, to: sent.count, by: 50) {
            for (actor, part) in Dictionary(grouping: sent[start..<min(start + 50, sent.count)], by: \.actor.person) {
                guard let who = cast.first(where: { $0.person == actor }) else { continue }
                let outcomes = try await world.intake.submit(part.map(\.operation), by: who, at: now)
                for (old, outcome) in zip(part, outcomes) {
                    try expect(old.receipt == outcome.receipt, "P7: \(outcome.receipt) is not \(old.receipt)")
                }
            }
        }
        try expect(try await world.totals() == before, "P7: replaying everything changed a total")
    }

    /// Sums over bands per unit and parent, without the evidenced layer.
    func bandSums() async throws -> [String: Int64] {
        try await world.database.read { db in
            var sums: [String: Int64] = [:]
            try db.rows("SELECT basis, parent, unit, day, m1 + m0 * 100000 FROM total_unit_day WHERE layer < 3") { row in
                let key = try (0..<4).map { _ in "\(try row.next(Int64.self))" }.joined(separator: " ")
                sums[key, default: 0] += try row.next(Int64.self)
                return true
            }
            return sums.filter { $0.value != 0 }
        }
    }
}
