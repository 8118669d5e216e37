import JarshyKit
import Storage

/// Puts doors of the round's settlement into the round. An address on the do-not-contact list is left out and not kept: an
/// import never wins over it. Needs `manageCanvass` over the round's unit.
struct AddAddresses: Action {
    let round: RoundID
    let addresses: [AddressText]

    /// A long street of one entry; more is entered street by street.
    static let most = 500

    struct Result: Sendable, Hashable {
        var added = 0
        /// Were in the round before, or twice in what was entered.
        var already = 0
        /// On the do-not-contact list.
        var barred = 0
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Result {
        let scope = try CanvassScope(actor, at: now, in: db)
        let round = try scope.managed(round, in: db)
        try check()
        let settlement = CanvassScope.settlement(of: round.unit, in: scope.tree)
        let key = try DoNotContact.key(in: db)
        var result = Result()
        var fresh: [(id: AddressID, text: AddressText, mark: Blob)] = []
        var seen: Set<AddressID> = []
        for text in addresses {
            let id = Self.id(of: text, in: settlement, scope.tree)
            guard seen.insert(id).inserted else {
                result.already += 1
                continue
            }
            fresh.append((id, text, DoNotContact.mark(text, in: settlement, scope.tree, key: key)))
        }
        let barred = try Self.barred(fresh.map(\.mark), in: db)
        let kept = fresh.filter { !barred.contains($0.mark) }
        result.barred = fresh.count - kept.count
        try db.insert(
            "INSERT INTO canvass_address (id, unit, street, house, flat, landmark, normal, sort_key, mark) VALUES",
            rows: kept.map { id, text, mark in
                [
                    id.bind, settlement.bind, text.street.bind, text.house.bind, text.flat.bind, text.landmark.bind,
                    text.normal.bind, Blob(text.order).bind, mark.bind,
                ]
            }, "ON CONFLICT DO NOTHING")
        let before = try count(round.id, in: db)
        try db.insert(
            "INSERT INTO canvass_place (round, address, state) VALUES",
            rows: kept.map { [round.id.bind, $0.id.bind, DoorState.fresh.bind] }, "ON CONFLICT DO NOTHING")
        result.added = try count(round.id, in: db) - before
        result.already += kept.count - result.added
        try Feed.record(
            FeedLine("add-doors", "round", round.id, unit: round.unit, detail: "count=\(result.added)"), by: actor, at: now,
            in: db)
        return result
    }

    private func check() throws {
        if addresses.isEmpty { throw Problem.invalid([Problem.Fault("houses", "missing", "'houses' is missing.")]) }
        if addresses.count > Self.most {
            throw Problem.invalid([
                Problem.Fault("houses", "too-many", "At most \(Self.most) doors at once.", slots: ["max": "\(Self.most)"])
            ])
        }
        if let faults = addresses.lazy.map(\.faults).first(where: { !$0.isEmpty }) { throw Problem.invalid(faults) }
    }

    private func count(_ round: RoundID, in db: any Reading) throws -> Int {
        try db.value("SELECT count(*) FROM canvass_place WHERE round = \(round)")
    }

    /// The same door has the same id, whoever enters it and when.
    static func id(of text: AddressText, in settlement: UnitNo, _ tree: Tree) -> AddressID {
        .derived("address", tree[settlement]?.id.description ?? "", text.normal)
    }

    static func barred(_ marks: [Blob], in db: any Reading) throws -> Set<Blob> {
        var barred: Set<Blob> = []
        for chunk in Padded.chunks(marks) {
            barred.formUnion(
                try db.all(Blob.self, "SELECT mark FROM do_not_contact WHERE taken_back_day IS NULL AND mark IN \(chunk)"))
        }
        return barred
    }
}
