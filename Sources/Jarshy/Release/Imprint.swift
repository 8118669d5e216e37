import JarshyKit
import Storage

extension Release {
    /// What must stand on everything an organisation lets out in a campaign. The issuer is the organisation itself and is
    /// never typed.
    struct Imprint: Sendable, Hashable {
        let campaign: CampaignNo
        let organization: OrganizationNo
        let orderer: String
        let payer: String
        /// The person responsible, by name.
        let responsible: String
        /// Where the issuer can be reached.
        let address: String

        struct Key: Hashable, Sendable {
            let campaign: CampaignNo
            let organization: OrganizationNo

            init(_ campaign: CampaignNo, _ organization: OrganizationNo) {
                self.campaign = campaign
                self.organization = organization
            }
        }

        var isWhole: Bool { [orderer, payer, responsible, address].allSatisfy { !$0.isEmpty } }

        static func all(in db: any Reading) throws -> [Key: Imprint] {
            var all: [Key: Imprint] = [:]
            try db.rows("SELECT campaign, organization, orderer, payer, responsible, address FROM imprint") { row in
                let imprint = Imprint(
                    campaign: try row.next(), organization: try row.next(), orderer: try row.next(), payer: try row.next(),
                    responsible: try row.next(), address: try row.next())
                all[Key(imprint.campaign, imprint.organization)] = imprint
                return true
            }
            return all
        }
    }
}

extension Release.Pass {
    /// The imprint as lines for a letter or a page.
    func lines(_ words: Words) -> [String] { imprint.lines(organization, words) }
}

extension Release.Imprint {
    func lines(_ organization: Organization, _ words: Words) -> [String] {
        [
            words("imprint.line.issuer", ["name": organization.names[words.language]]),
            words("imprint.line.orderer", ["name": orderer]), words("imprint.line.payer", ["name": payer]),
            words("imprint.line.responsible", ["name": responsible]), words("imprint.line.address", ["address": address]),
        ]
    }
}

/// Fills in an organisation's imprint for a campaign. Needs `publish` and to belong to the organisation, or
/// `manageOrganizations` over the whole tree.
struct SetImprint: Action {
    let campaign: String
    let organization: String
    let orderer: String
    let payer: String
    let responsible: String
    let address: String

    static let longest = 300

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        guard let organization = try Organization.all(in: db).first(where: { $0.code == self.organization }) else {
            throw Problem.notFound("organization")
        }
        guard Self.may(actor, organization.no, in: try Tree.current(in: db), on: Zone.kazakhstan.day(at: now)) else {
            throw Problem.forbidden(Right.publish.rawValue)
        }
        let texts = [("orderer", orderer), ("payer", payer), ("responsible", responsible), ("address", address)].map {
            ($0.0, Self.cleaned($0.1))
        }
        let faults = texts.compactMap { field, text -> Problem.Fault? in
            if text.isEmpty { return Problem.Fault(field, "missing", "'\(field)' is missing.") }
            return text.unicodeScalars.count > Self.longest
                ? Problem.Fault(field, "too-long", "'\(field)' is too long.", slots: ["max": String(Self.longest)]) : nil
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let (orderer, payer, responsible, address) = (texts[0].1, texts[1].1, texts[2].1, texts[3].1)
        try db.run(
            """
            INSERT INTO imprint (campaign, organization, orderer, payer, responsible, address, set_at, set_by)
            VALUES (\(campaign.no), \(organization.no), \(orderer), \(payer), \(responsible), \(address), \(now),
                \(actor.person))
            ON CONFLICT (campaign, organization) DO UPDATE SET orderer = \(orderer), payer = \(payer),
                responsible = \(responsible), address = \(address), set_at = \(now), set_by = \(actor.person)
            """)
        try Feed.record(
            FeedLine("imprint", "organization", organization.code, detail: "campaign=\(campaign.code)"), by: actor, at: now,
            in: db)
    }

    static func may(_ actor: Actor, _ organization: OrganizationNo, in tree: Tree, on day: Day) -> Bool {
        if let root = tree.root, actor.holds(.manageOrganizations, over: root, in: tree, on: day) { return true }
        return actor.organizations.contains(organization) && actor.holdsAnywhere(.publish, on: day)
    }

    /// One line without controls: an imprint stands in letters and feeds too.
    private static func cleaned(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
            .trimmingSpaces()
    }
}
