import JarshyKit
import Storage

/// Copies sent from one unit to another.
struct StockMove: Sendable {
    let id: StockMoveID
    let material: MaterialID
    let sender: UnitNo
    let receiver: UnitNo
    let quantity: Int64
    let sentAt: Instant
    let sentBy: PersonID
    /// What the other side said; nil while the copies are on the way.
    let acknowledged: Acknowledged?

    struct Acknowledged: Sendable {
        let arrived: Int64
        let returned: Int64
        let reason: String
        let at: Instant
        let by: PersonID
    }

    var isOpen: Bool { acknowledged == nil }
}

extension StockMove: Storage.Decodable {
    static let columns: SQL = """
        v.id, v.material, v.sender, v.receiver, v.quantity, v.sent_at, v.sent_by, v.reason, v.arrived, v.returned, v.accepted_at,
            v.accepted_by
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        material = try row.next()
        sender = try row.next()
        receiver = try row.next()
        quantity = try row.next()
        sentAt = try row.next()
        sentBy = try row.next()
        let reason = try row.next(String.self)
        let (arrived, returned) = (try row.next(Int64?.self), try row.next(Int64?.self))
        let (at, by) = (try row.next(Instant?.self), try row.next(PersonID?.self))
        if let arrived, let returned, let at, let by {
            acknowledged = Acknowledged(arrived: arrived, returned: returned, reason: reason, at: at, by: by)
        } else {
            acknowledged = nil
        }
    }
}
