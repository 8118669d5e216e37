import JarshyKit
import Storage

// Typed names of everything features refer to, so that no feature has to import another to mention its things.

enum UnitMark {}
enum OrganizationMark {}
enum PersonMark {}
enum CampaignMark {}
enum CellMark {}
enum PathMark {}
enum ReportMark {}
enum OperationMark {}
enum DeviceMark {}
enum EventMark {}

typealias UnitID = ID<UnitMark>
typealias PersonID = ID<PersonMark>
typealias ReportID = ID<ReportMark>
typealias OperationID = ID<OperationMark>
typealias DeviceID = ID<DeviceMark>
typealias EventID = ID<EventMark>

/// A row's number in hot tables: small, dense, never shown to anyone.
typealias UnitNo = Number<UnitMark>
typealias OrganizationNo = Number<OrganizationMark>
typealias CampaignNo = Number<CampaignMark>
typealias CellNo = Number<CellMark>
typealias PathNo = Number<PathMark>

struct Number<Of>: Hashable, Comparable, Sendable, Bindable, Column, CustomStringConvertible {
    let value: Int64

    init(_ value: Int64) { self.value = value }
    init(at index: Int, of source: any RowSource) throws { value = try source.integer(index) }

    static var sqlType: SQLType { .bigint }
    var bind: Bind { .integer(value) }
    var description: String { String(value) }
    static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

extension UnitNo {
    /// Stands where a unit has no parent: above the root.
    static let none = UnitNo(0)
}

extension OrganizationNo {
    /// A report filed by someone who belongs to no organisation.
    static let none = OrganizationNo(0)
}
