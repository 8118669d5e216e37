import JarshyKit
import Storage

/// What somebody says of an event, before it is judged.
struct EventInput: Sendable {
    var campaign: String
    var unit: String
    /// "": the unit's own, else the author's first.
    var organization = ""
    var kind: Event.Kind
    /// "": the campaign's own name for the kind.
    var activity = ""
    /// "": the campaign's first, or its work collectives for a visit to one.
    var audience = ""
    var topic = ""
    var language: Language = .kk
    var title = ""
    var form: Event.Form = .inPerson
    /// Code of the settlement or district; "": the one the unit stands in.
    var territory = ""
    var place: PlaceInput?
    var link = ""
    var day: Day
    /// Minutes since local midnight.
    var minute: Int
    var minutes: Int64 = 60
    var isPublic = true
    var isCampaigning = false
    /// Codes of units that hold it together with the host.
    var partners: [String] = []

    static let longestTitle = 200
    static let longestMinutes: Int64 = 4320

    var start: Instant { Zone.kazakhstan.instant(day, minute: minute) }
    var end: Instant { start.advanced(seconds: minutes * 60) }
}

/// The same, judged and resolved.
struct EventFacts: Sendable {
    let campaign: Campaign
    let unit: Unit
    let organization: OrganizationNo
    let activity: String
    let audience: String
    let topic: String?
    let title: String
    let link: String
    let territory: UnitNo
    let partners: [UnitNo]

    /// The code by which campaigns name visits to work collectives: no name of a workplace below the district.
    static let collective = "work_collective"

    /// - Throws: 404 for a campaign or a unit out of sight, 403 without the right, 422 with every fault.
    init(_ input: EventInput, scope: EventScope, in db: any Reading) throws {
        let (tree, actor) = (scope.tree, scope.actor)
        guard let campaign = try Campaigns.current(in: db).find(input.campaign) else { throw Problem.notFound("campaign") }
        guard let unit = tree.find(input.unit), actor.mayKnow(unit.no, in: tree, on: scope.today) else {
            throw Problem.notFound("unit")
        }
        try actor.require(.manageEvents, over: unit.no, in: tree, on: scope.today)
        var faults = input.place?.faults() ?? []
        self.campaign = campaign
        self.unit = unit
        activity = Self.activity(input, campaign, &faults)
        audience = Self.audience(input, campaign, &faults)
        topic = input.topic.isEmpty ? nil : input.topic
        title = cleanedTyping(input.title)
        link = input.link
        organization = try Self.organization(input.organization, unit, actor, &faults, in: db)
        territory = Self.territory(input, unit.no, tree, &faults)
        partners = Self.partners(input.partners, host: unit.no, tree, &faults)
        if let topic, try db.first("SELECT 1 FROM topic WHERE campaign = \(campaign.no) AND code = \(topic)", { _ in true }) == nil {
            faults.append(.unknown("topic", topic))
        }
        faults += Self.times(input, campaign) + words(input)
        if input.isCampaigning, input.place?.isSchool == true {
            faults.append(Problem.Fault("school", "campaigning-school", "Nothing campaigning is held where children learn."))
        }
        if audience == Self.collective || input.kind == .collective {
            if input.place != nil {
                faults.append(Problem.Fault("place_name", "no-workplace", "A workplace is not named: leave the place empty."))
            }
            if tree[territory].flatMap({ tree.kinds[$0.kind]?.districtLevel }) != true {
                faults.append(Problem.Fault("territory", "district-only", "For a work collective the place is a district or a city."))
            }
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
    }

    private static func activity(_ input: EventInput, _ campaign: Campaign, _ faults: inout [Problem.Fault]) -> String {
        if !input.activity.isEmpty {
            if campaign.activity(input.activity) == nil { faults.append(.unknown("activity", input.activity)) }
            return input.activity
        }
        if let named = input.kind.activities.first(where: { campaign.activity($0) != nil }) { return named }
        faults.append(Problem.Fault("kind", "no-activity", "The campaign has no activity for '\(input.kind.rawValue)'."))
        return ""
    }

    private static func audience(_ input: EventInput, _ campaign: Campaign, _ faults: inout [Problem.Fault]) -> String {
        if input.kind == .collective, campaign.audience(collective) != nil { return collective }
        if input.audience.isEmpty { return campaign.audiences.first?.code ?? "" }
        if campaign.audience(input.audience) == nil { faults.append(.unknown("audience", input.audience)) }
        return input.audience
    }

    private static func organization(
        _ code: String, _ unit: Unit, _ actor: Actor, _ faults: inout [Problem.Fault], in db: any Reading
    ) throws -> OrganizationNo {
        if code.isEmpty { return unit.organization ?? actor.organizations.first ?? .none }
        if let found = try Organization.all(in: db).first(where: { $0.code == code }) { return found.no }
        faults.append(.unknown("organization", code))
        return .none
    }

    private static func territory(
        _ input: EventInput, _ unit: UnitNo, _ tree: Tree, _ faults: inout [Problem.Fault]
    ) -> UnitNo {
        func isTerritory(_ no: UnitNo) -> Bool { tree[no].flatMap { tree.kinds[$0.kind]?.territory } ?? false }
        let chain = tree.chain(of: unit)
        if input.territory.isEmpty {
            if input.kind == .collective, let district = tree.districtLevel(on: chain) { return district }
            return chain.first(where: isTerritory) ?? unit
        }
        if let found = try? tree.place(input.territory) { return found }
        faults.append(.unknown("territory", input.territory))
        return unit
    }

    private static func partners(
        _ codes: [String], host: UnitNo, _ tree: Tree, _ faults: inout [Problem.Fault]
    ) -> [UnitNo] {
        var found: Set<UnitNo> = []
        for code in codes {
            guard let unit = tree.find(code) else {
                faults.append(.unknown("partners", code))
                continue
            }
            if unit.no == host {
                faults.append(Problem.Fault("partners", "partner-host", "The host is no partner of itself."))
            }
            found.insert(unit.no)
        }
        return found.sorted()
    }

    private static func times(_ input: EventInput, _ campaign: Campaign) -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if !(campaign.first...campaign.last).contains(input.day) {
            faults.append(
                Problem.Fault(
                    "day", "day-outside-campaign", "The day is outside the campaign (\(campaign.first) to \(campaign.last)).",
                    slots: ["first": campaign.first.description, "last": campaign.last.description]))
        }
        if !(0..<1440).contains(input.minute) { faults.append(Problem.Fault("time", "not-time", "The time is 00:00 to 23:59.")) }
        if !(15...EventInput.longestMinutes).contains(input.minutes) {
            faults.append(.bounds("minutes", 15, EventInput.longestMinutes))
        }
        return faults
    }

    private func words(_ input: EventInput) -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if title.unicodeScalars.count > EventInput.longestTitle || title.contains("\n") {
            faults.append(
                Problem.Fault(
                    "title", "too-long", "A title is one line of at most \(EventInput.longestTitle) characters.",
                    slots: ["max": "\(EventInput.longestTitle)"]))
        }
        if input.form == .online, input.place != nil {
            faults.append(Problem.Fault("place_name", "online-place", "An online event has no room."))
        }
        if !link.isEmpty, !Self.isWebAddress(link) {
            faults.append(Problem.Fault("link", "not-web", "A link begins with https:// and has no spaces."))
        }
        if input.form != .inPerson, link.isEmpty {
            faults.append(Problem.Fault("link", "missing", "Say where it is seen online."))
        }
        return faults
    }

    static func isWebAddress(_ text: String) -> Bool {
        text.utf8.count <= 500 && (text.hasPrefix("https://") || text.hasPrefix("http://"))
            && text.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "<") }
            && text.split(separator: "/", omittingEmptySubsequences: false).count > 2
            && text.split(separator: "/").count > 1
    }
}
