import JarshyKit
import Storage

/// One's own sessions, password and API tokens.
enum OwnPages {
    static func routes(_ site: inout Routes, _ parts: PeopleParts) {
        site.get("/me", .signedIn) { visit in try await sessions(visit, problem: nil) }
        site.post("/me/password", .signedIn) { visit in
            try await visit.attempt(
                { try await changePassword(visit, parts) }, again: { try await sessions(visit, problem: $0) })
        }
        site.post("/me/sessions/end-others", .signedIn) { visit in
            _ = try await visit.run(EndSession(which: .allBut(visit.session?.id)))
            return done("/me", visit, "sessions.ended")
        }
        site.post("/me/sessions/{id}/end", .signedIn) { visit in
            guard let id = ID<SessionMark>(visit.parameter("id")) else { throw Problem.notFound("session") }
            _ = try await visit.run(EndSession(which: .one(id)))
            return done("/me", visit, "sessions.ended")
        }
        site.get("/me/tokens", .signedIn) { visit in try await tokens(visit, secret: nil, problem: nil) }
        site.post("/me/tokens", .signedIn) { visit in
            try await visit.attempt(
                { try await makeToken(visit) }, again: { try await tokens(visit, secret: nil, problem: $0) })
        }
        site.post("/me/tokens/{id}/end", .signedIn) { visit in
            guard let id = ID<TokenMark>(visit.parameter("id")) else { throw Problem.notFound("token") }
            try await visit.run(RevokeToken(token: id))
            return done("/me/tokens", visit, "tokens.ended")
        }
    }

    private static func done(_ path: String, _ visit: Visit, _ key: String) -> Reply {
        .redirect(path, flash: .init(kind: .done, text: visit.words(key)))
    }

    private static func changePassword(_ visit: Visit, _ parts: PeopleParts) async throws -> Reply {
        let (actor, form, now) = (try visit.require(), visit.form, visit.now)
        let fresh = form["fresh"] ?? ""
        // A stolen open session must not serve to guess the password.
        let subjects = SignInLimits.Subjects(
            login: actor.person.description, address: visit.address, device: visit.session?.id)
        let account = try await visit.write { db in
            _ = try SignInLimits.begin(subjects, at: now, in: db)
            return try SignInAccount.find(actor.person, in: db)
        }
        var faults: [Problem.Fault] = []
        let isRight = try await parts.passwords.verify(form["current"] ?? "", against: account?.password)
        if !isRight { faults.append(Problem.Fault("current", "password-wrong", "The present password is wrong.")) }
        if let fault = PasswordRule.fault(fresh, login: account?.login ?? "", field: "fresh") {
            faults.append(fault)
        } else if fresh != form["again"] {
            faults.append(Problem.Fault("again", "password-differs", "The two passwords differ."))
        }
        guard faults.isEmpty, let present = account?.password else { throw Problem.invalid(faults) }
        let deed = ChangePassword(
            present: present, fresh: try await parts.passwords.hash(fresh), keeping: visit.session?.id)
        try await visit.write { db in
            try SignInLimits.succeeded(subjects, at: now, in: db)
            try deed.perform(by: actor, at: now, in: db)
        }
        return done("/me", visit, "password.saved")
    }

    private static func sessions(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, now, words) = (try visit.require(), visit.now, visit.words)
        let own = visit.session?.id
        let (list, account) = try await visit.read { db in
            (try SessionRows.all(of: actor.person, at: now, in: db), try SignInAccount.find(actor.person, in: db))
        }
        let wrong = FieldErrors(problem, words: words)
        let model = SessionsPage(
            sessions: list.map { session in
                SessionRow(
                    device: session.agent.isEmpty ? words("sessions.device.unknown") : session.agent,
                    started: words.moment(session.created, now: now), lastSeen: words.moment(session.seen, now: now),
                    isThis: session.id == own, endAction: "/me/sessions/\(session.id)/end")
            },
            hasOthers: list.contains { $0.id != own }, endOthersAction: "/me/sessions/end-others",
            passwordAction: "/me/password", signInName: account?.login ?? "", hasErrors: problem != nil,
            errors: problem.map { ErrorSummary($0, words: words) } ?? .none,
            current: TextField(
                "current", words("password.current"), error: wrong["current"], required: true, type: "password",
                autocomplete: "current-password"),
            fresh: TextField(
                "fresh", words("password.fresh"), hint: words("password.fresh.hint"), error: wrong["fresh"],
                required: true,
                type: "password", autocomplete: "new-password"),
            again: TextField(
                "again", words("password.again"), error: wrong["again"], required: true, type: "password",
                autocomplete: "new-password"),
            tokensURL: "/me/tokens")
        return .page("sessions", model, PageHead(words("sessions.title"), section: "me"))
    }

    private static func makeToken(_ visit: Visit) async throws -> Reply {
        let form = visit.form
        guard let scope = TokenScope(rawValue: form.text("scope")) else {
            throw Problem.invalid([Problem.Fault("scope", "not-listed", "A scope is read, sync or full.")])
        }
        guard let until = Day(form.text("until")) else {
            throw Problem.invalid([Problem.Fault("until", "not-day", "'until' is no day.")])
        }
        let secret = try await visit.run(CreateToken(name: form.text("name"), scope: scope, until: until))
        return try await tokens(visit, secret: secret, problem: nil)
    }

    private static func tokens(_ visit: Visit, secret: String?, problem: Problem?) async throws -> Reply {
        let (actor, now, words, form) = (try visit.require(), visit.now, visit.words, visit.form)
        let list = try await visit.read { db in try TokenRows.all(of: actor.person, in: db) }
        let wrong = FieldErrors(problem, words: words)
        let kept = problem == nil ? Fields() : form
        let model = TokensPage(
            hasSecret: secret != nil, secret: secret ?? "",
            tokens: list.map { token in
                let isOpen = token.isOpen(at: now)
                return TokenRow(
                    tokenName: token.name,
                    scope: TokenScope(rawValue: token.scope).map { words($0.words) } ?? token.scope,
                    made: words("tokens.made", ["day": words.day(Zone.kazakhstan.day(at: token.created))]),
                    until: words.day(Zone.kazakhstan.day(at: token.expires.advanced(seconds: -1))),
                    lastUsed: token.used.map { words.moment($0, now: now) } ?? words("no_data"),
                    mark: StateMark(isOpen ? "open" : "closed", words: words), canEnd: isOpen,
                    endAction: "/me/tokens/\(token.id)/end")
            },
            isEmpty: list.isEmpty, empty: EmptyState(words("tokens.empty"), next: words("tokens.empty.next")),
            action: "/me/tokens", hasErrors: problem != nil,
            errors: problem.map { ErrorSummary($0, words: words) } ?? .none,
            tokenNameField: TextField(
                "name", words("tokens.name"), value: kept.text("name"), error: wrong["name"], required: true),
            scopeField: SelectField(
                "scope", words("tokens.scope"), options: TokenScope.allCases.map { ($0.rawValue, words($0.words)) },
                chosen: kept.text("scope"), error: wrong["scope"], required: true),
            untilField: DateField(
                "until", words("tokens.until"),
                value: kept.has("until") ? kept.text("until") : visit.today.advanced(by: 90).description,
                error: wrong["until"], required: true, min: visit.today,
                max: visit.today.advanced(by: Int(CreateToken.longestDays))))
        return .page("tokens", model, PageHead(words("tokens.title"), section: "me"))
    }
}

struct SessionsPage: PageModel {
    let sessions: [SessionRow]
    let hasOthers: Bool
    let endOthersAction: String
    let passwordAction: String
    /// For the browser's keeper of passwords: the form itself never asks for it.
    let signInName: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let current: TextField
    let fresh: TextField
    let again: TextField
    let tokensURL: String
}

struct SessionRow: PageModel {
    let device: String
    let started: String
    let lastSeen: String
    let isThis: Bool
    let endAction: String
}

struct TokensPage: PageModel {
    let hasSecret: Bool
    let secret: String
    let tokens: [TokenRow]
    let isEmpty: Bool
    let empty: EmptyState
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let tokenNameField: TextField
    let scopeField: SelectField
    let untilField: DateField
}

struct TokenRow: PageModel {
    let tokenName: String
    let scope: String
    let made: String
    let until: String
    let lastUsed: String
    let mark: StateMark
    let canEnd: Bool
    let endAction: String
}
