import JarshyKit
import Storage

/// A phone that signs.
struct Device: Sendable {
    let id: DeviceID
    let person: PersonID
    let name: String
    /// The uncompressed point of P-256: 65 bytes.
    let publicKey: [UInt8]
    let created: Instant
    let ended: Instant?

    static let pointBytes = 65
    static let longestName = 80
    /// After the campaign's last day: what is still on the phone must find its way.
    static let daysAfterCampaign = 30

    private static let select: SQL = """
        SELECT d.id, d.person, d.name, d.public_key, d.created_at, t.revoked_at FROM device d JOIN api_token t ON t.id = d.token
        """

    private init(_ row: inout Row) throws {
        id = try row.next()
        person = try row.next()
        name = try row.next()
        publicKey = try row.next(Blob.self).bytes
        created = try row.next()
        ended = try row.next(Instant?.self)
    }

    static func find(_ ids: Set<DeviceID>, in db: any Reading) throws -> [DeviceID: Device] {
        var found: [DeviceID: Device] = [:]
        for chunk in Padded.chunks(ids.sorted()) {
            for device in try db.all("\(select) WHERE d.id IN \(chunk)", { row in try Device(&row) }) { found[device.id] = device }
        }
        return found
    }

    /// Those of the people within `cover`, newest first, from the one before `before` on.
    static func list(
        _ cover: PeopleScope.Cover, before: DeviceID?, limit: Int, in db: any Reading
    ) throws -> [(device: Device, owner: String, seen: Instant?)] {
        var sql: SQL = """
            SELECT d.id, d.person, d.name, d.public_key, d.created_at, t.revoked_at, p.name, t.used_at
            FROM device d JOIN api_token t ON t.id = d.token JOIN person p ON p.id = d.person
            LEFT JOIN account a ON a.person = p.id WHERE \(PersonRows.condition(cover, PersonRows.Filter()))
            """
        if let before { sql += " AND d.id < \(before)" }
        sql += " ORDER BY d.id DESC LIMIT \(limit)"
        return try db.all(sql) { row in
            (device: try Device(&row), owner: try row.next(String.self), seen: try row.next(Instant?.self))
        }
    }
}

/// Registers a phone of one's own. Its actor has just shown name and password.
struct AddDevice: Action {
    let name: String
    let publicKey: [UInt8]

    struct Credential: Sendable {
        let device: DeviceID
        let token: String
        let expires: Instant
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Credential {
        let today = Zone.kazakhstan.day(at: now)
        let last = try Campaigns.current(in: db).all.map(\.last).filter { $0 >= today }.max() ?? today
        let expires = Zone.kazakhstan.instant(last.advanced(by: Device.daysAfterCampaign + 1))
        let (device, token) = (DeviceID.make(at: now), ID<TokenMark>.make(at: now))
        let secret = try TokenRows.add(
            actor.person, id: token, name: name, scope: .sync, expires: expires, by: actor, at: now, in: db)
        try db.run(
            """
            INSERT INTO device (id, person, name, public_key, token, created_at)
            VALUES (\(device), \(actor.person), \(name), \(Blob(publicKey)), \(token), \(now))
            """)
        try Feed.record(FeedLine("add-device", "device", device), by: actor, at: now, in: db)
        return Credential(device: device, token: secret, expires: expires)
    }
}

/// Ends a device: its owner's deed, or that of whoever manages the owner. What it has sealed before still counts.
struct EndDevice: Action {
    let device: DeviceID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        guard let device = try Device.find([device], in: db)[device] else { throw Problem.notFound("device") }
        if device.person != actor.person {
            let scope = PeopleScope(actor, tree: try Tree.current(in: db), today: Zone.kazakhstan.day(at: now))
            let (_, roles) = try scope.find(device.person, in: db)
            try scope.requirePower(over: device.person, holding: roles, in: db)
        }
        guard device.ended == nil else { return }
        try db.run(
            """
            UPDATE api_token SET revoked_at = \(now)
            WHERE id = (SELECT token FROM device WHERE id = \(device.id)) AND revoked_at IS NULL
            """)
        try Feed.record(FeedLine("end-device", "device", device.id), by: actor, at: now, in: db)
    }
}
