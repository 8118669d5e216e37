import JarshyKit
import Storage

/// A row of a list with the address and what is known of it in the round.
struct CanvassDoor: Sendable {
    let row: Int64
    let id: AddressID
    let address: AddressText
    let visits: Int64
    /// Read together with the do-not-contact list.
    let state: DoorState
}

/// Every SELECT of door rounds.
enum CanvassRows {
    static func round(_ id: RoundID, in db: any Reading) throws -> CanvassRound? {
        try db.first(CanvassRound.self, where: "FROM canvass_round r WHERE r.id = \(id)")
    }

    static func list(_ id: CanvassListID, in db: any Reading) throws -> CanvassList? {
        try db.first(CanvassList.self, where: "FROM canvass_list l WHERE l.id = \(id)")
    }

    /// The doors of these lists in the order of their rows.
    static func doors(of lists: [CanvassList], in db: any Reading) throws -> [CanvassListID: [CanvassDoor]] {
        var doors: [CanvassListID: [CanvassDoor]] = [:]
        for chunk in Padded.chunks(lists.map(\.id)) {
            try db.rows(
                """
                SELECT d.list, d.row_no, d.address, a.street, a.house, a.flat, a.landmark, d.visits, p.state,
                    \(DoNotContact.holds)
                FROM canvass_door d JOIN canvass_list l ON l.id = d.list JOIN canvass_address a ON a.id = d.address
                    JOIN canvass_place p ON p.round = l.round AND p.address = d.address
                WHERE d.list IN \(chunk) ORDER BY d.list, d.row_no
                """
            ) { row in
                let list = try row.next(CanvassListID.self)
                let (number, id) = (try row.next(Int64.self), try row.next(AddressID.self))
                let address = try AddressText(&row)
                let visits = try row.next(Int64.self)
                let (state, isBarred) = (try row.next(DoorState.self), try row.next(Bool.self))
                doors[list, default: []].append(
                    CanvassDoor(
                        row: number, id: id, address: address, visits: visits, state: isBarred ? .doNotVisit : state))
                return true
            }
        }
        return doors
    }
}

extension AddressText {
    /// Reads street, house, flat, landmark.
    init(_ row: inout Row) throws {
        let (street, house) = (try row.next(String.self), try row.next(String.self))
        let (flat, landmark) = (try row.next(String.self), try row.next(String.self))
        self = landmark.isEmpty ? AddressText(street: street, house: house, flat: flat) : AddressText(landmark: landmark)
    }
}
