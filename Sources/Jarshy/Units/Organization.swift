import JarshyKit
import Storage

/// The organisations of the headquarters, by number; kept like campaigns.
struct Organization: Sendable, Hashable {
    let no: OrganizationNo
    let id: ID<OrganizationMark>
    let code: String
    let kind: String
    let names: Trio

    static func all(in db: any Reading) throws -> [Organization] {
        try db.all("SELECT no, id, code, kind, name_kk, name_ru, name_en FROM organization ORDER BY position") { row in
            Organization(
                no: try row.next(), id: try row.next(), code: try row.next(), kind: try row.next(), names: try Trio(&row))
        }
    }
}
