import Crypto
import JarshyKit

/// The id of the operation that tells of a visit: the first 16 bytes of HMAC-SHA256 under the list's secret over
/// `<list>:<row>:<attempt>`, as a UUID of version 8.
///
/// Phone, server and whoever enters the paper work it out alone and come to the same, so one visit told twice is one
/// operation. Without the secret it tells nothing of the door.
enum VisitID {
    static let attempts: ClosedRange<Int64> = 1...3

    static func make(list: CanvassListID, row: Int64, attempt: Int64, secret: [UInt8]) -> OperationID {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(list):\(row):\(attempt)".utf8), using: SymmetricKey(data: secret))
        // 32 bytes are always enough for an id.
        return OperationID(version8: Array(code)) ?? OperationID(high: 0, low: 0)
    }

    /// The bit of an attempt in `canvass_door.visits`.
    static func bit(_ attempt: Int64) -> Int64 { 1 << (attempt - 1) }

    /// The highest attempt known; the next one is one more. Not the number of bits: a second attempt may arrive first.
    static func last(of visits: Int64) -> Int64 { attempts.last { visits & bit($0) != 0 } ?? 0 }
}
