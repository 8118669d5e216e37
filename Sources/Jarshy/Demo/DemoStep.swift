import JarshyKit

/// Who does a step: a part in the play, given to a person by `DemoCast`.
enum DemoPart: Hashable, Sendable {
    /// Files for the primary organisations of a district.
    case filer(String)
    /// Checks for a district.
    case secretary(String)
    /// Checks for a region.
    case head(String)
    /// Somebody of `people.tsv`.
    case person(String)
}

/// One operation of the demo: what is sent, by whom, at which moment of the simulated clock.
struct DemoStep: Sendable {
    let at: Instant
    let part: DemoPart
    let body: Json
}

/// A report of the demo, as far as later steps build on it.
struct DemoFiled: Sendable {
    let id: OperationID
    let district: String?
    let region: String
    let at: Instant
    let by: DemoPart
    let activity: String
    let metrics: [(String, Int64)]
}

/// What a report says, before it is an operation.
struct DemoReport: Sendable {
    let unit: String
    let day: Day
    let activity: String
    var audience = "residents"
    var channel = "in_person"
    let metrics: [(String, Int64)]
    var estimated = false
    var organization: String?
    var credits: [(unit: String, organization: String)] = []

    func body(_ id: OperationID, at: Instant) -> Json {
        var members: [Json.Member] = [
            .init("op", .text(id.description)), .init("kind", .text("report.file")),
            .init("at", .integer(at.milliseconds)),
            .init("campaign", .text(DemoCampaign.code)), .init("unit", .text(unit)),
            .init("day", .text(day.description)),
            .init("activity", .text(activity)), .init("audience", .text(audience)), .init("channel", .text(channel)),
            .init("metrics", DemoReport.metrics(metrics)),
        ]
        if estimated { members.append(.init("estimated", .bool(true))) }
        if let organization { members.append(.init("organization", .text(organization))) }
        if !credits.isEmpty {
            members.append(
                .init(
                    "credits",
                    .list(
                        credits.map { credit in
                            .object([
                                .init("unit", .text(credit.unit)), .init("organization", .text(credit.organization)),
                                .init("role", .text("co_host")),
                            ])
                        })))
        }
        return .object(members)
    }

    static func metrics(_ values: [(String, Int64)]) -> Json {
        .object(values.map { Json.Member($0.0, .integer($0.1)) })
    }
}
