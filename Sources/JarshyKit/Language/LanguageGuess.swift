/// In which of the three languages a short text is written, by its letters and its commonest words. A guess: whoever takes the
/// question up can set it right.
public enum LanguageGuess {
    /// Kazakh when in doubt.
    public static func of(_ text: String) -> Language {
        let lower = text.lowercased()
        var (kazakh, cyrillic, latin) = (0, 0, 0)
        for scalar in lower.unicodeScalars {
            if kazakhLetters.contains(scalar) { kazakh += 1 }
            switch scalar.value {
            case 0x400...0x52F: cyrillic += 1
            case 0x61...0x7A: latin += 1
            default: break
            }
        }
        if kazakh > 0 { return .kk }
        let words = folded(lower).split(separator: " ").map(String.init)
        if cyrillic >= latin {
            // Kazakh typed without its letters shows itself by its small words.
            let kazakhWords = words.count { plainKazakh.contains($0) }
            let russianWords = words.count { russian.contains($0) }
            return cyrillic > 0 && russianWords >= kazakhWords ? .ru : .kk
        }
        return words.count { english.contains($0) } > words.count { latinKazakh.contains($0) } ? .en : .kk
    }

    private static let kazakhLetters = Set("әғқңөұүһі".unicodeScalars)

    private static let plainKazakh: Set<String> = [
        "калай", "кайда", "кашан", "канша", "кандай", "кайсы", "ким", "неге", "керек", "бола", "ма", "ме", "ба", "бе", "па",
        "пе", "мен", "бен", "пен", "ушин", "туралы", "бар", "жок", "сайлау", "дауыс", "берем", "беремин", "боламын", "болады",
        "маган", "бизге", "сизге", "аулынын", "ауылда", "салем", "салеметсиз", "рахмет",
    ]

    private static let russian: Set<String> = [
        "как", "где", "когда", "что", "кто", "почему", "зачем", "куда", "какой", "какие", "какая", "можно", "нужно", "ли", "и",
        "в", "на", "не", "по", "для", "за", "из", "от", "до", "это", "если", "у", "с", "к", "о", "об", "при", "я", "мы", "мне",
        "нам", "будет", "есть", "здравствуйте", "спасибо", "вопрос", "голосовать",
    ]

    private static let english: Set<String> = [
        "how", "where", "when", "what", "who", "why", "which", "can", "could", "do", "does", "is", "are", "the", "a", "an", "to",
        "of", "in", "on", "for", "i", "we", "my", "our", "will", "vote", "if", "at", "hello", "thanks",
    ]

    private static let latinKazakh: Set<String> = [
        "qalai", "qalay", "kalai", "kalay", "qaida", "qayda", "kaida", "kayda", "qashan", "kashan", "qansha", "kansha", "kim",
        "nege", "kerek", "bola", "ma", "me", "ba", "be", "men", "ushin", "bar", "joq", "zhok", "jok", "dauys", "sailau",
        "salem", "rahmet", "rakhmet",
    ]
}
