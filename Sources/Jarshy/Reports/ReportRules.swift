import JarshyKit
import Storage

/// What makes a report impossible, as opposed to unusual. A true figure, however small or large, is never refused by anything
/// but its metric's hard bounds.
enum ReportRules {
    static func check(day: Day, unit: Unit, campaign: Campaign, today: Day) throws {
        if day < campaign.first || day > campaign.last {
            throw Problem(
                "day-outside-campaign", status: 422,
                "The day \(day) is outside the campaign (\(campaign.first) to \(campaign.last)).",
                slots: ["day": "\(day)", "first": "\(campaign.first)", "last": "\(campaign.last)"],
                errors: [Problem.Fault("day", "day-outside-campaign", "Choose a day from \(campaign.first) to \(campaign.last).")])
        }
        if day > today.advanced(by: 1) {
            throw Problem(
                "day-ahead", status: 422, "The day \(day) has not come yet (today is \(today)).",
                slots: ["day": "\(day)", "today": "\(today)"],
                errors: [Problem.Fault("day", "day-ahead", "Choose a day not after \(today.advanced(by: 1)).")])
        }
        guard unit.isOpen(on: day) else {
            throw Problem(
                "unit-closed", status: 422, "The unit was not working on \(day).", slots: ["day": "\(day)"],
                errors: [Problem.Fault("unit", "unit-closed", "The unit was not working on \(day).")])
        }
    }

    static func check(activity: String, audience: String, channel: String, campaign: Campaign) throws {
        var faults: [Problem.Fault] = []
        if campaign.activity(activity) == nil { faults.append(.unknown("activity", activity)) }
        if campaign.audience(audience) == nil { faults.append(.unknown("audience", audience)) }
        if campaign.channel(channel) == nil { faults.append(.unknown("channel", channel)) }
        if !faults.isEmpty { throw Problem.invalid(faults) }
    }

    /// The values as a vector, within the hard bounds of their metrics; all faults at once.
    static func figures(_ values: [MetricValue], campaign: Campaign) throws -> Figures {
        var figures = Figures()
        var faults: [Problem.Fault] = []
        for item in values {
            guard let metric = campaign.metric(item.code) else {
                faults.append(.unknown("metrics.\(item.code)", item.code))
                continue
            }
            if item.value < metric.lowest || item.value > metric.highest {
                faults.append(
                    Problem.Fault(
                        "metrics.\(item.code)", "out-of-bounds",
                        "'\(item.code)' must be from \(metric.lowest) to \(metric.highest), not \(item.value).",
                        slots: ["lowest": "\(metric.lowest)", "highest": "\(metric.highest)", "value": "\(item.value)"]))
                continue
            }
            figures[metric.slot] = item.value
        }
        for item in values {
            guard let metric = campaign.metric(item.code), let limit = metric.atMost.flatMap({ campaign.metric($0) }) else {
                continue
            }
            guard let most = figures[limit.slot] else {
                // Left out, the other number would let any value through. One that was told and refused is told once.
                if item.value > 0, figures[metric.slot] != nil, !values.contains(where: { $0.code == limit.code }) {
                    faults.append(
                        Problem.Fault(
                            "metrics.\(item.code)", "needs-other", "'\(item.code)' cannot be told without '\(limit.code)'.",
                            slots: ["other": limit.code]))
                }
                continue
            }
            guard item.value > most else { continue }
            faults.append(
                Problem.Fault(
                    "metrics.\(item.code)", "more-than-other", "'\(item.code)' cannot be more than '\(limit.code)' (\(most)).",
                    slots: ["other": limit.code, "most": "\(most)"]))
        }
        if figures.isEmpty, faults.isEmpty {
            faults.append(Problem.Fault("metrics", "nothing-told", "At least one number is wanted; 0 events when nothing was held."))
        }
        if !faults.isEmpty { throw Problem.invalid(Array(faults.prefix(Members.mostFaults))) }
        return figures
    }

    static func isLate(day: Day, campaign: Campaign, today: Day) -> Bool {
        today > day.advanced(by: Campaign.daysOnTime) || today > campaign.last
    }
}

extension Problem {
    /// 404 that names the field a program sent.
    static func notFound(_ what: String, at fault: Fault) -> Problem {
        let plain = notFound(what)
        return Problem(plain.slug, status: plain.status, plain.detail, slots: plain.slots, errors: [fault])
    }
}

extension Problem.Fault {
    static func bounds(_ field: String, _ lowest: Int64, _ highest: Int64) -> Problem.Fault {
        Problem.Fault(
            field, "out-of-bounds", "'\(field)' must be within \(lowest) – \(highest).",
            slots: ["min": String(lowest), "max": String(highest)])
    }

    static func unknown(_ field: String, _ code: String) -> Problem.Fault {
        Problem.Fault(field, "unknown", "There is no '\(code.prefix(60))'.", slots: ["code": String(code.prefix(60))])
    }
}

extension Tree {
    /// A place is territory: a settlement, a district, a city. A team is none.
    func place(_ code: String) throws -> UnitNo {
        guard let unit = find(code), kinds[unit.kind]?.territory == true || kinds[unit.kind]?.settlement == true else {
            throw Problem.invalid([.unknown("place", code)])
        }
        return unit.no
    }
}
