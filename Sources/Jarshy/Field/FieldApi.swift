import Crypto
import JarshyKit
import Storage

/// Everything a phone must know to work without network, in one answer of a fixed number of statements.
enum FieldApi {
    private static let mostReports = 50
    /// A person of a village gets every place below; a coordinator of the republic its regions.
    private static let mostUnits = 400

    static func answer(_ visit: Visit, _ parts: [FieldPart]) async throws -> Reply {
        let (actor, today, now) = (try visit.require(), visit.today, visit.now)
        let kept = try await visit.read { db in
            try db.first(Blob.self, "SELECT value FROM secret WHERE name = 'server-token'")?.bytes
        }
        let secret = if let kept { kept } else { try await visit.write { db in try ServerToken.secret(in: db) } }
        let facts = try await visit.read { db in
            let tree = try Tree.current(in: db)
            let campaigns = try Campaigns.current(in: db).all.filter { today <= $0.last.advanced(by: Device.daysAfterCampaign) }
            var members: [Json.Member] = [
                .init("person", person(actor, on: today)),
                .init("campaigns", .list(try campaigns.map { try campaign($0, in: db) })),
                .init("units", .list(units(of: actor, in: tree, on: today))),
                .init("reports", .list(try FieldReports.own(actor.person, most: mostReports, in: tree, db))),
            ]
            for part in parts { members += try part(actor, today, db) }
            return members
        }
        // The tag says what is known, not when it was asked.
        let tag = "\"\(Hex.encoded(Array(SHA256.hash(data: Json.object(facts).canonical()).prefix(12))))\""
        if visit.head["if-none-match"] == tag { return Reply(status: 304, body: .bytes([])).header("etag", tag) }
        let token = ServerToken.make(at: now, person: actor.person, secret: secret)
        let all = facts + [.init("now", .integer(now.milliseconds)), .init("server_token", .text(token))]
        return .json(Json.object(all).canonical()).header("etag", tag).header("cache-control", "private, no-cache")
    }

    /// The rights say which screens the phone shows; what may be done with which unit is judged here.
    private static func person(_ actor: Actor, on day: Day) -> Json {
        let rights = [Right.fileReports, .correctReports, .voidReports, .canvass, .takeQuestions, .useMaterials].filter {
            actor.holdsAnywhere($0, on: day)
        }
        return .object([
            .init("id", .text(actor.person.description)), .init("name", .text(actor.name)),
            .init("language", .text(actor.language.rawValue)),
            .init("rights", .list(rights.map { .text($0.rawValue) })),
        ])
    }

    static func names(_ trio: Trio) -> Json {
        .object([.init("kk", .text(trio.kk)), .init("ru", .text(trio.ru)), .init("en", .text(trio.en))])
    }

    /// `lists`: whether photos of paper with lines on it are taken there.
    private static func campaign(_ campaign: Campaign, in db: any Reading) throws -> Json {
        let quiet: [Day] =
            if let vote = campaign.vote, let from = campaign.quietFrom, from <= vote { Array(from...vote) } else { [] }
        func terms(_ terms: [Campaign.Term]) -> Json {
            .list(terms.map { .object([.init("code", .text($0.code)), .init("names", names($0.names))]) })
        }
        let activities = campaign.activities.map { activity -> Json in
            .object([
                .init("code", .text(activity.code)), .init("names", names(activity.names)),
                .init("channel", .text(activity.channel)), .init("metrics", .list(activity.metrics.map(Json.text))),
                .init("lists", .bool(!EvidencePromise.guardedActivities.contains(activity.code))),
            ])
        }
        let metrics = campaign.metrics.map { metric -> Json in
            .object([
                .init("code", .text(metric.code)), .init("names", names(metric.names)), .init("unit", names(metric.words)),
                .init("about", .text(metric.about.rawValue)), .init("min", .integer(metric.lowest)),
                .init("max", .integer(metric.highest)), .init("at_most", metric.atMost.map(Json.text) ?? .null),
            ])
        }
        let audiences = campaign.audiences.map { audience -> Json in
            .object([
                .init("code", .text(audience.code)), .init("names", names(audience.names)),
                .init("lists", .bool(!EvidencePromise.guardedAudiences.contains(audience.code))),
            ])
        }
        let organizations = try Organization.all(in: db).map { organization -> Json in
            .object([.init("code", .text(organization.code)), .init("names", names(organization.names))])
        }
        return .object([
            .init("code", .text(campaign.code)), .init("names", names(campaign.names)),
            .init("class", .text(campaign.isInformation ? "information" : "campaigning")),
            .init("from", .text(campaign.first.description)), .init("to", .text(campaign.last.description)),
            .init("vote_day", campaign.vote.map { .text($0.description) } ?? .null),
            .init("quiet", .list(quiet.map { .text($0.description) })), .init("zone_offset", .integer(zoneOffset)),
            .init("activities", .list(activities)), .init("audiences", .list(audiences)),
            .init("channels", terms(campaign.channels)), .init("organizations", .list(organizations)),
            .init("metrics", .list(metrics)), .init("sample", .bool(campaign.isSample)),
        ])
    }

    /// Minutes Kazakhstan's clock is ahead of UTC, all year.
    private static let zoneOffset: Int64 = 5 * 60

    /// The units one may report for (`home`), and what lies below them.
    private static func units(of actor: Actor, in tree: Tree, on day: Day) -> [Json] {
        let homes = Set(
            actor.grants.filter { grant in
                grant.holds(on: day) && [Right.fileReports, .canvass, .useMaterials, .takeQuestions].contains { right in
                    grant.rights.contains(right) && actor.allowed?.contains(right) ?? true
                }
            }.map(\.unit)
        ).sorted()
        var (shown, seen): ([UnitNo], Set<UnitNo>) = ([], [])
        for home in homes {
            let below = tree.subtree(of: home)
            for unit in below.count <= mostUnits ? below : [home] + tree.children(of: home) where seen.insert(unit).inserted {
                shown.append(unit)
            }
        }
        return shown.prefix(mostUnits).compactMap { no in
            guard let unit = tree[no], unit.isOpen(on: day) else { return nil }
            return .object([
                .init("code", .text(tree.code(of: no))), .init("kind", .text(unit.kind)), .init("names", names(unit.titles)),
                .init("parent", tree.parent(of: no).map { .text(tree.code(of: $0)) } ?? .null),
                .init("home", .bool(homes.contains(no))),
            ])
        }
    }

    static let note = ApiNote(
        summary: "What a phone must know to work without network: campaigns, places, own reports, and what features add",
        answer: """
            {"type":"object","required":["now","server_token","person","campaigns","units","reports"],"properties":{
            "now":{"type":"integer"},"server_token":{"type":"string"},"person":{"type":"object"},
            "campaigns":{"type":"array","items":{"type":"object"}},"units":{"type":"array","items":{"type":"object"}},
            "reports":{"type":"array","items":{"type":"object"}}}}
            """)
}
