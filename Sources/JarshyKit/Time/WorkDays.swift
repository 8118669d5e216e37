/// Working days of the five-day week, as dated rules: which holidays there are in a year, and which of them give the next
/// working day when they fall on a weekend.
///
/// Terms count from the day after: with three working days a question of Thursday is due on Tuesday.
public struct WorkDays: Sendable {
    struct Holiday: Sendable {
        let month: Int
        let day: Int
        /// On a weekend, the next working day is free instead.
        let shifts: Bool
        /// Years in which it is kept, both included.
        let from: Int
        let to: Int
    }

    let holidays: [Holiday]
    /// Single days off that no rule gives: those of the lunar calendar, those the Government moved.
    let offDays: Set<Day>

    /// Labour Code and Law on holidays as published for 2026: 30 August is no holiday since 2026, 15 March is one from
    /// 2027; Christmas and Kurban Ait are days off that are not shifted. The day of Kurban Ait is set anew each year.
    public static let kazakhstan = WorkDays(
        holidays: [
            Holiday(1, 1), Holiday(1, 2), Holiday(1, 7, shifts: false), Holiday(3, 8), Holiday(3, 15, from: 2027),
            Holiday(3, 21), Holiday(3, 22), Holiday(3, 23), Holiday(5, 1), Holiday(5, 7), Holiday(5, 9),
            Holiday(7, 6), Holiday(8, 30, to: 2025), Holiday(10, 25, from: 2022), Holiday(12, 16),
        ],
        offDays: Set(["2025-06-06", "2026-05-27"].compactMap { Day($0) }))

    public func isWorking(_ day: Day) -> Bool {
        if isWeekend(day) || offDays.contains(day) || isHoliday(day) { return false }
        return !shifted(around: day).contains(day)
    }

    /// The day on which a term of so many working days ends; `count` 0 is the first working day from `day` on.
    public func day(_ count: Int, after day: Day) -> Day {
        var at = day
        var left = count
        while left > 0 {
            at = at.advanced(by: 1)
            if isWorking(at) { left -= 1 }
        }
        while !isWorking(at) { at = at.advanced(by: 1) }
        return at
    }

    /// Working days after `day` up to and including `end`; 0 when it has passed.
    public func count(from day: Day, to end: Day) -> Int {
        guard day < end else { return 0 }
        return (day.number + 1...end.number).count { isWorking(Day(number: $0)) }
    }

    private func isWeekend(_ day: Day) -> Bool { day.weekday >= 6 }

    private func isHoliday(_ day: Day) -> Bool { holiday(day) != nil }

    private func holiday(_ day: Day) -> Holiday? {
        let parts = day.parts
        return holidays.first {
            $0.month == parts.month && $0.day == parts.day && $0.from <= parts.year && parts.year <= $0.to
        }
    }

    /// Days off in place of holidays that fell on a weekend in the ten days before.
    private func shifted(around day: Day) -> Set<Day> {
        var taken: Set<Day> = []
        for number in (day.number - 10)...day.number {
            let held = Day(number: number)
            guard isWeekend(held), let holiday = holiday(held), holiday.shifts else { continue }
            var instead = held.advanced(by: 1)
            while isWeekend(instead) || isHoliday(instead) || offDays.contains(instead) || taken.contains(instead) {
                instead = instead.advanced(by: 1)
            }
            taken.insert(instead)
        }
        return taken
    }
}

extension WorkDays.Holiday {
    init(_ month: Int, _ day: Int, shifts: Bool = true, from: Int = 1, to: Int = 9999) {
        self.init(month: month, day: day, shifts: shifts, from: from, to: to)
    }
}
