import JarshyKit

/// What an event asks of a speaker.
struct Need: Sendable {
    let event: EventID
    let start: Instant
    let end: Instant
    let topic: String?
    let language: Language
    let territory: UnitNo
    let isOnline: Bool
    let isCampaigning: Bool

    init(_ event: Event) {
        self.event = event.id
        (start, end, topic, language) = (event.start, event.end, event.topic, event.language)
        (territory, isOnline, isCampaigning) = (event.territory, event.form == .online, event.isCampaigning)
    }

    init(
        event: EventID, start: Instant, end: Instant, topic: String?, language: Language, territory: UnitNo,
        isOnline: Bool = false, isCampaigning: Bool = false
    ) {
        self.event = event
        (self.start, self.end, self.topic, self.language) = (start, end, topic, language)
        (self.territory, self.isOnline, self.isCampaigning) = (territory, isOnline, isCampaigning)
    }

    var day: Day { Zone.kazakhstan.day(at: start) }
}

/// A speaker weighed for an event, with the reasons.
struct Suggestion: Sendable, Hashable {
    /// What stands in the way; somebody with any of these is not suggested.
    enum Hindrance: String, Sendable, CaseIterable {
        case busy, away, hours, office
    }

    let person: PersonID
    let knowsTopic: Bool
    let speaks: Bool
    /// Steps through the tree from where the event is to the nearest unit the person serves; 0 online.
    let distance: Int
    /// Events in the four weeks around it, and how many are enough.
    let load: Int
    let monthLoad: Int
    /// Hours to the nearest other event, when fewer than the rest wanted.
    let shortRest: Int?
    let hindrances: [Hindrance]

    var isPossible: Bool { hindrances.isEmpty }

    /// Less is better. The topic and the language weigh more than any distance; the load weighs as much as distance does, so
    /// that those who live near are not sent every time.
    var cost: Int {
        var cost = 0
        if !speaks { cost += 1200 }
        if !knowsTopic { cost += 600 }
        cost += min(distance, 8) * 30
        cost += load * 720 / max(1, monthLoad)
        if load >= monthLoad { cost += 900 }
        if shortRest != nil { cost += 240 }
        return cost
    }
}

/// Weighs speakers for events. Pure: the same speakers and events give the same suggestions, in the same order.
struct Rota: Sendable {
    private(set) var speakers: [Speaker]
    private let tree: Tree
    /// Steps from a territory to each speaker, worked out once a territory.
    private var distances: [UnitNo: [Int]] = [:]
    private let chains: [[[UnitNo]]]

    init(_ speakers: [Speaker], in tree: Tree) {
        self.speakers = speakers
        self.tree = tree
        chains = speakers.map { speaker in
            ([speaker.unit] + speaker.places).map { unit in
                // A group or an organisation is at home where it stands.
                let chain = tree.chain(of: unit)
                let home = chain.firstIndex { tree[$0].flatMap { tree.kinds[$0.kind]?.territory } ?? false } ?? 0
                return Array(chain.dropFirst(home))
            }
        }
    }

    /// Everybody weighed, the best first; equals by their id.
    mutating func suggestions(for need: Need) -> [Suggestion] {
        let steps = distance(to: need.territory)
        return speakers.indices.map { weigh(speakers[$0], need, distance: steps[$0]) }.sorted { left, right in
            if left.isPossible != right.isPossible { return left.isPossible }
            return (left.cost, left.person) < (right.cost, right.person)
        }
    }

    /// The best for an event; nil when nobody can who speaks its language.
    mutating func best(for need: Need) -> Suggestion? {
        let steps = distance(to: need.territory)
        var best: Suggestion?
        for index in speakers.indices {
            let found = weigh(speakers[index], need, distance: steps[index])
            guard found.isPossible, found.speaks else { continue }
            if let known = best, (known.cost, known.person) <= (found.cost, found.person) { continue }
            best = found
        }
        return best
    }

    /// Somebody for each event, the earliest first; whoever was given one is taken then and that much more loaded.
    mutating func assign(_ needs: [Need]) -> [(need: Need, suggestion: Suggestion?)] {
        needs.sorted { ($0.start, $0.event) < ($1.start, $1.event) }.map { need in
            let found = best(for: need)
            if let found { take(found.person, need) }
            return (need, found)
        }
    }

    mutating func take(_ person: PersonID, _ need: Need) {
        guard let index = speakers.firstIndex(where: { $0.person == person }) else { return }
        speakers[index].taken.append(Speaker.Taken(start: need.start, end: need.end))
    }

    private func weigh(_ speaker: Speaker, _ need: Need, distance: Int) -> Suggestion {
        var hindrances: [Suggestion.Hindrance] = []
        var (isBusy, nearest) = (false, Int64.max)
        // Busy by whole quarters of an hour, as they are held.
        let wanted = Event.slots(need.start, need.end)
        for taken in speaker.taken {
            if Event.slots(taken.start, taken.end).overlaps(wanted) { isBusy = true }
            nearest = min(nearest, max(taken.start.seconds(since: need.end), need.start.seconds(since: taken.end)))
        }
        if isBusy { hindrances.append(.busy) }
        let (from, last) = (need.day, Zone.kazakhstan.day(at: Instant(milliseconds: need.end.milliseconds - 1)))
        if speaker.isAway(on: from) || speaker.isAway(on: last) { hindrances.append(.away) }
        let begin = Zone.kazakhstan.minuteOfDay(at: need.start)
        let minutes = Int((need.end.milliseconds - need.start.milliseconds) / 60_000)
        if !speaker.isWorking(on: from) || begin < speaker.hours.lowerBound || begin + minutes > speaker.hours.upperBound {
            hindrances.append(.hours)
        }
        if need.isCampaigning, speaker.hasOffice(on: from) { hindrances.append(.office) }
        let rest = Int64(speaker.restHours) * 3600
        return Suggestion(
            person: speaker.person, knowsTopic: need.topic.map(speaker.topics.contains) ?? true,
            speaks: speaker.languages.contains(need.language), distance: need.isOnline ? 0 : distance,
            load: speaker.load(around: need.start), monthLoad: speaker.monthLoad,
            shortRest: !isBusy && nearest < rest ? Int(max(0, nearest) / 3600) : nil, hindrances: hindrances)
    }

    /// Steps from a territory to each speaker's nearest unit: none inside it, else up to what both share and down again.
    private mutating func distance(to territory: UnitNo) -> [Int] {
        if let known = distances[territory] { return known }
        let depth = Dictionary(
            tree.chain(of: territory).enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let steps = chains.map { homes in
            homes.map { chain -> Int in
                guard let up = chain.firstIndex(where: { depth[$0] != nil }), let down = depth[chain[up]] else { return 99 }
                // A home that holds the territory is no distance.
                return up == 0 ? 0 : up + down
            }.min() ?? 99
        }
        distances[territory] = steps
        return steps
    }
}
