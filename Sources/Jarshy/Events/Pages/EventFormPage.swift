import JarshyKit

/// The form of an event. Fields as in `event_form.mustache`.
struct EventFormPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let isNew: Bool
    let hasErrors: Bool
    let errors: ErrorSummary
    let kinds: TilesField
    let unit: SelectField
    let day: DateField
    let time: TextField
    let minutes: NumberField
    let times: NumberField
    let forms: TilesField
    let territory: SelectField
    let place: SelectField
    let placeName: TextField
    let address: TextField
    let capacity: NumberField
    let access: SelectField
    let school: CheckField
    let placeOpen: Bool
    let link: TextField
    let title: TextField
    let selects: [SelectField]
    let shown: TilesField
    let classes: TilesField
    let partners: TextField
    let submitLabel: String
}

extension EventFormPage {
    init(_ facts: EventFormFacts, typed: Fields, event: Event?, problem: Problem?, words: Words) {
        let text = EventText(words: words, tree: facts.tree, campaign: facts.campaign)
        let wrong = FieldErrors(problem, words: words)
        let (tree, campaign) = (facts.tree, facts.campaign)
        trail = [TrailLink("/events", words("events.title"))]
        here = words(event == nil ? "event.new" : "event.edit")
        heading = here
        isNew = event == nil
        action = event.map { "/events/\($0.id)/edit" } ?? "/events/new?" + Fields([("campaign", campaign.code)]).encoded
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words, ids: ["place": "place_name", "activity": "kind"]) } ?? .none
        kinds = TilesField(
            "kind", words("event.kind"), choices: Event.Kind.allCases.map { ($0.rawValue, text.kind($0)) },
            chosen: typed.text("kind"), error: wrong["kind"], required: true, layout: "tiles-two")
        unit = SelectField(
            "unit", words("event.host"), options: facts.units.map { (tree.code(of: $0), text.unit($0)) },
            chosen: typed.text("unit"), hint: words("event.host.hint"), error: wrong["unit"], required: true)
        day = DateField(
            "day", words("event.day"), value: typed.text("day"), error: wrong["day"], required: true, min: campaign.first,
            max: campaign.last)
        time = TextField(
            "time", words("event.time"), value: typed.text("time"), hint: words("event.time.hint"), error: wrong["time"],
            required: true)
        minutes = NumberField(
            "minutes", words("event.minutes"), value: typed.text("minutes"), error: wrong["minutes"], required: true, min: 15,
            max: EventInput.longestMinutes)
        times = NumberField(
            "times", words("event.times"), value: typed.text("times"), hint: words("event.times.hint"), error: wrong["times"],
            min: 1, max: Int64(DraftEvent.mostTimes))
        forms = TilesField(
            "form", words("event.form"), choices: Event.Form.allCases.map { ($0.rawValue, text.form($0)) },
            chosen: typed.text("form"), error: wrong["form"], required: true)
        let report = ReportText(words: words, tree: tree, campaign: campaign)
        let territoryNo = tree.find(typed.text("territory"))?.no
        territory = SelectField(
            "territory", words("event.territory"), options: PlaceOptions.list(for: facts.unit, also: territoryNo, text: report),
            chosen: typed.text("territory"), hint: words("event.territory.hint"), error: wrong["territory"])
        place = SelectField(
            "place", words("event.place"),
            options: [("", words("form.none"))] + facts.places.map { ($0.id.description, "\($0.name) · \(text.unit($0.unit))") },
            chosen: typed.text("place"))
        placeName = TextField(
            "place_name", words("event.place.new"), value: typed.text("place_name"), hint: words("event.place.hint"),
            error: wrong["place_name"])
        address = TextField("address", words("event.address"), value: typed.text("address"), error: wrong["address"])
        capacity = NumberField(
            "capacity", words("event.capacity"), value: typed.text("capacity"), error: wrong["capacity"], min: 1, max: 100_000)
        access = SelectField(
            "access", words("event.access"), options: EventPlace.Access.allCases.map { ($0.rawValue, text.access($0)) },
            chosen: typed.text("access"))
        school = CheckField("school", words("event.school"), checked: typed["school"] == "1", hint: words("event.school.hint"))
        placeOpen = !typed.text("place_name").isEmpty || !wrong["place_name"].isEmpty || !wrong["school"].isEmpty
        link = TextField("link", words("event.link"), value: typed.text("link"), hint: words("event.link.hint"), error: wrong["link"])
        title = TextField(
            "title", words("event.name"), value: typed.text("title"), hint: words("event.name.hint"), error: wrong["title"])
        selects = Self.selects(facts, typed, wrong, words)
        shown = TilesField(
            "shown", words("event.shown"),
            choices: Event.Shown.allCases.map { ($0.rawValue, words("event.shown.\($0.rawValue)")) },
            chosen: typed.text("shown"), layout: "tiles-two")
        classes = TilesField(
            "class", words("event.class"),
            choices: Event.Class.allCases.map { ($0.rawValue, words("event.class.\($0.rawValue)")) },
            chosen: typed.text("class"), hint: words("event.class.hint"), error: wrong["class"], layout: "tiles-two")
        partners = TextField(
            "partners", words("event.partners"), value: typed.text("partners"), hint: words("event.partners.hint"),
            error: wrong["partners"])
        submitLabel = words("save")
    }

    private static func selects(
        _ facts: EventFormFacts, _ typed: Fields, _ wrong: FieldErrors, _ words: Words
    ) -> [SelectField] {
        let language = words.language
        return [
            SelectField(
                "topic", words("event.topic"),
                options: [("", words("form.none"))] + facts.topics.map { ($0.code, $0.names[language]) },
                chosen: typed.text("topic"), error: wrong["topic"]),
            SelectField(
                "language", words("event.language"), options: Language.allCases.map { ($0.rawValue, $0.ownName) },
                chosen: typed.text("language"), error: wrong["language"]),
            SelectField(
                "audience", words("event.audience"), options: facts.campaign.audiences.map { ($0.code, $0.names[language]) },
                chosen: typed.text("audience"), error: wrong["audience"]),
            SelectField(
                "organization", words("event.organization"),
                options: [("", words("form.none"))] + facts.organizations.map { ($0.code, $0.names[language]) },
                chosen: typed.text("organization"), error: wrong["organization"]),
        ]
    }
}
