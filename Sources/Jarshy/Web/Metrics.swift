import Synchronization

/// Counters of the process in Prometheus' text format. Labels are few and fixed: route templates, never addresses.
final class Metrics: Sendable {
    private struct Histogram: Sendable {
        var buckets = [Int](repeating: 0, count: Metrics.bounds.count)
        var count = 0
        var sum = 0.0

        mutating func add(_ seconds: Double) {
            count += 1
            sum += seconds
            for (index, bound) in Metrics.bounds.enumerated() where seconds <= bound { buckets[index] += 1 }
        }
    }

    private struct Request: Hashable, Sendable {
        let method: String
        let route: String
        let status: Int
    }

    private struct State: Sendable {
        var requests: [Request: Int] = [:]
        var seconds: [String: Histogram] = [:]
        var database = Histogram()
        var statements = 0
        var operations: [String: Int] = [:]
        var keptPages = 0
        var madePages = 0
    }

    private static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    private let state = Mutex(State())
    private let started: Double

    init(startedAtSeconds: Double) { started = startedAtSeconds }

    func request(method: String, route: String, status: Int, seconds: Double, tally: Tally) {
        let (statements, database) = (tally.statements, tally.seconds)
        state.withLock { state in
            state.requests[Request(method: method, route: route, status: status), default: 0] += 1
            state.seconds[route, default: Histogram()].add(seconds)
            state.statements += statements
            if statements > 0 { state.database.add(database) }
        }
    }

    /// Outcomes of operations sent to the ledger: accepted, refused, mismatch, parked, competing.
    func syncOperation(result: String, _ count: Int = 1) {
        state.withLock { $0.operations[result, default: 0] += count }
    }

    /// A public page shown as it was kept, or rendered anew to be kept.
    func page(isKept: Bool) {
        state.withLock { state in
            if isKept { state.keptPages += 1 } else { state.madePages += 1 }
        }
    }

    /// - Parameters: what is asked of others at the moment of writing.
    func text(liveSubscribers: Int) -> String {
        let state = state.withLock { $0 }
        var out = ""
        func head(_ name: String, _ type: String, _ help: String) {
            out += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }
        head("http_requests_total", "counter", "Requests answered, by route and status.")
        for (key, count) in state.requests.sorted(by: { Metrics.order($0.key, $1.key) }) {
            out +=
                "http_requests_total{method=\"\(key.method)\",route=\"\(key.route)\",status=\"\(key.status)\"} \(count)\n"
        }
        head("http_request_seconds", "histogram", "Time from the head of a request to its answer, by route.")
        for (route, histogram) in state.seconds.sorted(by: { $0.key < $1.key }) {
            out += Metrics.lines("http_request_seconds", "route=\"\(route)\"", histogram)
        }
        head("db_seconds", "histogram", "Time in the database of requests that used it.")
        out += Metrics.lines("db_seconds", "", state.database)
        head("db_statements_total", "counter", "Statements run for requests.")
        out += "db_statements_total \(state.statements)\n"
        head("sync_operations_total", "counter", "Operations of the ledger by their outcome.")
        for (result, count) in state.operations.sorted(by: { $0.key < $1.key }) {
            out += "sync_operations_total{result=\"\(result)\"} \(count)\n"
        }
        head("public_pages_total", "counter", "Public pages shown as they were kept, or made anew.")
        out += "public_pages_total{from=\"kept\"} \(state.keptPages)\npublic_pages_total{from=\"made\"} \(state.madePages)\n"
        head("live_subscribers", "gauge", "Pages that listen for changes.")
        out += "live_subscribers \(liveSubscribers)\n"
        if let bytes = Metrics.residentBytes() {
            head("process_resident_memory_bytes", "gauge", "Memory of the process.")
            out += "process_resident_memory_bytes \(bytes)\n"
        }
        head("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.")
        out += "process_start_time_seconds \(started)\n"
        return out
    }

    private static func order(_ left: Request, _ right: Request) -> Bool {
        (left.route, left.method, left.status) < (right.route, right.method, right.status)
    }

    private static func lines(_ name: String, _ label: String, _ histogram: Histogram) -> String {
        let comma = label.isEmpty ? "" : ","
        let braces = label.isEmpty ? "" : "{\(label)}"
        var out = ""
        for (index, bound) in bounds.enumerated() {
            out += "\(name)_bucket{\(label)\(comma)le=\"\(bound)\"} \(histogram.buckets[index])\n"
        }
        out += "\(name)_bucket{\(label)\(comma)le=\"+Inf\"} \(histogram.count)\n"
        return out + "\(name)_sum\(braces) \(histogram.sum)\n\(name)_count\(braces) \(histogram.count)\n"
    }
}
