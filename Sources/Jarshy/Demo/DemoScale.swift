/// How much the demo makes.
enum DemoScale: String, CaseIterable, Sendable {
    /// A few seconds: two primary organisations in every district.
    case small
    /// 3,500 primary organisations.
    case country

    var primaries: Int { self == .small ? 2 * 228 : 3500 }
    /// Of these so many hold meetings.
    var active: Int { self == .small ? 400 : 3000 }
    /// Meetings held by primary organisations, and attendances at all of them.
    var meetings: Int { self == .small ? 1500 : 12_000 }
    var attendances: Int64 { self == .small ? 52_500 : 420_000 }
    /// What a city group adds: 175 events with a little over ten thousand attendances.
    static let groupEvents = 175
    static let groupAttendances: Int64 = 10_140
}
