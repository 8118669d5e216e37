import JarshyKit
import Storage

/// Pages of the public bank: the most asked first, the newest of those first; paged by what a row is ordered by.
struct AnswerBank {
    struct Cursor: Sendable, Hashable {
        let asked: Int64
        let at: Int64
        let id: AnswerID

        init(_ answer: Answer) {
            asked = Int64(answer.asked)
            at = answer.publishedAt?.milliseconds ?? 0
            id = answer.id
        }

        init?(_ text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, let asked = Int64(parts[0]), let at = Int64(parts[1]), let id = AnswerID(String(parts[2]))
            else { return nil }
            (self.asked, self.at, self.id) = (asked, at, id)
        }

        var text: String { "\(asked).\(at).\(id)" }
    }

    struct Page: Sendable {
        var answers: [Answer] = []
        var hasEarlier = false
        var hasLater = false
    }

    let campaign: CampaignNo?
    let topic: String
    let db: any Reading

    func page(after: Cursor?, before: Cursor?) throws -> Page {
        let size = AnswerRows.pageSize
        var page = Page()
        if let before {
            let found = try db.all(
                Answer.self,
                where: condition
                    + """
                     AND (\(Self.asked) > \(before.asked) OR (\(Self.asked) = \(before.asked) AND (a.published_at > \(before.at)
                        OR (a.published_at = \(before.at) AND a.id < \(before.id)))))
                    ORDER BY \(Self.asked), a.published_at, a.id DESC LIMIT \(size + 1)
                    """)
            page.answers = found.prefix(size).reversed()
            page.hasEarlier = found.count > size
            page.hasLater = true
            return page
        }
        var later: SQL = ""
        if let after {
            later = """
                 AND (\(Self.asked) < \(after.asked) OR (\(Self.asked) = \(after.asked) AND (a.published_at < \(after.at)
                    OR (a.published_at = \(after.at) AND a.id > \(after.id)))))
                """
        }
        let found = try db.all(
            Answer.self,
            where: condition + later + " ORDER BY \(Self.asked) DESC, a.published_at DESC, a.id LIMIT \(size + 1)")
        page.answers = Array(found.prefix(size))
        page.hasEarlier = after != nil
        page.hasLater = found.count > size
        return page
    }

    private static let asked: SQL = "coalesce(q.asked, 0)"

    private var condition: SQL {
        var condition: SQL = Answer.from + "WHERE a.state = 'published'"
        if let campaign { condition += " AND (a.campaign = \(campaign) OR a.campaign IS NULL)" }
        if !topic.isEmpty { condition += " AND a.topic = \(topic)" }
        return condition
    }
}
