import JarshyKit

// Days and moments in the reader's language, by Kazakhstan's clock.

extension Words {
    func day(_ day: Day, _ style: Format.DateStyle = .medium) -> String {
        let parts = day.parts
        return format.date(year: parts.year, month: parts.month, day: parts.day, style: style)
    }

    /// "14:05"
    func time(_ moment: Instant) -> String {
        let minute = Zone.kazakhstan.minuteOfDay(at: moment)
        return format.time(hour: minute / 60, minute: minute % 60)
    }

    /// "Today, 14:05", "Yesterday, 09:00", else the day and the time.
    func moment(_ moment: Instant, now: Instant) -> String {
        let (day, today) = (Zone.kazakhstan.day(at: moment), Zone.kazakhstan.day(at: now))
        if day == today { return self("time.today", ["time": time(moment)]) }
        if day.advanced(by: 1) == today { return self("time.yesterday", ["time": time(moment)]) }
        return self.day(day) + ", " + time(moment)
    }

    /// "from 1 Nov 2026" or "1 Nov 2026 – 5 Nov 2026"
    func span(_ from: Day, _ to: Day?) -> String {
        guard let to else { return self("time.since", ["day": day(from)]) }
        return self("time.span", ["from": day(from), "to": day(to)])
    }
}
