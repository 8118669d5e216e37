import JarshyKit

/// Questions in the reader's words: states, ways, days.
struct QuestionText: Sendable {
    let words: Words

    private var plain: UnitText { UnitText(words: words) }
    func day(_ day: Day) -> String { plain.day(day) }
    func moment(_ at: Instant) -> String { plain.moment(at) }

    func state(_ state: Question.State) -> String { words("question.state.\(state.rawValue)") }
    func way(_ way: Question.Way) -> String { words("question.way.\(way.rawValue)") }
    func reply(_ way: Question.ReplyWay) -> String { words("question.reply.\(way.rawValue)") }
    func reason(_ reason: ModerationReason) -> String { words("question.reason.\(reason.rawValue)") }

    /// Shape and word of a state.
    func mark(_ state: Question.State) -> StateMark {
        let kind =
            switch state {
            case .new: "new"
            case .withExpert: "open"
            case .clarify: "changed"
            case .checking: "district"
            case .answered: "region"
            case .published: "evidenced"
            case .notPublished: "refused"
            }
        return StateMark(kind, self.state(state))
    }

    /// The state, then what to look at.
    func marks(_ question: Question, today: Day) -> [StateMark] {
        var marks = [mark(question.state)]
        if isLate(question, today: today) { marks.append(StateMark("late", words("question.late"))) }
        if question.prepared { marks.append(StateMark("draft", words("question.prepared"))) }
        if question.personal { marks.append(StateMark("flagged", words("question.personal"))) }
        return marks
    }

    func isLate(_ question: Question, today: Day) -> Bool {
        question.state.isOpen && question.due.map { $0 < today } ?? false
    }

    func term(_ question: Question) -> String {
        if question.state == .clarify { return words("question.term.stands") }
        return question.due.map { words("question.term.until", ["day": day($0)]) } ?? ""
    }

    func withdrawn(_ withdrawal: Answer.Withdrawal) -> String {
        words("answer.withdrawn_on", ["day": day(Zone.kazakhstan.day(at: withdrawal.at))])
    }

    func asked(_ times: Int64) -> String { words.count("question.asked_times", Int(times)) }

    static func short(_ body: String, _ most: Int = 160) -> String {
        let line = body.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= most ? line : line.prefix(most - 1) + "…"
    }
}

/// A name and what stands for it.
struct QuestionFact: PageModel {
    let fact: String
    let factText: String
}

extension Campaign {
    /// The campaign questions are asked in: the one of the address, else the one running.
    static func asked(_ code: String, on day: Day, in campaigns: Campaigns) throws -> Campaign {
        try campaigns.chosen(code, on: day)
    }
}
