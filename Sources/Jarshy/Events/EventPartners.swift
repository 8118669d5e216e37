import JarshyKit
import Storage

extension Event {
    /// The units that hold each of these together with its host, in the order of the tree's numbers.
    static func partners(of events: [EventID], in db: any Reading) throws -> [EventID: [UnitNo]] {
        var partners: [EventID: [UnitNo]] = [:]
        for chunk in Padded.chunks(events) {
            try db.rows("SELECT event, unit FROM event_partner WHERE event IN \(chunk) ORDER BY event, unit") { row in
                partners[try row.next(), default: []].append(try row.next())
                return true
            }
        }
        return partners
    }
}
