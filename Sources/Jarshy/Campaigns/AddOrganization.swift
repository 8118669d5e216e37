import JarshyKit
import Storage

/// Adds an organisation that sits in the headquarters. Needs `manageOrganizations` over the whole tree.
struct AddOrganization: Action {
    /// What an organisation may be; the words stand under `organization.kind.<code>`.
    static let kinds = [
        "party", "youth_association", "veterans", "trade_union", "legal_aid_fund", "association", "institution",
        "other",
    ]

    let code: String
    let kind: String
    let names: Trio

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> OrganizationNo {
        try CampaignWrites.require(.manageOrganizations, of: actor, at: now, in: db)
        let known = try Organization.all(in: db)
        var faults: [Problem.Fault] = []
        for (field, name) in [("name_kk", names.kk), ("name_ru", names.ru), ("name_en", names.en)] {
            if name.isEmpty { faults.append(Problem.Fault(field, "missing", "\(field) is empty.")) }
            if name.unicodeScalars.count > 200 {
                faults.append(Problem.Fault(field, "too-long", "\(field) is longer than 200.", slots: ["max": "200"]))
            }
        }
        if let wrong = UnitCode.fault(code) {
            faults.append(Problem.Fault("code", "unit-code", "\(wrong).".capitalizedFirst))
        } else if known.contains(where: { $0.code == code }) {
            faults.append(
                Problem.Fault("code", "organization-code-taken", "There is an organisation '\(code)' already."))
        }
        if !Self.kinds.contains(kind) {
            faults.append(Problem.Fault("kind", "not-listed", "There is no kind '\(kind)'."))
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let no = OrganizationNo(try db.value("SELECT coalesce(max(no), 0) + 1 FROM organization"))
        try db.run(
            """
            INSERT INTO organization (no, id, code, kind, name_kk, name_ru, name_en, position)
            VALUES (\(no), \(ID<OrganizationMark>.make(at: now)), \(code), \(kind), \(names.kk), \(names.ru), \(names.en),
                \(no))
            """)
        try Feed.record(FeedLine("add", "organization", code, detail: "kind=\(kind)"), by: actor, at: now, in: db)
        return no
    }
}
