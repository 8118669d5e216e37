import Foundation
import JarshyKit
import Testing

struct FormatDatesTests {
    @Test func `dates of 20 November 2026`() {
        func all(_ language: Language) -> [String] {
            Format.DateStyle.allCases.map {
                plainSpaces(Format(language).date(year: 2026, month: 11, day: 20, style: $0))
            }
        }
        #expect(
            all(.kk) == [
                "2026 ж. 20 қараша, жұма", "2026 ж. 20 қараша", "2026 ж. 20 қар.", "20.11.2026", "20 қараша", "20 қар.",
            ])
        #expect(
            all(.ru) == [
                "пятница, 20 ноября 2026 г.", "20 ноября 2026 г.", "20 нояб. 2026 г.", "20.11.2026", "20 ноября",
                "20 нояб.",
            ])
        #expect(
            all(.en) == [
                "Friday, 20 November 2026", "20 November 2026", "20 Nov 2026", "20.11.2026", "20 November", "20 Nov",
            ])
    }

    @Test func `pads times and numeric dates`() {
        #expect(Format(.kk).time(hour: 9, minute: 5) == "09:05")
        #expect(Format(.ru).date(year: 2027, month: 2, day: 3, style: .numeric) == "03.02.2027")
        #expect(Format(.ru).monthAndYear(year: 2026, month: 11) == "ноябрь 2026\u{A0}г.")
        #expect(Format(.kk).monthAndYear(year: 2026, month: 11) == "2026\u{A0}ж. қараша")
    }

    /// Every 5th day of 2023…2028 and a few far ones, against Foundation's ICU.
    @Test(arguments: Language.allCases)
    func `dates, names and times agree with CLDR`(language: Language) throws {
        let locale = Locale(identifier: "\(language)_KZ")
        let format = Format(language)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        calendar.locale = locale
        let start = try #require(calendar.date(from: DateComponents(year: 2023, month: 1, day: 1)))
        let base = Date.FormatStyle(locale: locale, calendar: calendar, timeZone: calendar.timeZone)
        let numericStyle = base.day(.twoDigits).month(.twoDigits).year(.defaultDigits)
        let days = Array(stride(from: 0, to: 2190, by: 5)) + [-8000, 10_000, 20_000]
        for day in days {
            let date = start.addingTimeInterval(Double(day * 86_400 + day * 61 % 86_400))
            let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: date)
            let (year, month, dayOfMonth) = (parts.year!, parts.month!, parts.day!)
            let weekday = (parts.weekday! + 5) % 7 + 1
            func agrees(_ ours: String, _ style: Date.FormatStyle, _ place: SourceLocation = #_sourceLocation) {
                #expect(plainSpaces(ours) == plainSpaces(date.formatted(style)), sourceLocation: place)
            }
            func ours(_ style: Format.DateStyle) -> String {
                format.date(year: year, month: month, day: dayOfMonth, style: style)
            }
            #expect(Format.weekday(year: year, month: month, day: dayOfMonth) == weekday)
            agrees(ours(.full), base.weekday(.wide).day().month(.wide).year())
            agrees(ours(.long), base.day().month(.wide).year())
            agrees(ours(.medium), base.day().month(.abbreviated).year())
            // English has slashes in CLDR; dates with points are what people in Kazakhstan write.
            #expect(ours(.numeric) == date.formatted(numericStyle).replacing("/", with: "."))
            agrees(ours(.dayMonth), base.day().month(.wide))
            agrees(ours(.short), base.day().month(.abbreviated))
            agrees(format.monthAndYear(year: year, month: month), base.month(.wide).year())
            // Alone, a Kazakh month has a capital in CLDR; ours stands inside sentences.
            let cldrMonth = date.formatted(base.month(.wide))
            #expect(format.monthName(month) == (language == .kk ? cldrMonth.lowercased() : cldrMonth))
            agrees(format.weekdayName(weekday), base.weekday(.wide))
            // So does a short Russian weekday.
            let cldrWeekday = date.formatted(base.weekday(.abbreviated))
            #expect(format.weekdayNameShort(weekday) == (language == .ru ? cldrWeekday.lowercased() : cldrWeekday))
            let clockStyle = base.hour(.twoDigits(amPM: .omitted)).minute(.twoDigits)
            agrees(format.time(hour: parts.hour!, minute: parts.minute!), clockStyle)
        }
    }
}
