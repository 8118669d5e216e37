import JarshyKit
import Storage

/// Signing in and out, the first run, and the printed invitation.
enum SignInPages {
    static func routes(_ site: inout Routes, _ parts: PeopleParts) {
        site.get("/signin", .open) { visit in
            if visit.actor != nil { return .redirect(safeReturn(visit.query.text("next"))) }
            if try await isFirstRun(visit) { return .redirect("/setup") }
            return try await page(visit, parts, next: visit.query.text("next"), problem: nil)
        }
        site.post("/signin", .open) { visit in
            try await visit.attempt(
                { try await signIn(visit, parts) },
                again: { try await page(visit, parts, next: visit.form.text("next"), problem: $0) })
        }
        site.post("/signout", .signedIn) { visit in
            if let session = visit.session { _ = try await visit.run(EndSession(which: .one(session.id))) }
            return Reply.redirect("/signin", flash: .init(kind: .done, text: visit.words("signout.done")))
                .cookie(cookie("", lasts: 0, visit))
        }
        site.get("/setup", .open) { visit in
            guard try await isFirstRun(visit) else { throw Problem.notFound("page") }
            return setupPage(visit, problem: nil)
        }
        site.post("/setup", .open) { visit in
            guard try await isFirstRun(visit) else { throw Problem.notFound("page") }
            return try await visit.attempt({ try await setUp(visit, parts) }, again: { setupPage(visit, problem: $0) })
        }
        site.get("/welcome", .open) { visit in acceptPage(visit, account: nil, problem: nil) }
        site.post("/welcome", .open) { visit in try await welcome(visit, parts) }
    }

    static func cookie(_ token: String, lasts: Int64 = Session.rememberedSeconds, _ visit: Visit) -> Cookie {
        Cookie(name: Cookies.session(secure: visit.secure), value: token, lasts: lasts, secure: visit.secure)
    }

    private static func isFirstRun(_ visit: Visit) async throws -> Bool {
        try await visit.read { db in try !db.value(PersonRows.hasAccounts, as: Bool.self) }
    }

    private static func signIn(_ visit: Visit, _ parts: PeopleParts) async throws -> Reply {
        let signIn = SignIn(
            login: visit.form.text("login"), password: visit.form["password"] ?? "", address: visit.address,
            agent: visit.head["user-agent"] ?? "", shown: visit.sessionToken)
        let token = try await signIn.perform(visit.database, parts.passwords, at: visit.now, pause: parts.pause)
        return Reply.redirect(safeReturn(visit.form.text("next"))).cookie(cookie(token, visit))
    }

    private static func page(
        _ visit: Visit, _ parts: PeopleParts, next: String, problem: Problem?
    ) async throws -> Reply {
        let words = visit.words
        let samples = try await visit.read { db in try parts.samples(db) }
        var errors = ErrorSummary.none
        if let problem {
            let seconds = problem.slots["seconds"]
            errors = ErrorSummary(
                heading: seconds.map { words("signin.wait", ["seconds": $0]) }
                    ?? (problem.slug == "signin-wrong"
                        ? words("signin.wrong") : FieldErrors(problem, words: words).heading),
                kept: words("signin.wrong.kept"))
        }
        let model = SignInPage(
            action: "/signin", next: safeReturn(next), hasErrors: problem != nil, errors: errors,
            login: TextField(
                "login", words("signin.login"), value: visit.form.text("login"), required: true,
                autocomplete: "username"),
            password: TextField(
                "password", words("signin.password"), required: true, type: "password", autocomplete: "current-password"
            ),
            hasDemo: !samples.isEmpty,
            demo: samples.map {
                DemoSignIn(demoLogin: $0.login, demoRole: $0.role[visit.language], demoPassword: SampleSignIn.password)
            })
        return .page("signin", model, PageHead(words("signin.title")))
    }

    private static func setUp(_ visit: Visit, _ parts: PeopleParts) async throws -> Reply {
        let form = visit.form
        let now = visit.now
        let subjects = SignInLimits.Subjects(codesFrom: visit.address)
        _ = try await visit.write { db in try SignInLimits.begin(subjects, at: now, in: db) }
        let person = NewPerson(
            name: form.text("fullName"), login: Login.folded(form.text("login")),
            language: Language(rawValue: form.text("language")) ?? visit.language)
        var faults = person.faults() + passwordFaults(form, login: person.login)
        if !parts.setup.matches(form.text("code")) {
            faults.insert(
                Problem.Fault("code", "setup-code", "This is not the code the server showed when it started."), at: 0)
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let hash = try await parts.passwords.hash(form["password"] ?? "")
        let deed = SetUpFirst(person: person, password: hash, agent: visit.head["user-agent"] ?? "")
        let token = try await visit.write { db in
            try SignInLimits.succeeded(subjects, at: now, in: db)
            return try deed.perform(by: .operator, at: now, in: db)
        }
        parts.setup.forget()
        return Reply.redirect("/").cookie(cookie(token, visit))
    }

    private static func setupPage(_ visit: Visit, problem: Problem?) -> Reply {
        let (words, form, wrong) = (visit.words, visit.form, FieldErrors(problem, words: visit.words))
        let model = SetupPage(
            action: "/setup", hasErrors: problem != nil,
            errors: problem.map { ErrorSummary($0, words: words) } ?? .none,
            code: TextField(
                "code", words("setup.code"), value: form.text("code"), error: wrong["code"], required: true),
            fullName: TextField(
                "fullName", words("setup.name"), value: form.text("fullName"), error: wrong["fullName"], required: true,
                autocomplete: "name"),
            login: TextField(
                "login", words("signin.login"), value: form.text("login"), hint: words("people.login.hint"),
                error: wrong["login"], required: true, autocomplete: "username"),
            password: passwordField("password", words("signin.password"), words, wrong),
            again: passwordField("again", words("password.again"), words, wrong),
            language: languageField(words, chosen: form["language"] ?? visit.language.rawValue))
        return .page("setup", model, PageHead(words("setup.title")))
    }

    /// Two steps on one address: the code alone first, then, when it is good, the password.
    private static func welcome(_ visit: Visit, _ parts: PeopleParts) async throws -> Reply {
        let form = visit.form
        let now = visit.now
        let subjects = SignInLimits.Subjects(codesFrom: visit.address)
        let account = try await visit.write { db -> SignInAccount? in
            _ = try SignInLimits.begin(subjects, at: now, in: db)
            let account = try Invitation.account(of: form.text("code"), at: now, in: db)
            if account != nil { try SignInLimits.succeeded(subjects, at: now, in: db) }
            return account
        }
        guard let account else { return acceptPage(visit, account: nil, problem: Invitation.unknown) }
        guard form.has("password") else { return acceptPage(visit, account: account, problem: nil) }
        return try await visit.attempt(
            {
                let faults = passwordFaults(form, login: account.login)
                guard faults.isEmpty else { throw Problem.invalid(faults) }
                let hash = try await parts.passwords.hash(form["password"] ?? "")
                let deed = AcceptInvitation(
                    code: form.text("code"), password: hash, agent: visit.head["user-agent"] ?? "")
                let token = try await visit.write { db in try deed.perform(by: account.actor, at: now, in: db) }
                return Reply.redirect("/").cookie(cookie(token, visit))
            }, again: { acceptPage(visit, account: account, problem: $0) })
    }

    private static func acceptPage(_ visit: Visit, account: SignInAccount?, problem: Problem?) -> Reply {
        let (words, wrong) = (visit.words, FieldErrors(problem, words: visit.words))
        let model = AcceptPage(
            action: "/welcome", hasErrors: problem != nil,
            errors: problem.map { ErrorSummary($0, words: words) } ?? .none,
            isKnown: account != nil, greeting: account.map { words("accept.greeting", ["name": $0.name]) } ?? "",
            loginText: account?.login ?? "",
            code: TextField(
                "code", words("accept.code"), value: visit.form.text("code"), error: wrong["code"], required: true),
            password: passwordField("password", words("password.fresh"), words, wrong),
            again: passwordField("again", words("password.again"), words, wrong))
        var reply = Reply.page("accept", model, PageHead(words("accept.title")))
        reply.status = problem?.status ?? 200
        return reply
    }

    static func passwordFaults(_ form: Fields, login: String) -> [Problem.Fault] {
        let password = form["password"] ?? ""
        if let fault = PasswordRule.fault(password, login: login, field: "password") { return [fault] }
        guard password == form["again"] else {
            return [Problem.Fault("again", "password-differs", "The two passwords differ.")]
        }
        return []
    }

    static func passwordField(_ name: String, _ label: String, _ words: Words, _ wrong: FieldErrors) -> TextField {
        TextField(
            name, label, hint: name == "again" ? "" : words("password.fresh.hint"), error: wrong[name], required: true,
            type: "password", autocomplete: "new-password")
    }

    static func languageField(_ words: Words, chosen: String) -> SelectField {
        SelectField(
            "language", words("person.language"), options: Language.allCases.map { ($0.rawValue, $0.ownName) },
            chosen: chosen)
    }
}

struct SignInPage: PageModel {
    let action: String
    let next: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let login: TextField
    let password: TextField
    let hasDemo: Bool
    let demo: [DemoSignIn]
}

struct DemoSignIn: PageModel {
    let demoLogin: String
    let demoRole: String
    let demoPassword: String
}

struct SetupPage: PageModel {
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let code: TextField
    let fullName: TextField
    let login: TextField
    let password: TextField
    let again: TextField
    let language: SelectField
}

struct AcceptPage: PageModel {
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let isKnown: Bool
    let greeting: String
    let loginText: String
    let code: TextField
    let password: TextField
    let again: TextField
}
