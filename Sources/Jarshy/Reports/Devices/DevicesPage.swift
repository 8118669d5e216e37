import JarshyKit
import Storage

/// Phones of the people one manages: when each was last heard of, what of its work has not come, what looks wrong.
enum DevicesPage {
    private static let pageSize = 50

    static func page(_ visit: Visit) async throws -> Reply {
        let (actor, today, now, words) = (try visit.require(), visit.today, visit.now, visit.words)
        let before = DeviceID(visit.query.text("before"))
        let found = try await visit.read { db -> (rows: [(device: Device, owner: String, seen: Instant?)], gaps: [DeviceID: DeviceGaps], forks: [DeviceID: Int64]) in
            let scope = PeopleScope(actor, tree: try Tree.current(in: db), today: today)
            let rows = try Device.list(scope.cover, before: before, limit: pageSize + 1, in: db)
            let ids = rows.map(\.device.id)
            return (rows, try DeviceGaps.of(ids, in: db), try DeviceGaps.forks(ids, in: db))
        }
        let shown = found.rows.prefix(pageSize)
        let model = DevicesModel(
            heading: words("devices.title"),
            rows: shown.map { row in
                let gaps = found.gaps[row.device.id] ?? DeviceGaps()
                let forks = found.forks[row.device.id] ?? 0
                return DeviceRow(
                    deviceName: row.device.name, owner: row.owner, personURL: "/people/\(row.device.person)",
                    lastSeen: row.seen.map { words.moment($0, now: now) } ?? words("no_data"),
                    received: words("devices.received", ["n": words.format.number(Int(gaps.last - gaps.missingCount))]),
                    lacks: !gaps.missing.isEmpty,
                    missing: words(
                        "devices.missing", ["n": words.format.number(Int(gaps.missingCount)), "numbers": gaps.text]),
                    isForked: forks > 0, forked: words("devices.forked"),
                    mark: StateMark(row.device.ended == nil ? "open" : "closed", words: words),
                    canEnd: row.device.ended == nil, endAction: "/devices/\(row.device.id)/end")
            },
            pagination: Pagination(
                summary: words("devices.count", ["n": words.format.number(shown.count)]),
                previous: before == nil ? nil : "/devices",
                next: found.rows.count > pageSize ? shown.last.map { "/devices?before=\($0.device.id)" } : nil),
            isEmpty: shown.isEmpty, empty: EmptyState(words("devices.empty"), next: words("devices.empty.next")))
        return .page("devices", model, PageHead(words("devices.title"), section: "people"))
    }
}

struct DevicesModel: PageModel {
    let heading: String
    let rows: [DeviceRow]
    let pagination: Pagination
    let isEmpty: Bool
    let empty: EmptyState
}

struct DeviceRow: PageModel {
    let deviceName: String
    let owner: String
    let personURL: String
    let lastSeen: String
    let received: String
    let lacks: Bool
    let missing: String
    let isForked: Bool
    let forked: String
    let mark: StateMark
    let canEnd: Bool
    let endAction: String
}
