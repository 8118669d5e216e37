import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// `EngineWorld` with two materials that are approved, and hands to work on them.
struct MaterialWorld: Sendable {
    let engine: EngineWorld
    let intake: Intake
    /// Draws up; with every right over the republic.
    let keeper: Actor
    /// Approves.
    let second: Actor
    let leaflet: MaterialID
    /// Of the class campaigning.
    let poster: MaterialID

    var database: Database { engine.database }
    static let now = EngineWorld.at(10)
    static let today = Zone.kazakhstan.day(at: now)

    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (MaterialWorld) async throws -> Void) async throws {
        let engine = try await EngineWorld.make(dialect)
        try await body(try await MaterialWorld(engine))
        try await engine.test.close()
    }

    init(_ engine: EngineWorld, unit: String = "KZ") async throws {
        self.engine = engine
        intake = Intake(database: engine.database, kinds: SyncKinds.all)
        keeper = try await engine.actor(1)
        second = try await engine.actor(2)
        let (keeper, second, now) = (keeper, second, Self.now)
        (leaflet, poster) = try await engine.database.write { db in
            // A millisecond apart, so that lists have one order.
            func approved(_ form: MaterialForm, before milliseconds: Int64) throws -> MaterialID {
                let at = Instant(milliseconds: now.milliseconds - milliseconds)
                let id = try DrawUpMaterial(campaign: "test", unit: unit, form: form).perform(by: keeper, at: at, in: db)
                try ApproveMaterial(material: id).perform(by: second, at: at, in: db)
                return id
            }
            return (try approved(Self.form(), before: 2), try approved(Self.form(.poster, .campaigning), before: 1))
        }
    }

    static func form(
        _ kind: MaterialForm.Kind = .leaflet, _ class: MaterialClass = .information, name: String = "Парақша"
    ) -> MaterialForm {
        MaterialForm(
            kind: kind, class: `class`, names: Trio(kk: name, ru: "Листовка", en: "Leaflet"), languages: [.kk, .ru],
            imprint: MaterialImprint(
                issuer: "North", orderer: "North", payer: "North", responsible: "A. Keeper", isPrinted: true, printer: "Print House",
                place: "Astana", run: 10_000))
    }

    static func site(_ class: MaterialClass = .campaigning, down: Day? = nil, address: String = "Абай көшесі, 5") -> PosterSiteForm {
        PosterSiteForm(
            address: address, class: `class`, isAtSchool: false, capacity: 4, material: nil, decree: "Әкімдік қаулысы",
            decreeNumber: "12", decreeDay: EngineWorld.firstDay, first: EngineWorld.firstDay, takeDown: down)
    }

    /// The vote on `day`; quiet from the day before.
    func vote(on day: Day) async throws {
        try await database.write { db in
            try db.run("UPDATE campaign SET vote_day = \(day), quiet_from_day = \(day.advanced(by: -1)), stamp = stamp + 1")
        }
    }

    /// An operation as a phone writes it.
    static func op(_ n: UInt64, _ kind: String, _ more: [Json.Member], door: Door = .sync) -> Operation {
        Ops.op(
            [.init("op", .text(Ops.id(n))), .init("kind", .text(kind)), .init("campaign", .text("test"))] + more, door: door)
    }

    func deed(
        _ n: UInt64, _ kind: String, _ unit: String, _ quantity: Int64, of material: MaterialID? = nil, _ more: [Json.Member] = []
    ) -> Operation {
        Self.op(
            n, "material.\(kind)",
            [
                .init("unit", .text(unit)), .init("material", .text((material ?? leaflet).description)),
                .init("quantity", .integer(quantity)),
            ] + more)
    }

    func receive(_ n: UInt64, _ unit: String, _ quantity: Int64, of material: MaterialID? = nil) -> Operation {
        deed(n, "receive", unit, quantity, of: material, [.init("from", .text("Print House, note 7"))])
    }

    func move(_ n: UInt64, _ unit: String, to: String, _ quantity: Int64, of material: MaterialID? = nil) -> Operation {
        deed(n, "move", unit, quantity, of: material, [.init("to", .text(to))])
    }

    func handOut(_ n: UInt64, _ unit: String, _ quantity: Int64, day: Day = today, of material: MaterialID? = nil) -> Operation {
        deed(n, "hand_out", unit, quantity, of: material, [.init("day", .text(day.description))])
    }

    func writeOff(_ n: UInt64, _ unit: String, _ quantity: Int64, of material: MaterialID? = nil) -> Operation {
        deed(n, "write_off", unit, quantity, of: material, [.init("reason", .text("damaged"))])
    }

    func count(_ n: UInt64, _ unit: String, _ counted: Int64, reason: String? = nil, of material: MaterialID? = nil) -> Operation {
        Self.op(
            n, "material.count",
            [
                .init("unit", .text(unit)), .init("material", .text((material ?? leaflet).description)),
                .init("counted", .integer(counted)),
            ] + (reason.map { [.init("reason", .text($0))] } ?? []))
    }

    static func accept(
        _ n: UInt64, _ unit: String, _ move: UInt64, arrived: Int64, returned: Int64 = 0, reason: String? = nil
    ) -> Operation {
        op(
            n, "material.accept",
            [
                .init("unit", .text(unit)), .init("move", .text(Ops.id(move))), .init("arrived", .integer(arrived)),
                .init("returned", .integer(returned)),
            ] + (reason.map { [.init("reason", .text($0))] } ?? []))
    }

    static func condition(
        _ n: UInt64, _ site: PosterSiteID, _ condition: String, day: Day = today, _ more: [Json.Member] = []
    ) -> Operation {
        op(
            n, "site.condition",
            [
                .init("site", .text(site.description)), .init("day", .text(day.description)),
                .init("condition", .text(condition)),
            ] + more)
    }

    @discardableResult
    func submit(_ operation: Operation, by actor: Actor? = nil) async throws -> Outcome {
        try await intake.submit([operation], by: actor ?? keeper, at: Self.now)[0]
    }

    /// A deed that stands; throws with the receipt otherwise.
    func done(_ operation: Operation, by actor: Actor? = nil) async throws {
        let outcome = try await submit(operation, by: actor)
        guard outcome.status == .accepted else { throw StorageError.other(outcome.receipt) }
    }

    func run<Deed: Action>(_ deed: Deed, by actor: Actor) async throws -> Deed.Result {
        try await database.run(deed, by: actor, at: Self.now)
    }

    func refusal<Deed: Action>(_ deed: Deed, by actor: Actor) async throws -> Problem? {
        do {
            _ = try await run(deed, by: actor)
            return nil
        } catch let problem as Problem {
            return problem
        }
    }

    func stock(_ unit: String, of material: MaterialID? = nil) async throws -> Stock {
        let (no, material) = (try await engine.tree().find(unit)!.no, material ?? leaflet)
        return try await database.read { db in
            try db.first("SELECT \(Stock.columns) FROM stock WHERE unit = \(no) AND material = \(material)") { row in
                try Stock(&row)
            }
        } ?? Stock()
    }

    /// What must hold of every unit and material after every entry there ever was: the faults found.
    ///
    /// Entries are replayed from the first in the order of their numbers; after each the copies are all somewhere and nothing
    /// is below zero, the numbers have no gap, and in the end the fold is the stored sum.
    func faults() async throws -> [String] {
        try await database.read { db in
            var faults: [String] = []
            struct Key: Hashable { let unit: UnitNo; let material: MaterialID }
            var sums: [Key: [Int64]] = [:]
            var last: [Key: Int64] = [:]
            try db.rows("SELECT unit, material, n, \(Stock.columns) FROM stock_entry ORDER BY unit, material, n") { row in
                let key = Key(unit: try row.next(), material: try row.next())
                let n = try row.next(Int64.self)
                let change = try Stock(&row).figures
                let sum = zip(sums[key] ?? Array(repeating: 0, count: 9), change).map { $0 + $1 }
                if n != (last[key] ?? 0) + 1 { faults.append("unit \(key.unit): entry \(n) after \(last[key] ?? 0)") }
                if sum.contains(where: { $0 < 0 }) { faults.append("unit \(key.unit) entry \(n): below zero: \(sum)") }
                if sum[0] + sum[1] + sum[2] != sum[3] + sum[4] + sum[5] + sum[6] + sum[7] {
                    faults.append("unit \(key.unit) entry \(n): copies are nowhere or twice: \(sum)")
                }
                (sums[key], last[key]) = (sum, n)
                return true
            }
            var total: [MaterialID: [Int64]] = [:]
            try db.rows("SELECT unit, material, entries, \(Stock.columns) FROM stock") { row in
                let key = Key(unit: try row.next(), material: try row.next())
                let entries = try row.next(Int64.self)
                let stock = try Stock(&row).figures
                if sums[key] != stock || last[key] != entries { faults.append("unit \(key.unit): \(stock) is not its entries") }
                total[key.material] = zip(total[key.material] ?? Array(repeating: 0, count: 9), stock).map { $0 + $1 }
                return true
            }
            for (material, sum) in total {
                let open = try db.value(
                    "SELECT CAST(coalesce(sum(quantity), 0) AS bigint) FROM stock_move WHERE material = \(material) AND accepted_at IS NULL",
                    as: Int64.self)
                if sum[6] != open { faults.append("\(sum[6]) on the way, the moves say \(open)") }
                if sum[1] != sum[7] { faults.append("moved in \(sum[1]), moved out \(sum[7])") }
                if sum[0] + sum[2] != sum[3] + sum[4] + sum[5] + sum[6] { faults.append("received is not what there is: \(sum)") }
            }
            return faults
        }
    }
}
