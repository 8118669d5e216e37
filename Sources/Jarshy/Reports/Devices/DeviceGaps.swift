import JarshyKit
import Storage

/// What the server has of a device, by the device's own numbers.
struct DeviceGaps: Sendable, Equatable {
    /// The highest number that has come; 0 when nothing has.
    var last: Int64 = 0
    /// Numbers below it that have not: on their way in other hands, or lost with the phone.
    var missing: [ClosedRange<Int64>] = []

    var missingCount: Int64 { missing.reduce(0) { $0 + $1.upperBound - $1.lowerBound + 1 } }

    /// `41–43, 47`
    var text: String {
        missing.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
            .joined(separator: ", ")
    }

    /// One statement for any number of devices: only where a number does not follow the one before is a row.
    static func of(_ devices: [DeviceID], in db: any Reading) throws -> [DeviceID: DeviceGaps] {
        var gaps: [DeviceID: DeviceGaps] = [:]
        for chunk in Padded.chunks(devices) {
            let names = chunk.map(\.description)
            try db.rows(
                """
                SELECT device, before, device_n, last FROM (
                    SELECT device, device_n, lag(device_n) OVER (PARTITION BY device ORDER BY device_n) AS before,
                        max(device_n) OVER (PARTITION BY device) AS last
                    FROM (
                        SELECT device, device_n FROM inbox WHERE device IN \(names) AND device_n IS NOT NULL
                        UNION SELECT device, device_n FROM inbox_again WHERE device IN \(names)
                    ) AS told
                ) AS numbered
                WHERE before IS NULL OR device_n > before + 1 ORDER BY device, device_n
                """
            ) { row in
                guard let device = DeviceID(try row.next(String.self)) else { return true }
                let before = try row.next(Int64?.self) ?? 0
                let number = try row.next(Int64.self)
                gaps[device, default: DeviceGaps()].last = try row.next(Int64.self)
                if number > before + 1 { gaps[device, default: DeviceGaps()].missing.append((before + 1)...(number - 1)) }
                return true
            }
        }
        return gaps
    }

    /// Devices whose history does not hold together, with how many operations show it.
    static func forks(_ devices: [DeviceID], in db: any Reading) throws -> [DeviceID: Int64] {
        var forks: [DeviceID: Int64] = [:]
        for chunk in Padded.chunks(devices) {
            try db.rows("SELECT device, count(*) FROM device_fork WHERE device IN \(chunk) GROUP BY device") { row in
                forks[try row.next()] = try row.next(Int64.self)
                return true
            }
        }
        return forks
    }
}
