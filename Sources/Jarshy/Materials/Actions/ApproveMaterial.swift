import JarshyKit
import Storage

/// A second person approves a draft: from then on it may be received, moved and handed out, and is never changed again.
///
/// Needs `approveMaterials` over the unit. Refused with every field of the imprint that is still empty, and on a quiet day for
/// anything campaigning: nothing of it is let out then.
struct ApproveMaterial: Action {
    let material: MaterialID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        let material = try scope.material(material, in: db)
        try actor.require(.approveMaterials, over: material.unit, in: scope.tree, on: scope.today)
        guard material.state == .draft else {
            throw Problem.conflict("material-approved", "The material was approved before.")
        }
        guard material.author != actor.person, material.changedBy != actor.person else {
            throw Problem("own-material", status: 403, "Nobody approves what they drew up or changed.")
        }
        let lacks = material.form.lacks
        guard lacks.isEmpty else {
            throw Problem(
                "imprint-missing", status: 422, "The imprint is not whole; without it nothing is published.",
                errors: lacks.map { Problem.Fault($0.rawValue, "imprint-\($0.slug)", "'\($0.rawValue)' is missing.") })
        }
        let campaign = try Campaigns.current(in: db).find(material.campaign)
        if material.isCampaigning, campaign?.isQuiet(on: scope.today) ?? true {
            throw Problem.conflict(
                "quiet-approval", "\(scope.today) is a quiet day: no campaigning material is approved for handing out.",
                slots: ["day": "\(scope.today)"])
        }
        try db.run(
            """
            UPDATE material SET state = \(Material.State.approved), approved_by = \(actor.person), approved_at = \(now),
                changed_at = \(now)
            WHERE id = \(material.id)
            """)
        try Feed.record(FeedLine("approve", "material", material.id, unit: material.unit), by: actor, at: now, in: db)
    }
}

/// Takes an approved material back, for a reason everybody sees. What lies there is counted and written off.
struct WithdrawMaterial: Action {
    let material: MaterialID
    let reason: String

    static let longest = 500

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        let material = try scope.material(material, in: db)
        if !scope.holds(.manageMaterials, over: material.unit) {
            try actor.require(.approveMaterials, over: material.unit, in: scope.tree, on: scope.today)
        }
        guard material.state == .approved else {
            throw Problem.conflict("material-not-approved", "Only what is approved can be withdrawn.")
        }
        let why = reason.trimmingSpaces()
        if why.isEmpty { throw Problem.invalid([Problem.Fault("reason", "missing", "'reason' is missing.")]) }
        if why.utf8.count > Self.longest {
            throw Problem.invalid([
                Problem.Fault(
                    "reason", "too-long", "'reason' is longer than \(Self.longest) bytes.", slots: ["max": "\(Self.longest)"])
            ])
        }
        try db.run(
            """
            UPDATE material SET state = \(Material.State.withdrawn), withdrawn_by = \(actor.person), withdrawn_at = \(now),
                withdrawn_reason = \(why), changed_at = \(now)
            WHERE id = \(material.id)
            """)
        try Feed.record(FeedLine("withdraw", "material", material.id, unit: material.unit), by: actor, at: now, in: db)
    }
}
