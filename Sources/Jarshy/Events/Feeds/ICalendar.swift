import JarshyKit

/// A calendar as text/calendar (RFC 5545): lines of at most 75 bytes, ends of CR LF, values escaped.
struct ICalendar: Sendable {
    struct Item: Sendable {
        let uid: String
        let sequence: Int64
        let changed: Instant
        let start: Instant
        let end: Instant
        let status: Status
        let summary: String
        let description: String
        let location: String
        let url: String
        let categories: [String]
    }

    enum Status: String, Sendable {
        case tentative = "TENTATIVE", confirmed = "CONFIRMED", cancelled = "CANCELLED"
    }

    let name: String
    let items: [Item]

    var bytes: [UInt8] {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Jarshy//Events 1//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
            "X-WR-CALNAME:" + Self.escaped(name), "X-WR-TIMEZONE:Asia/Almaty", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
        ]
        lines += Self.zone
        for item in items { lines += Self.lines(of: item) }
        lines.append("END:VCALENDAR")
        return lines.flatMap { Array(Self.folded($0).utf8) + [13, 10] }
    }

    /// Kazakhstan keeps one time without summer time, UTC+5 since 1 March 2024; before that most of it kept UTC+6.
    private static let zone = [
        "BEGIN:VTIMEZONE", "TZID:Asia/Almaty",
        "BEGIN:STANDARD", "DTSTART:20041031T000000", "TZOFFSETFROM:+0600", "TZOFFSETTO:+0600", "TZNAME:+06", "END:STANDARD",
        "BEGIN:STANDARD", "DTSTART:20240301T000000", "TZOFFSETFROM:+0600", "TZOFFSETTO:+0500", "TZNAME:+05", "END:STANDARD",
        "END:VTIMEZONE",
    ]

    private static func lines(of item: Item) -> [String] {
        var lines = [
            "BEGIN:VEVENT", "UID:" + item.uid, "SEQUENCE:\(item.sequence)", "DTSTAMP:" + utc(item.changed),
            "LAST-MODIFIED:" + utc(item.changed), "DTSTART;TZID=Asia/Almaty:" + local(item.start),
            "DTEND;TZID=Asia/Almaty:" + local(item.end), "STATUS:" + item.status.rawValue,
            "SUMMARY:" + escaped(item.summary),
        ]
        if !item.description.isEmpty { lines.append("DESCRIPTION:" + escaped(item.description)) }
        if !item.location.isEmpty { lines.append("LOCATION:" + escaped(item.location)) }
        if !item.url.isEmpty { lines.append("URL:" + item.url) }
        if !item.categories.isEmpty { lines.append("CATEGORIES:" + item.categories.map(escaped).joined(separator: ",")) }
        if item.status == .cancelled { lines.append("TRANSP:TRANSPARENT") }
        return lines + ["END:VEVENT"]
    }

    /// TEXT (3.3.11): backslash, semicolon and comma escaped, line ends as `\n`; other controls have no place in it.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case ";": out += "\\;"
            case ",": out += "\\,"
            case "\n": out += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: continue
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// Folded (3.1) at 75 bytes, never inside a character.
    static func folded(_ line: String) -> String {
        var out = ""
        var width = 0
        for scalar in line.unicodeScalars {
            let size = scalar.utf8.count
            if width + size > 75 {
                out += "\r\n "
                width = 1
            }
            out.unicodeScalars.append(scalar)
            width += size
        }
        return out
    }

    static func local(_ moment: Instant) -> String {
        let minute = Zone.kazakhstan.minuteOfDay(at: moment)
        return stamp(Zone.kazakhstan.day(at: moment), minute / 60, minute % 60, 0)
    }

    static func utc(_ moment: Instant) -> String {
        let seconds = Int(moment.milliseconds / 1000)
        return stamp(Day(number: Int32(seconds / 86_400)), seconds / 3600 % 24, seconds / 60 % 60, seconds % 60) + "Z"
    }

    private static func stamp(_ day: Day, _ hour: Int, _ minute: Int, _ second: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return day.description.replacing("-", with: "") + "T" + two(hour) + two(minute) + two(second)
    }
}
