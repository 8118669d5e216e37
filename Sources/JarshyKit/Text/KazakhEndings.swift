/// The endings of Kazakh words by layer, each with the letters it may follow and the layers that may stand before it.
struct KazakhEndings: Sendable {
    /// How much of the word's end is gone.
    enum Layer: Int, CaseIterable, Sendable, Hashable {
        /// Nothing: any ending may stand here.
        case open
        /// A personal ending of a noun (-мын, -сыз).
        case impersonal
        /// A case, or -ғы behind a locative.
        case caseless
        /// A case that only stands behind a possessive of the third person (-на, -нда).
        case thirdPerson
        /// A case that only stands behind a possessive of the first or second (-а, -е).
        case firstOrSecondPerson
        /// A possessive.
        case possessorless
        /// A plural: what is left is a stem or a participle.
        case singular
        /// An ending of a verb: only a negation may be left.
        case root
    }

    struct Ending: Sendable {
        let letters: [Unicode.Scalar]
        let after: After
        let next: [Layer]
        /// The consonant before it softens: кітап, кітабы.
        var softens = false
        /// Proves too little by itself.
        var needsLexicon = false
        var isVerbal = false
    }

    /// What may stand before an ending.
    struct After: Sendable {
        /// Nil: anything.
        let scalars: Set<Unicode.Scalar>?
        func admits(_ scalar: Unicode.Scalar) -> Bool { scalars?.contains(scalar) ?? true }
    }

    private let byLayer: [[Ending]]
    private let bare: Set<[Unicode.Scalar]>

    func before(_ layer: Layer) -> [Ending] { byLayer[layer.rawValue] }

    /// Stands behind the hyphen of an abbreviation: АЭС-тің.
    func isBare(_ tail: [Unicode.Scalar]) -> Bool { bare.contains(tail) }

    init(spelling: (String) -> String) {
        func scalars(_ text: String) -> [Unicode.Scalar] { Array(spelling(text).unicodeScalars) }
        func after(_ text: String) -> After { After(scalars: Set(text.unicodeScalars.flatMap { scalars(String($0)) })) }
        let anything = After(scalars: nil)
        let vowel = "аәеоөуұүыіэюяиё"
        let glide = "рйулию"
        let nasal = "мнң"
        let buzz = "зж"
        let hard = "кқпстфхһцчшщбвгд"
        let consonant = "рйлумнңзжғ" + hard
        func make(
            _ forms: String, _ place: After, _ next: [Layer], softens: Bool = false, needsLexicon: Bool = false,
            verbal: Bool = false
        ) -> [Ending] {
            var made: [Ending] = []
            for form in forms.split(separator: " ") {
                let letters = scalars(String(form))
                if made.contains(where: { $0.letters == letters }) { continue }
                made.append(
                    Ending(
                        letters: letters, after: place, next: next, softens: softens, needsLexicon: needsLexicon,
                        isVerbal: verbal))
            }
            return made
        }

        let afterCase: [Layer] = [.caseless]
        let cases =
            make("ның нің", after(vowel + nasal), afterCase) + make("дың дің", after("рйулзж"), afterCase)
            + make("тың тің", after(hard), afterCase)
            + make("ға ге", after(vowel + glide + nasal + buzz), afterCase) + make("қа ке", after(hard), afterCase)
            + make("ны ні", after(vowel), afterCase) + make("ды ді", after(glide + nasal + buzz), afterCase)
            + make("ты ті", after(hard), afterCase)
            + make("да де", after(vowel + glide + nasal + buzz), afterCase) + make("та те", after(hard), afterCase)
            + make("дан ден", after(vowel + glide + buzz), afterCase) + make("нан нен", after(nasal), afterCase)
            + make("тан тен", after(hard), afterCase)
            + make("мен", after(vowel + glide + nasal), afterCase) + make("бен", after(buzz), afterCase)
            + make("пен", after(hard), afterCase)
            + make("на не н нда нде нан нен", after("ыі"), [.thirdPerson])
            + make("а е", after("мңз"), [.firstOrSecondPerson])
            + make("дай дей тай тей дайын дейін", anything, afterCase, needsLexicon: true)
            + make("ша ше", anything, afterCase, needsLexicon: true)
        let attributes =
            make("дағы дегі", after(vowel + glide + nasal + buzz), afterCase) + make("тағы тегі", after(hard), afterCase)
            + make("ндағы ндегі", after("ыі"), [.thirdPerson])
            + make("нікі", after(vowel + nasal), afterCase) + make("дікі", after("рйулзж"), afterCase)
            + make("тікі", after(hard), afterCase)
            + make("ғы гі қы кі", anything, afterCase, needsLexicon: true)
        let third =
            make("сы сі", after(vowel), [.possessorless]) + make("ы і", after(consonant), [.possessorless], softens: true)
        let firstOrSecond =
            make("ымыз іміз ыңыз іңіз", after(consonant), [.possessorless], softens: true)
            + make("мыз міз ңыз ңіз", after(vowel), [.possessorless])
            + make("ым ім ың ің", after(consonant), [.possessorless], softens: true, needsLexicon: true)
            + make("м ң", after(vowel), [.possessorless], needsLexicon: true)
        let plural =
            make("лар лер", after(vowel + "рйу"), [.singular]) + make("дар дер", after("лмнңзж"), [.singular])
            + make("тар тер", after(hard), [.singular])
        let person =
            make(
                "мын мін бын бін пын пін сың сің сыз сіз мыз міз быз біз пыз піз", anything, [.impersonal],
                needsLexicon: true)
        let participles =
            make("ған ген", after(vowel + "рйулмнңзж"), [.root], verbal: true) + make("қан кен", after(hard), [.root], verbal: true)
            + make("атын етін", after(consonant), [.root], verbal: true) + make("йтын йтін", after(vowel), [.root], verbal: true)
            + make("ар ер", after(consonant), [.root], needsLexicon: true, verbal: true)
            + make("мас мес бас бес пас пес", anything, [], needsLexicon: true, verbal: true)
        let persons = ["", "м", "ң", "ңыз", "ңіз", "қ", "к"]
        func personal(_ stems: String) -> String {
            stems.split(separator: " ").flatMap { stem in persons.map { stem + $0 } }.joined(separator: " ")
        }
        let presents = ["ды", "ді", "мын", "мін", "сың", "сің", "сыз", "сіз", "мыз", "міз"]
        func present(_ stems: String) -> String {
            stems.split(separator: " ").flatMap { stem in presents.map { stem + $0 } }.joined(separator: " ")
        }
        let finite =
            make(personal("ды ді"), after(vowel + glide + nasal + buzz), [.root], verbal: true)
            + make(personal("ты ті"), after(hard), [.root], verbal: true)
            + make(present("а е"), after(consonant), [.root], verbal: true) + make(present("й"), after(vowel), [.root], verbal: true)
            + make("ып іп", after(consonant), [.root], verbal: true) + make("п", after(vowel), [.root], needsLexicon: true, verbal: true)
            + make(personal("са се"), anything, [.root], needsLexicon: true, verbal: true)
            + make("сын сін", anything, [.root], needsLexicon: true, verbal: true)
            + make("ыңыз іңіз айық ейік", after(consonant), [.root], verbal: true)
            + make("ңыз ңіз йық йік", after(vowel), [.root], needsLexicon: true, verbal: true)
            + make("май мей бай бей пай пей", anything, [], needsLexicon: true, verbal: true)
            + make("ғалы гелі қалы келі ғанша генше қанша кенше", anything, [.root], needsLexicon: true, verbal: true)
            + make("а е й", anything, [.root], needsLexicon: true, verbal: true)
        let negation = make("ма ме ба бе па пе", anything, [], verbal: true)

        let nominal = third + firstOrSecond + plural + participles + attributes
        var table = [[Ending]](repeating: [], count: Layer.allCases.count)
        table[Layer.open.rawValue] = cases + nominal + person + finite
        table[Layer.impersonal.rawValue] = cases + nominal
        table[Layer.caseless.rawValue] = nominal
        table[Layer.thirdPerson.rawValue] = third
        table[Layer.firstOrSecondPerson.rawValue] = firstOrSecond
        table[Layer.possessorless.rawValue] = plural + participles + attributes
        table[Layer.singular.rawValue] = participles + attributes
        table[Layer.root.rawValue] = negation
        byLayer = table
        bare = Set((cases + third + plural + attributes).map(\.letters))
    }
}

/// Letters of one alphabet by what they do to endings.
struct KazakhLetters: Sendable {
    let back: Set<Unicode.Scalar>
    let front: Set<Unicode.Scalar>
    let neutral: Set<Unicode.Scalar>
    /// ы and і: fall away before a vowel.
    let narrow: [Unicode.Scalar]
    /// Before which a narrow vowel may have been swallowed: халық, халқы.
    let swallowing: Set<Unicode.Scalar> = ["н", "з", "л", "м", "р", "п", "қ", "к"]
    let hardened: [Unicode.Scalar: Unicode.Scalar]
    let softened: [Unicode.Scalar: Unicode.Scalar]
    let seesHarmony: Bool

    static let exact = KazakhLetters(
        back: ["а", "о", "ұ", "ы", "я", "ё"], front: ["ә", "е", "ө", "ү", "і", "э"], neutral: ["и", "у", "ю"],
        narrow: ["ы", "і"], hardened: ["б": "п", "г": "к", "ғ": "қ"], softened: ["п": "б", "к": "г", "қ": "ғ"],
        seesHarmony: true)
    static let plain = KazakhLetters(
        back: ["а", "о"], front: ["е"], neutral: ["и", "у"], narrow: ["и"], hardened: ["б": "п", "г": "к"],
        softened: ["п": "б", "к": "г"], seesHarmony: false)

    func isVowel(_ scalar: Unicode.Scalar) -> Bool { back.contains(scalar) || front.contains(scalar) || neutral.contains(scalar) }
    func hasVowel(_ word: [Unicode.Scalar]) -> Bool { word.contains(where: isVowel) }

    /// Vowel harmony: an ending sounds like the last vowel before it that has a colour.
    func agree(_ stem: [Unicode.Scalar], _ ending: [Unicode.Scalar]) -> Bool {
        guard seesHarmony, let own = ending.first(where: { back.contains($0) || front.contains($0) }) else { return true }
        if KazakhLetters.colourless.contains(ending) { return true }
        for scalar in stem.reversed() {
            if back.contains(scalar) { return back.contains(own) }
            // у says little about itself: референдумда, but үйлестіруге.
            if scalar == "у", back.contains(own) { return true }
            if front.contains(scalar) { return front.contains(own) }
        }
        return true
    }

    /// мен, нікі: one form for all words.
    private static let colourless: Set<[Unicode.Scalar]> = Set(
        ["мен", "бен", "пен", "нікі", "дікі", "тікі"].map { Array($0.unicodeScalars) })
}
