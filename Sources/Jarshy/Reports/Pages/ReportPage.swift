import JarshyKit

/// One report. Fields as in `report.mustache`.
struct ReportPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let sentence: String
    let hasProblem: Bool
    let problem: ErrorSummary
    let voided: Bool
    let voidedText: String
    let states: [StateMark]
    let figures: [ReportFigure]
    let facts: [ReportFact]
    let hasNote: Bool
    let note: String
    let hasCompeting: Bool
    let competing: [ReportRival]
    let hasCorrect: Bool
    let correct: ReportCorrectForm
    let hasVoid: Bool
    let void: ReportVoidForm
    let checks: [ReportCheckForm]
    let revisions: [ReportVersion]
    let entries: [ReportEntry]
    let hasCredits: Bool
    let credits: [ReportCredit]
    let hasEvidence: Bool
    let received: String
    let evidence: [EvidenceCard]
}

struct ReportFigure: PageModel {
    let figure: String
    let value: String
}

struct ReportFact: PageModel {
    let fact: String
    let hasFactURL: Bool
    let factURL: String
    let factText: String

    init(_ fact: String, _ text: String, url: String = "") {
        self.fact = fact
        factText = text
        factURL = url
        hasFactURL = !url.isEmpty
    }
}

struct ReportDiff: PageModel {
    let what: String
    let from: String
    let to: String
}

struct ReportRival: PageModel {
    let who: String
    let when: String
    let reason: String
    let diffs: [ReportDiff]
    let canSettle: Bool
    let settleAction: String
    let settleOp: String
    let competingRev: String
}

struct ReportVersion: PageModel {
    let revTitle: String
    let who: String
    let when: String
    let now: Bool
    let hasReason: Bool
    let reason: String
    let diffs: [ReportDiff]
    let marks: [StateMark]
}

struct ReportEntry: PageModel {
    let logName: String
    let seq: String
    let entryWhen: String
    let deed: String
    let deltas: String
}

struct ReportCredit: PageModel {
    let creditUnit: String
    let creditRole: String
}

/// A form of the page that was refused: which one, why, and what was typed.
struct RefusedForm: Sendable {
    let deed: ReportDeeds.Deed
    let problem: Problem
    let form: Fields
}

extension ReportPage {
    /// - Parameter refused: the form to show again, opened, with what was typed.
    init(_ view: ReportView, actor: Actor, now: Instant, today: Day, refused: RefusedForm?, words: Words) {
        let text = ReportText(words: words, tree: view.tree, campaign: view.campaign)
        let (report, host) = (view.report, view.cell?.organization)
        func may(_ right: Right) -> Bool {
            actor.holds(right, over: report.unit, organization: host, in: view.tree, on: today)
        }
        let unitName = text.unit(report.unit)
        trail = text.trail(above: report.unit) + [text.link(report.unit)]
        let title = words(
            "report.title", ["activity": text.activity(view.cell?.activity ?? ""), "day": text.dayMonth(report.day)])
        here = title
        heading = title
        sentence = "\(unitName). \(text.figures(report.figures))"
        // A refusal that belongs to no open form stands on top of the page.
        let loose = refused.flatMap { $0.deed == .check || $0.deed == .settlement ? $0.problem : nil }
        hasProblem = loose != nil
        problem = loose.map { ErrorSummary(ReportProblem.told($0, text), words: words) } ?? .none
        voided = report.isVoided
        let lastVoid = view.revisions.last { $0.kind == .void && $0.state == .applied }
        voidedText = words("report.voided", ["reason": text.reason(lastVoid?.reason, lastVoid?.reasonText ?? "")])
        states = text.marks(report, full: true)
        figures = view.campaign.metrics.compactMap { metric in
            report.figures[metric.slot].map {
                ReportFigure(figure: metric.names[words.language], value: text.number($0))
            }
        }
        facts = Self.facts(view, text)
        hasNote = !report.note.isEmpty
        note = report.note
        let canSettle = may(.settleReports)
        competing = view.competing.map { Self.rival($0, view, text, canSettle: canSettle, now: now) }
        hasCompeting = !competing.isEmpty
        hasCorrect = !report.isVoided && may(.correctReports)
        correct = ReportCorrectForm(view, now: now, refused: refused, text: text)
        hasVoid = !report.isVoided && may(.voidReports)
        void = ReportVoidForm(view, now: now, refused: refused, text: text)
        checks = Self.checks(view, actor, now: now, today: today, words)
        revisions = view.revisions.reversed().map { Self.version($0, view, text) }
        entries = view.entries.map { line in
            ReportEntry(
                logName: text.log(line.stream), seq: text.number(line.seq), entryWhen: text.moment(line.at),
                deed: words("report.deed.\(line.kind)"), deltas: text.deltas(line.amounts))
        }
        credits = view.credits.map { credit in
            ReportCredit(creditUnit: text.unit(credit.unit), creditRole: credit.role)
        }
        hasCredits = !credits.isEmpty
        hasEvidence = !view.evidence.isEmpty
        received = EvidenceCard.received(view.evidence, words)
        let reviews = may(.reviewEvidence)
        evidence = view.evidence.map { EvidenceCard($0, reviews: reviews, words) }
    }

    private static func facts(_ view: ReportView, _ text: ReportText) -> [ReportFact] {
        let (words, report) = (text.words, view.report)
        let organization = view.organization(view.cell?.organization)?.names[words.language]
        var facts = [
            ReportFact(
                words("report.fact.unit"), text.unit(report.unit),
                url: "/units/\(percentEncoded(view.tree.code(of: report.unit)))"),
            ReportFact(words("report.fact.day"), text.day(report.day)),
            ReportFact(words("report.fact.activity"), text.activity(view.cell?.activity ?? "")),
            ReportFact(words("report.fact.audience"), text.audience(view.cell?.audience ?? "")),
            ReportFact(words("report.fact.channel"), text.channel(view.cell?.channel ?? "")),
            ReportFact(words("report.fact.organization"), organization ?? words("form.none")),
            ReportFact(words("report.fact.place"), text.unit(report.place)),
            ReportFact(words("report.fact.counted"), words(report.estimated ? "state.estimated" : "state.counted")),
            ReportFact(words("report.fact.author"), author(report.author, view, words)),
        ]
        if report.onBehalf { facts.append(ReportFact(words("report.fact.behalf"), words("report.yes"))) }
        if view.path.chain != view.tree.chain(of: report.unit) {
            facts.append(
                ReportFact(words("report.fact.path"), view.path.chain.map { text.unit($0) }.joined(separator: ", ")))
        }
        if let replaces = report.replaces {
            facts.append(ReportFact(words("report.fact.replaces"), replaces.description, url: "/reports/\(replaces)"))
        }
        return facts
    }

    private static func author(_ person: PersonID, _ view: ReportView, _ words: Words) -> String {
        view.names[person] ?? words("report.operator")
    }

    private static func checks(
        _ view: ReportView, _ actor: Actor, now: Instant, today: Day, _ words: Words
    ) -> [ReportCheckForm] {
        let report = view.report
        guard !report.isVoided, !view.authors.contains(actor.person) else { return [] }
        return CheckLevels.open(
            to: actor, unit: report.unit, organization: view.cell?.organization, in: view.tree, on: today
        ).filter { report.band < $0 }.map { level in
            ReportCheckForm(
                action: "/reports/\(report.id)/check", baseRev: "\(report.rev)", level: level.name,
                operation: OperationID.make(at: now).description, checkLabel: words("report.check.\(level.name)"))
        }
    }

    private static func rival(
        _ rival: Revision, _ view: ReportView, _ text: ReportText, canSettle: Bool, now: Instant
    ) -> ReportRival {
        let current = view.revisions.last { $0.rev == view.report.rev }
        let diffs =
            rival.kind == .void
            ? [ReportDiff(what: text.words("report.deed.void"), from: "–", to: text.words("report.yes"))]
            : current.map { differences(from: $0, to: rival, view, text) } ?? []
        return ReportRival(
            who: author(rival.author, view, text.words), when: text.moment(rival.at),
            reason: text.reason(rival.reason, rival.reasonText), diffs: diffs, canSettle: canSettle,
            settleAction: "/reports/\(view.report.id)/settlement", settleOp: OperationID.make(at: now).description,
            competingRev: "\(rival.rev)")
    }

    private static func version(_ revision: Revision, _ view: ReportView, _ text: ReportText) -> ReportVersion {
        let base = view.revisions.last { $0.rev == revision.base }
        let reason = text.reason(revision.reason, revision.reasonText)
        var marks: [StateMark] = []
        if revision.kind == .void { marks.append(StateMark("voided", words: text.words)) }
        switch revision.state {
        case .applied: break
        case .competing: marks.append(StateMark("competing", words: text.words))
        case .taken: marks.append(StateMark("done", text.words("report.revision.taken")))
        case .dropped: marks.append(StateMark("refused", text.words("report.revision.dropped")))
        }
        return ReportVersion(
            revTitle: text.words("report.revision", ["n": text.number(revision.rev)]),
            who: author(revision.author, view, text.words), when: text.moment(revision.at),
            now: revision.rev == view.report.rev, hasReason: !reason.isEmpty, reason: reason,
            diffs: base.map { differences(from: $0, to: revision, view, text) } ?? [], marks: marks)
    }

    /// What one version says otherwise than another; "–" where a number was not told.
    private static func differences(
        from old: Revision, to new: Revision, _ view: ReportView, _ text: ReportText
    ) -> [ReportDiff] {
        let words = text.words
        var diffs = view.campaign.metrics.compactMap { metric -> ReportDiff? in
            let (before, after) = (old.figures[metric.slot], new.figures[metric.slot])
            guard before != after else { return nil }
            return ReportDiff(
                what: metric.names[words.language], from: before.map(text.number) ?? "–",
                to: after.map(text.number) ?? "–")
        }
        func note(_ key: String, _ before: String, _ after: String) {
            if before != after { diffs.append(ReportDiff(what: words(key), from: before, to: after)) }
        }
        let (was, isNow) = (view.cells[old.cell], view.cells[new.cell])
        note("report.fact.day", text.day(old.day), text.day(new.day))
        note("report.fact.activity", text.activity(was?.activity ?? ""), text.activity(isNow?.activity ?? ""))
        note("report.fact.audience", text.audience(was?.audience ?? ""), text.audience(isNow?.audience ?? ""))
        note("report.fact.channel", text.channel(was?.channel ?? ""), text.channel(isNow?.channel ?? ""))
        note("report.fact.place", text.unit(old.place), text.unit(new.place))
        note(
            "report.fact.counted", words(old.estimated ? "state.estimated" : "state.counted"),
            words(new.estimated ? "state.estimated" : "state.counted"))
        return diffs
    }
}
