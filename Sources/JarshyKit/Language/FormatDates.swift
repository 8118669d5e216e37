/// Dates and times. Year, month (1-12) and day (1-31) are numbers of the Gregorian calendar and must form a real
/// date; hours are 0-23, minutes 0-59. The space before "ж." and "г." is U+00A0.
extension Format {
    /// How much of a date is written.
    public enum DateStyle: Sendable, CaseIterable {
        /// "2026 ж. 20 қараша, жұма" · "пятница, 20 ноября 2026 г." · "Friday, 20 November 2026"
        case full
        /// "2026 ж. 20 қараша" · "20 ноября 2026 г." · "20 November 2026"
        case long
        /// "2026 ж. 20 қар." · "20 нояб. 2026 г." · "20 Nov 2026"
        case medium
        /// "20.11.2026" in every language
        case numeric
        /// "20 қараша" · "20 ноября" · "20 November"
        case dayMonth
        /// "20 қар." · "20 нояб." · "20 Nov"
        case short
    }

    /// A date in the given style.
    public func date(year: Int, month: Int, day: Int, style: DateStyle = .long) -> String {
        switch style {
        case .full:
            let weekday = weekdayName(Self.weekday(year: year, month: month, day: day))
            let date = date(year: year, month: month, day: day, style: .long)
            return language == .kk ? "\(date), \(weekday)" : "\(weekday), \(date)"
        case .long: return withYear(year, "\(day) \(names.monthsInDates[month - 1])")
        case .medium: return withYear(year, "\(day) \(names.monthsShort[month - 1])")
        case .numeric: return "\(padded(day)).\(padded(month)).\(padded(year, 4))"
        case .dayMonth: return "\(day) \(names.monthsInDates[month - 1])"
        case .short: return "\(day) \(names.monthsShort[month - 1])"
        }
    }

    /// "2026 ж. қараша" · "ноябрь 2026 г." · "November 2026"
    public func monthAndYear(year: Int, month: Int) -> String {
        withYear(year, monthName(month))
    }

    /// The month on its own: "қараша", "ноябрь", "November".
    public func monthName(_ month: Int) -> String { names.months[month - 1] }

    /// The month in a short date: "қар.", "нояб.", "Nov".
    public func monthNameShort(_ month: Int) -> String { names.monthsShort[month - 1] }

    /// The weekday, 1 = Monday … 7 = Sunday: "жұма", "пятница", "Friday".
    public func weekdayName(_ weekday: Int) -> String { names.weekdays[weekday - 1] }

    /// The short weekday, 1 = Monday … 7 = Sunday: "жм", "пт", "Fri".
    public func weekdayNameShort(_ weekday: Int) -> String { names.weekdaysShort[weekday - 1] }

    /// "09:05"
    public func time(hour: Int, minute: Int) -> String { "\(padded(hour)):\(padded(minute))" }

    /// ISO weekday of a date, 1 = Monday … 7 = Sunday.
    public static func weekday(year: Int, month: Int, day: Int) -> Int {
        // Counting the year from March puts the leap day last: 153 days make five months.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        // 1 March 2000, the first day of an era, was a Wednesday.
        return (dayOfEra + 2) % 7 + 1
    }

    private func withYear(_ year: Int, _ rest: String) -> String {
        switch language {
        case .kk: "\(year)\u{A0}ж. \(rest)"
        case .ru: "\(rest) \(year)\u{A0}г."
        case .en: "\(rest) \(year)"
        }
    }

    private func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private var names: CalendarNames {
        switch language {
        case .kk: .kk
        case .ru: .ru
        case .en: .en
        }
    }
}

/// The names of months and weekdays of a language; weekdays start with Monday.
private struct CalendarNames {
    let months: [String]
    /// Russian months stand in the genitive after a day.
    let monthsInDates: [String]
    let monthsShort: [String]
    let weekdays: [String]
    let weekdaysShort: [String]

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    static let kk = CalendarNames(
        months: words("қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"),
        monthsInDates: words("қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"),
        monthsShort: words("қаң. ақп. нау. сәу. мам. мау. шіл. там. қыр. қаз. қар. жел."),
        weekdays: words("дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі"),
        weekdaysShort: words("дс сс ср бс жм сб жс"))

    static let ru = CalendarNames(
        months: words("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"),
        monthsInDates: words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
        monthsShort: words("янв. февр. марта апр. мая июня июля авг. сент. окт. нояб. дек."),
        weekdays: words("понедельник вторник среда четверг пятница суббота воскресенье"),
        weekdaysShort: words("пн вт ср чт пт сб вс"))

    static let en = CalendarNames(
        months: words("January February March April May June July August September October November December"),
        monthsInDates: words("January February March April May June July August September October November December"),
        monthsShort: words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
        weekdays: words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        weekdaysShort: words("Mon Tue Wed Thu Fri Sat Sun"))
}
