import JarshyKit

/// Speakers in the reader's words.
struct SpeakerText: Sendable {
    let words: Words
    let tree: Tree
    let topics: [EventTopic]

    func unit(_ no: UnitNo) -> String { tree[no]?.titles[words.language] ?? "" }
    func level(_ level: Speaker.Level) -> String { words("speaker.level.\(level.rawValue)") }
    func topic(_ code: String) -> String { topics.first { $0.code == code }?.names[words.language] ?? code }
    func number(_ number: Int) -> String { words.format.number(number) }

    func topics(_ speaker: Speaker) -> String {
        topics.filter { speaker.topics.contains($0.code) }.map { $0.names[words.language] }.joined(separator: " · ")
    }

    func languages(_ speaker: Speaker) -> String {
        Language.allCases.filter(speaker.languages.contains).map(\.ownName).joined(separator: ", ")
    }

    func load(_ load: Int, of most: Int) -> String {
        words("speaker.load.of", ["n": number(load), "most": number(most)])
    }

    /// Posts of today; an office is said to be one.
    func posts(_ speaker: Speaker, on day: Day) -> String {
        speaker.posts.filter { $0.holds(on: day) }
            .map { $0.isPublicOffice ? "\($0.name) (\(words("speaker.office")))" : $0.name }.joined(separator: " · ")
    }

    func weekdays(_ mask: Int) -> String {
        (1...7).filter { mask & (1 << ($0 - 1)) != 0 }.map { words.format.weekdayNameShort($0) }.joined(separator: " ")
    }

    func hours(_ hours: Range<Int>) -> String {
        "\(EventFormFields.clock(hours.lowerBound))–\(EventFormFields.clock(hours.upperBound))"
    }

    /// Why somebody is suggested: every reason with its value.
    func reasons(_ suggestion: Suggestion) -> [String] {
        var reasons = [
            words(suggestion.knowsTopic ? "suggest.topic.yes" : "suggest.topic.no"),
            words(suggestion.speaks ? "suggest.language.yes" : "suggest.language.no"),
            suggestion.distance == 0
                ? words("suggest.near") : words("suggest.distance", ["n": number(suggestion.distance)]),
            words("suggest.load", ["n": number(suggestion.load), "most": number(suggestion.monthLoad)]),
        ]
        if let hours = suggestion.shortRest { reasons.append(words("suggest.rest", ["n": number(hours)])) }
        return reasons + suggestion.hindrances.map { words("suggest.hindrance.\($0.rawValue)") }
    }
}
