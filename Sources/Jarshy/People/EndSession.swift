import JarshyKit
import Storage

/// Ends one session of one's own, or all but one. The only right needed is to be that person.
struct EndSession: Action {
    enum Which: Sendable {
        case one(ID<SessionMark>)
        case allBut(ID<SessionMark>?)
    }

    let which: Which

    /// - Returns: how many ended.
    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Int {
        let ended: Int
        switch which {
        case .one(let id):
            ended = try db.run("DELETE FROM session WHERE id = \(id) AND person = \(actor.person)")
            guard ended > 0 else { throw Problem.notFound("session") }
        case .allBut(let kept):
            ended = try SessionRows.endAll(of: actor.person, but: kept, in: db)
        }
        try Feed.record(
            FeedLine("end-session", "person", actor.person, detail: "ended=\(ended)"), by: actor, at: now, in: db)
        return ended
    }
}
