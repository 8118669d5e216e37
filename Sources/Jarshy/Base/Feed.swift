import JarshyKit
import Storage

/// The audit trail: one line for every deed, written in the deed's own transaction. Append-only; holds no name and no free
/// text about a person, only ids, codes and numbers.
struct FeedLine: Sendable {
    let verb: String
    let subject: String
    let subjectID: String
    let unit: UnitNo?
    let detail: String

    init(_ verb: String, _ subject: String, _ subjectID: some CustomStringConvertible, unit: UnitNo? = nil, detail: String = "") {
        self.verb = verb
        self.subject = subject
        self.subjectID = subjectID.description
        self.unit = unit
        self.detail = detail
    }

    func binds(by actor: Actor, at now: Instant) -> [Bind] {
        [
            ID<FeedLine>.make(at: now).bind, now.bind, actor.person.bind, .text(actor.kind.rawValue), .text(verb),
            .text(subject), .text(subjectID), unit?.bind ?? .null(.bigint), .text(detail),
        ]
    }
}

enum Feed {
    static func record(_ line: FeedLine, by actor: Actor, at now: Instant, in db: any Writing) throws {
        try record([line.binds(by: actor, at: now)], in: db)
    }

    static func record(_ lines: [[Bind]], in db: any Writing) throws {
        try db.insert(
            "INSERT INTO feed (id, at, actor, actor_kind, verb, subject, subject_id, unit, detail) VALUES", rows: lines)
    }
}
