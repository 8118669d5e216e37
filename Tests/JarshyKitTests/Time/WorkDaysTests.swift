import JarshyKit
import Testing

@Suite("Working days of Kazakhstan")
struct WorkDaysTests {
    @Test(
        "terms end on the days worked out by hand",
        arguments: [
            (15, "2025-12-29", "2026-01-22"), (15, "2026-03-05", "2026-04-01"), (15, "2026-03-13", "2026-04-08"),
            (15, "2026-03-19", "2026-04-14"), (15, "2026-04-24", "2026-05-20"), (15, "2026-08-21", "2026-09-11"),
            (15, "2026-10-12", "2026-11-03"), (3, "2026-03-19", "2026-03-27"), (3, "2026-04-24", "2026-04-29"),
            (3, "2026-03-13", "2026-03-18"),
        ])
    func terms(_ count: Int, _ from: String, _ end: String) throws {
        let (from, end) = (try #require(Day(from)), try #require(Day(end)))
        #expect(WorkDays.kazakhstan.day(count, after: from) == end)
        #expect(WorkDays.kazakhstan.count(from: from, to: end) == count)
    }

    @Test("a term of no days ends on the next working day; a passed one has none left")
    func edges() throws {
        let saturday = try #require(Day("2026-11-21"))
        #expect(WorkDays.kazakhstan.day(0, after: saturday) == Day("2026-11-23"))
        #expect(WorkDays.kazakhstan.count(from: saturday, to: saturday) == 0)
        #expect(!WorkDays.kazakhstan.isWorking(try #require(Day("2027-03-15"))))
        #expect(WorkDays.kazakhstan.isWorking(try #require(Day("2026-08-31"))))
    }
}
