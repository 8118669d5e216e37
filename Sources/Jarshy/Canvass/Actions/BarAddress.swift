import JarshyKit
import Storage

/// Puts an address on the do-not-contact list, known to us or not; only its mark is kept. In force at once on every list,
/// in every round. Anybody with `manageCanvass` over the settlement or something in it may.
struct BarAddress: Action {
    let unit: String
    let address: AddressText

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = try CanvassScope(actor, at: now, in: db)
        let settlement = try Self.settlement(unit, scope)
        guard Self.mayBar(in: settlement, scope) else { throw Problem.forbidden(Right.manageCanvass.rawValue) }
        let faults = address.faults
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let mark = DoNotContact.mark(address, in: settlement, scope.tree, key: try DoNotContact.key(in: db))
        try DoNotContact.add(mark, on: scope.today, in: db)
        // The line says that it was done, and not where in the settlement.
        try Feed.record(
            FeedLine("bar", "do-not-contact", scope.tree.code(of: settlement), unit: settlement), by: actor, at: now, in: db)
    }

    static func settlement(_ unit: String, _ scope: CanvassScope) throws -> UnitNo {
        let found = try UnitScope(scope.actor, in: scope.tree, on: scope.today).find(unit)
        return CanvassScope.settlement(of: found.no, in: scope.tree)
    }

    /// A wish not to be visited is easily granted: who works in a part of the settlement may note it.
    private static func mayBar(in settlement: UnitNo, _ scope: CanvassScope) -> Bool {
        let (actor, tree, today) = (scope.actor, scope.tree, scope.today)
        if actor.holds(.manageCanvass, over: settlement, in: tree, on: today) { return true }
        return actor.grants.contains { grant in
            grant.holds(on: today) && grant.rights.contains(.manageCanvass) && actor.allowed?.contains(.manageCanvass) ?? true
                && tree.isWithin(grant.unit, settlement)
        }
    }
}

/// Takes an address off the do-not-contact list, for one of two reasons. Needs `manageCanvass` over the whole settlement.
struct TakeBackBar: Action {
    let unit: String
    let address: AddressText
    let reason: Reason?

    enum Reason: String, Stored, CaseIterable, Sendable {
        case mistake
        case residentAsked = "resident_asked"
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = try CanvassScope(actor, at: now, in: db)
        let settlement = try BarAddress.settlement(unit, scope)
        try actor.require(.manageCanvass, over: settlement, in: scope.tree, on: scope.today)
        var faults = address.faults
        if reason == nil { faults.append(Problem.Fault("reason", "missing", "'reason' is missing.")) }
        guard faults.isEmpty, let reason else { throw Problem.invalid(faults) }
        let mark = DoNotContact.mark(address, in: settlement, scope.tree, key: try DoNotContact.key(in: db))
        let changed = try db.run(
            """
            UPDATE do_not_contact SET taken_back_day = \(scope.today), reason = \(reason)
            WHERE mark = \(mark) AND taken_back_day IS NULL
            """)
        guard changed > 0 else {
            throw Problem.invalid([
                Problem.Fault(address.landmark.isEmpty ? "house" : "landmark", "not-barred", "This address is not on the list.")
            ])
        }
        try Feed.record(
            FeedLine(
                "take-back", "do-not-contact", scope.tree.code(of: settlement), unit: settlement,
                detail: "reason=\(reason.rawValue)"), by: actor, at: now, in: db)
    }
}
