import JarshyKit

/// What kind of fact a question asks for and a passage tells: of two passages that say the same words, the one with an hour
/// in it answers «когда», the one with a number «қанша». A hint is kept in the index like a word.
enum SearchHint: Int, CaseIterable, Sendable, Hashable {
    case time
    case amount
    /// Where to go and how it is done.
    case way
    /// Whether something is allowed.
    case leave

    /// Under which the index keeps it.
    var term: Int64 { SearchTerms.hash("#\(rawValue)".unicodeScalars, salt: 3) }

    /// What a question asks for, by its words.
    static func asked(by words: [String]) -> Set<SearchHint> {
        let plain = words.map(foldedLatin)
        var hints: Set<SearchHint> = []
        for (index, word) in plain.enumerated() {
            hints.formUnion(asking[word] ?? [])
            // «бола ма»: may one?
            if index + 1 < plain.count, word == mayOne.0, plain[index + 1] == mayOne.1 { hints.insert(.leave) }
        }
        return hints
    }

    /// What a word of a passage tells.
    static func told(by word: String, _ plain: String, _ forms: [String]) -> [SearchHint] {
        if let first = word.unicodeScalars.first, first.properties.numericType != nil { return [.amount] }
        if let hints = telling[plain] { return hints }
        for form in forms {
            if let hints = telling[form] { return hints }
        }
        return []
    }

    private static let mayOne = (foldedLatin("бола"), foldedLatin("ма"))

    private static let asking = table([
        .time: "қашан қашанға қашаннан нешеде мерзімі когда срок",
        .amount: "қанша қаншаға қаншадан неше нешінші нешеде сколько скольки",
        .way: "қалай қайда қайдан где куда как откуда",
        .leave: "можно нельзя",
    ])

    private static let telling = table([
        .time: """
            қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан январь февраль март апрель май
            июнь июль август сентябрь октябрь ноябрь декабрь января февраля марта апреля мая июня июля августа сентября
            октября ноября декабря сағат час минут тоқсан апта неделя тәулік сутки жыл жылғы год года дней день недель
            дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі понедельник вторник среда четверг пятница суббота
            воскресенье көктем жаз күз қыс соңы соңына весна лето осень зима весной летом осенью зимой конец конца таңғы түскі
            кешкі ежедневно круглосуточно
            """,
        .amount: """
            бір екі үш төрт бес алты жеті сегіз тоғыз он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан жүз мың миллион
            миллиард жартысы жартысынан теңге пайыз аек один два три четыре пять шесть семь восемь девять десять пятнадцать
            двадцать тридцать сорок пятьдесят сто тысяч одного двух трёх половина половины полтора полутора тенге процент мрп
            """,
        .way: """
            арқылы портал порталы порталында порталындағы сайт сайтында egov egov.kz mobile өтініш өтінім хқко комиссия құрылады беріледі
            жүргізіледі рәсімделеді через портале сайте цон онлайн заявление подаёт подают оформляет оформляют обращайтесь номер
            нөміріне
            """,
        .leave: """
            тыйым болмайды рұқсат алады жарайды міндетті құқылы запрещено запрещается нельзя разрешено вправе можно
            допускается
            """,
    ])

    private static func table(_ lists: [SearchHint: String]) -> [String: [SearchHint]] {
        var table: [String: [SearchHint]] = [:]
        for hint in allCases {
            for word in (lists[hint] ?? "").split(whereSeparator: \.isWhitespace) {
                table[foldedLatin(String(word)), default: []].append(hint)
            }
        }
        return table
    }
}
