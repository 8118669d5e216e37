import Testing

@testable import Jarshy

@Suite struct MetricsTests {
    @Test func `counters and histograms come out as Prometheus reads them`() {
        let metrics = Metrics(startedAtSeconds: 5)
        let tally = Tally()
        tally.add(statements: 3)
        tally.add(time: .milliseconds(20))

        metrics.request(method: "GET", route: "/people/{id}", status: 200, seconds: 0.03125, tally: tally)
        metrics.request(method: "GET", route: "/people/{id}", status: 200, seconds: 0.5, tally: Tally())
        metrics.syncOperation(result: "accepted", 2)

        let lines = metrics.text(liveSubscribers: 4).split(separator: "\n").map(String.init)
        #expect(lines.contains("http_requests_total{method=\"GET\",route=\"/people/{id}\",status=\"200\"} 2"))
        #expect(lines.contains("http_request_seconds_bucket{route=\"/people/{id}\",le=\"0.025\"} 0"))
        #expect(lines.contains("http_request_seconds_bucket{route=\"/people/{id}\",le=\"0.05\"} 1"))
        #expect(lines.contains("http_request_seconds_bucket{route=\"/people/{id}\",le=\"+Inf\"} 2"))
        #expect(lines.contains("http_request_seconds_sum{route=\"/people/{id}\"} 0.53125"))
        #expect(lines.contains("db_seconds_count 1"))
        #expect(lines.contains("db_statements_total 3"))
        #expect(lines.contains("sync_operations_total{result=\"accepted\"} 2"))
        #expect(lines.contains("live_subscribers 4"))
        for line in lines where !line.hasPrefix("#") {
            #expect(line.split(separator: " ").last.flatMap { Double($0) } != nil, "\(line)")
        }
    }
}
