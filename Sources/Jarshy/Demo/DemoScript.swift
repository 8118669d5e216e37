import JarshyKit

/// Everything that happens in the demo, as operations in the order of the simulated clock. Pure: the same data, scale
/// and moment give the same script, and the numbers do not hang on the date at all.
struct DemoScript: Sendable {
    private(set) var steps: [DemoStep] = []
    /// Reports of the city group, one for each of its events.
    private(set) var groupReports: [DemoGroupReport] = []
    let tree: DemoTree
    let figures: DemoFigures
    let days: DemoDays
    let scale: DemoScale
    private var random: DemoRandom
    /// How eagerly a district or region checks; some never do.
    private var eagerness: [String: Double] = [:]
    private var filed: [DemoFiled] = []

    init(_ data: DemoData, tree: DemoTree, campaign: CampaignPlan, scale: DemoScale, now: Instant) {
        self.tree = tree
        self.scale = scale
        figures = DemoFigures(data)
        days = DemoDays(first: campaign.days.first, now: now)
        random = DemoRandom(seed: 20_260_418)
        for district in tree.districts { eagerness[district.code] = random.pick([0.95, 0.9, 0.8, 0.55, 0]) }
        for region in tree.regions { eagerness[region] = random.pick([0.9, 0.75, 0.6, 0.35]) }
        eagerness[DemoTree.groupCity] = 0.8
        holdMeetings()
        doOtherWork()
        holdGroupEvents()
        holdStreams()
        tellStories()
        for report in filed { check(report) }
        steps.sort { ($0.at, $0.body["op"]?.text ?? "") < ($1.at, $1.body["op"]?.text ?? "") }
    }

    // MARK: Primary organisations

    private mutating func holdMeetings() {
        let active = activePrimaries()
        var meetings: [(primary: DemoTree.Primary, activity: String)] = []
        for (primary, count) in zip(active, counts(active)) {
            for _ in 0..<count { meetings.append((primary, activity(primary))) }
        }
        let drawn = meetings.map { meeting in
            figures.attendances(
                meeting.activity, isCity: meeting.primary.isCity, population: meeting.primary.population, &random)
        }
        var attendances = DemoFigures.drawn(drawn, to: scale.attendances)
        // Small ones are honest ones, and stand where the secretary's and the activist's sign-ins see them.
        let near = meetings.indices.filter { meetings[$0].primary.district == DemoTree.groupCity }
        for (index, small) in zip(near, [6, 9, 11] as [Int64]) { attendances[index] = small }
        for (meeting, people) in zip(meetings, attendances) { hold(meeting.primary, meeting.activity, people) }
    }

    private mutating func activePrimaries() -> [DemoTree.Primary] {
        var left = tree.primaries.count - scale.active
        var lastOfDistrict = Set<String>()
        var silent = Set<String>()
        let order = tree.primaries.map { ($0, random.next()) }.sorted { $0.1 < $1.1 }.map(\.0)
        for primary in order where left > 0 {
            // Every district has somebody who works.
            if lastOfDistrict.insert(primary.district).inserted { continue }
            silent.insert(primary.code)
            left -= 1
        }
        return tree.primaries.filter { !silent.contains($0.code) }
    }

    /// How many meetings each holds: at least one, and all together what the scale says. Towns hold fewer, larger ones.
    private mutating func counts(_ active: [DemoTree.Primary]) -> [Int] {
        var counts = active.map { _ in 1 }
        let weights = active.indices.map { (value: $0, weight: active[$0].isCity ? 0.55 : 1) }
        var left = scale.meetings - active.count
        while left > 0 {
            let index = weights[random.whole(0...(weights.count - 1))]
            if random.happens(index.weight), counts[index.value] < 12 {
                counts[index.value] += 1
                left -= 1
            }
        }
        return counts
    }

    private mutating func activity(_ primary: DemoTree.Primary) -> String {
        random.weighted([("meeting", 0.72), ("open_meeting", 0.19), ("workplace_meeting", 0.09)])
    }

    private mutating func hold(_ primary: DemoTree.Primary, _ activity: String, _ people: Int64) {
        let audience =
            activity == "workplace_meeting"
            ? "work_collective"
            : random.weighted([
                ("residents", 0.74), ("elders", 0.08), ("youth", 0.07), ("first_time", 0.05),
                (primary.isCity ? "associations" : "remote", 0.06),
            ])
        var report = DemoReport(
            unit: primary.code, day: days.day(&random), activity: activity, audience: audience,
            metrics: figures.vector(activity, isCity: primary.isCity, attendances: people, &random),
            estimated: random.happens(0.08))
        if random.happens(0.03) {
            let other = primary.organization == "kengzhazyq" ? "qosqanat" : "kengzhazyq"
            report.credits = [(unit: primary.district, organization: other)]
        }
        file(report, district: primary.district, region: primary.region, by: .filer(primary.district))
    }

    /// Doors, leaflets, posters and publications, and days on which nothing was held.
    private mutating func doOtherWork() {
        let kinds: [(activity: String, channel: String, share: Double)] = [
            ("door_round", "door", 0.22), ("leaflet_round", "print", 0.16), ("poster_round", "print", 0.1),
            ("publication", "social", 0.06),
        ]
        for primary in tree.primaries {
            for kind in kinds where random.happens(kind.share) {
                let metrics = figures.vector(kind.activity, isCity: primary.isCity, attendances: nil, &random)
                file(
                    DemoReport(
                        unit: primary.code, day: days.day(&random), activity: kind.activity, channel: kind.channel,
                        metrics: metrics),
                    district: primary.district, region: primary.region, by: .filer(primary.district))
            }
            if random.happens(0.05) {
                file(
                    DemoReport(
                        unit: primary.code, day: days.day(&random), activity: "meeting", metrics: [("events", 0)]),
                    district: primary.district, region: primary.region, by: .filer(primary.district))
            }
        }
    }

    // MARK: The city group and the regions' own

    private mutating func holdGroupEvents() {
        let region = tree.districts.first { $0.code == DemoTree.groupCity }?.region ?? ""
        let kinds = (0..<DemoScale.groupEvents).map { _ in
            random.weighted([
                ("lecture", 0.3), ("meeting", 0.3), ("seminar", 0.15), ("workplace_meeting", 0.15),
                ("round_table", 0.1),
            ])
        }
        let drawn = kinds.map { figures.attendances($0, isCity: true, population: 50_000, &random) }
        let attendances = DemoFigures.drawn(drawn, to: DemoScale.groupAttendances)
        for (kind, people) in zip(kinds, attendances) {
            let audience =
                kind == "workplace_meeting"
                ? "work_collective"
                : random.weighted([("residents", 0.6), ("youth", 0.2), ("elders", 0.1), ("experts", 0.1)])
            let report = DemoReport(
                unit: random.happens(0.1) ? tree.group : random.pick(tree.subgroups), day: days.day(&random),
                activity: kind, audience: audience,
                metrics: figures.vector(kind, isCity: true, attendances: people, &random),
                organization: random.pick(["zhas-samal", "agha-buyn", "tirek", "ashyq-esik"]))
            file(report, district: DemoTree.groupCity, region: region, by: .person("leader-saran"))
            guard let filed = filed.last else { continue }
            groupReports.append(
                DemoGroupReport(
                    report: filed.id, unit: report.unit, day: report.day, activity: kind, audience: audience,
                    organization: report.organization ?? "", filedAt: filed.at))
        }
    }

    /// Live streams are the regions' own: figures that stand at a region and below none of its districts.
    private mutating func holdStreams() {
        for region in tree.regions where random.happens(0.6) {
            file(
                DemoReport(
                    unit: region, day: days.day(&random), activity: "live_stream", channel: "online",
                    metrics: figures.vector("live_stream", isCity: true, attendances: nil, &random),
                    organization: random.pick(["zhas-samal", "ashyq-esik"])),
                district: nil, region: region, by: .head(region))
        }
    }

    // MARK: What happens to reports

    private mutating func file(_ report: DemoReport, district: String?, region: String, by part: DemoPart) {
        let at = days.filing(of: report.day, isLate: random.happens(0.03), &random)
        let id = OperationID.make(at: at, using: &random)
        steps.append(DemoStep(at: at, part: part, body: report.body(id, at: at)))
        filed.append(
            DemoFiled(
                id: id, district: district, region: region, at: at, by: part, activity: report.activity,
                metrics: report.metrics))
    }

    /// Some are corrected; most are checked by their district and then by their region, the newest not yet.
    private mutating func check(_ report: DemoFiled) {
        var (rev, from) = (Int64(1), report.at)
        let isCorrected = random.happens(0.02)
        if isCorrected, let at = days.soon(report.at, hours: Int64(random.whole(2...14))),
            correct(report, at: at, base: 1)
        {
            (rev, from) = (2, at)
        }
        guard let district = report.district else { return }
        let chances = (random.share(), random.share(), random.share())
        if chances.0 < eagerness[district] ?? 0, let at = days.later(from, days: 1 + Int(chances.2 * 2), &random) {
            send("report.check", report.id, rev, at: at, by: .secretary(district), [.init("level", .text("district"))])
            from = at
        } else if chances.2 < 0.8 {
            return
        }
        if chances.1 < eagerness[report.region] ?? 0, let at = days.later(from, days: 1, &random) {
            send("report.check", report.id, rev, at: at, by: .head(report.region), [.init("level", .text("region"))])
        }
    }

    /// A recount or a slip of the finger in what was counted; false when the report counts nothing.
    private mutating func correct(_ report: DemoFiled, at: Instant, base: Int64, by part: DemoPart? = nil) -> Bool {
        guard let index = report.metrics.firstIndex(where: { $0.0 == "attendees" }) else { return false }
        var metrics = report.metrics
        let people = metrics[index].1
        metrics[index].1 = max(people / 2 + 3, people + Int64(random.whole(-4...4)) * 2 + 1)
        send(
            "report.correct", report.id, base, at: at, by: part ?? report.by,
            [
                .init("metrics", DemoReport.metrics(metrics)),
                .init("reason", .text(random.happens(0.6) ? "recount" : "typo")),
            ])
        return true
    }

    private mutating func send(
        _ kind: String, _ report: OperationID, _ base: Int64, at: Instant, by part: DemoPart, _ rest: [Json.Member]
    ) {
        let id = OperationID.make(at: at, using: &random)
        let members: [Json.Member] = [
            .init("op", .text(id.description)), .init("kind", .text(kind)), .init("at", .integer(at.milliseconds)),
            .init("report", .text(report.description)), .init("base_rev", .integer(base)),
        ]
        steps.append(DemoStep(at: at, part: part, body: .object(members + rest)))
    }

    // MARK: Stories

    /// Two pairs of corrections that disagree, and a report entered twice and made void. Those reports are left to
    /// people.
    private mutating func tellStories() {
        var told = Set<OperationID>()
        for district in [DemoTree.groupCity, "196200000"] {
            guard let report = old(in: district, except: told), let first = days.soon(report.at, hours: 3),
                let second = days.soon(report.at, hours: 6)
            else { continue }
            told.insert(report.id)
            _ = correct(report, at: first, base: 1)
            _ = correct(report, at: second, base: 1, by: .secretary(district))
        }
        let near = [DemoTree.groupCity] + tree.districts.map(\.code)
        var twice: DemoFiled?
        for district in near where twice == nil { twice = old(in: district, except: told) }
        if let report = twice, let district = report.district, let at = days.soon(report.at, hours: 4) {
            told.insert(report.id)
            send("report.void", report.id, 1, at: at, by: .secretary(district), [.init("reason", .text("twice"))])
        }
        filed.removeAll { told.contains($0.id) }
        gatherVillages()
    }

    /// Twice more than half a village came, which is asked about and true.
    private mutating func gatherVillages() {
        let villages = tree.primaries.filter { !$0.isCity && (200...900).contains($0.population) }
        for primary in villages.prefix(2) {
            file(
                DemoReport(
                    unit: primary.code, day: days.last.advanced(by: -3), activity: "meeting",
                    metrics: [
                        ("events", 1), ("attendees", primary.population * 3 / 5), ("questions", 14), ("answered", 11),
                    ]),
                district: primary.district, region: primary.region, by: .filer(primary.district))
        }
    }

    private func old(in district: String, except told: Set<OperationID>) -> DemoFiled? {
        filed.first { report in
            report.district == district && !told.contains(report.id) && report.by == .filer(district)
                && report.metrics.contains { $0.0 == "attendees" && $0.1 > 12 }
                && days.soon(report.at, hours: 80) != nil
        }
    }
}
