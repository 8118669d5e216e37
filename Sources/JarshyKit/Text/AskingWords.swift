/// Words that ask or join, in the spelling of `foldedLatin`: they stand in every question and say nothing of this one. Left
/// out of what is looked for, never of what is kept. Kazakh, Russian, English.
public let askingWords = AskingWords.kazakh.union(AskingWords.russian).union(AskingWords.english)

/// The same by language: they tell in which language somebody asks, whatever the alphabet.
public enum AskingWords {
    public static let kazakh = words(
        """
        қай қалай қалайша қанша қашан қайда қайдан кім кімге кімнің кімді не неше нешінші неге неліктен ма ме ба бе па пе да
        де та те керек қажет бола болады ғой және мен бен пен үшін туралы жайлы бар жоқ біз сіз мен маған бізге сізге екен
        қандай осы сол бұл ол егер немесе әлде ше өзі ғана деген деп дейді бойынша мүмкін айтыңызшы
        """)

    public static let russian = words(
        """
        как какой какая какое какие каком какую когда где куда откуда кто кому кого чей что чего почему зачем сколько ли и
        или в во на с со по к ко о об от до для из за у при это эта этот эти мне мы вы вас нам нас я мой можно нужно надо ли а
        но если будет есть быть так то же бы не чтобы скажите пожалуйста
        """)

    public static let english = words(
        "how what when where who why which can could do does is are the a an to of in on for i my we our please")

    /// In which language these words ask: by letters that only Kazakh has and by the words that ask. Nil where two languages are
    /// mixed, or nothing tells.
    public static func language(of words: [String]) -> Language? {
        var (kazakhWords, russianWords) = (0, 0)
        for word in words {
            let plain = foldedLatin(word)
            let isKazakh = kazakh.contains(plain) || word.unicodeScalars.contains(where: kazakhLetters.contains)
            let isRussian = russian.contains(plain)
            if isKazakh && !isRussian { kazakhWords += 1 }
            if isRussian && !isKazakh { russianWords += 1 }
        }
        if kazakhWords == russianWords || min(kazakhWords, russianWords) * 3 > max(kazakhWords, russianWords) { return nil }
        return kazakhWords > russianWords ? .kk : .ru
    }

    private static let kazakhLetters = Set("әғқңөұүһі".unicodeScalars)

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map { foldedLatin(String($0)) })
    }
}
