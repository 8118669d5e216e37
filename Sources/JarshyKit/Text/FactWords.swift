/// Kinds of facts that questions ask for and texts tell: an hour, a sum, where to go, whether one may.
///
/// Of two texts that say the same words, the one with an hour in it answers «когда», the one with a number «қанша». The raw
/// value is stored in indexes.
public enum FactKind: Int, CaseIterable, Sendable, Hashable {
    case time
    case amount
    /// Where to go and how it is done.
    case way
    /// Whether something is allowed.
    case leave

    /// What a question asks for, by its words in the spelling of `foldedLatin`.
    public static func asked(by plain: [String]) -> Set<FactKind> {
        var kinds: Set<FactKind> = []
        for (index, word) in plain.enumerated() {
            kinds.formUnion(asking[word] ?? [])
            // «бола ма»: may one?
            if index + 1 < plain.count, word == mayOne.first, plain[index + 1] == mayOne.second { kinds.insert(.leave) }
        }
        return kinds
    }

    /// What one word of a text tells.
    ///
    /// - Parameters:
    ///   - plain: the word in the spelling of `foldedLatin`; `forms`: its dictionary forms in that spelling.
    public static func told(by word: String, _ plain: String, _ forms: [String]) -> [FactKind] {
        if let first = word.unicodeScalars.first, first.properties.numericType != nil { return [.amount] }
        if let kinds = telling[plain] { return kinds }
        for form in forms {
            if let kinds = telling[form] { return kinds }
        }
        return []
    }

    private static let mayOne = (first: foldedLatin("бола"), second: foldedLatin("ма"))

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
            арқылы портал порталы порталында порталындағы сайт сайтында egov mobile өтініш өтінім хқко комиссия құрылады
            беріледі жүргізіледі рәсімделеді через портале сайте цон онлайн заявление подаёт подают оформляет оформляют
            обращайтесь номер нөміріне
            """,
        .leave: """
            тыйым болмайды рұқсат алады жарайды міндетті құқылы запрещено запрещается нельзя разрешено вправе можно
            допускается
            """,
    ])

    private static func table(_ lists: [FactKind: String]) -> [String: [FactKind]] {
        var table: [String: [FactKind]] = [:]
        for kind in allCases {
            for word in (lists[kind] ?? "").split(whereSeparator: \.isWhitespace) {
                table[foldedLatin(String(word)), default: []].append(kind)
            }
        }
        return table
    }
}
