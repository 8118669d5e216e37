import JarshyKit
import Storage

/// One-time invitations to print, the only time their codes are shown.
enum InvitationPage {
    static func reply(_ invitations: [Invitation], _ visit: Visit) async throws -> Reply {
        let (actor, today, words) = (try visit.require(), visit.today, visit.words)
        let ids = invitations.map(\.person)
        let (names, people, roles) = try await visit.read { db in
            (
                try PeopleNames(in: db), try ids.compactMap { try PersonRows.find($0, in: db) },
                Dictionary(grouping: try PersonRows.roles(of: ids, in: db), by: \.person)
            )
        }
        let text = PeopleText(words, names)
        let slips = invitations.compactMap { invitation -> InvitationSlip? in
            guard let person = people.first(where: { $0.id == invitation.person }) else { return nil }
            let held = (roles[person.id] ?? []).last { $0.to.map { $0 >= today } ?? true }
            let until = words.day(Zone.kazakhstan.day(at: invitation.expires), .long)
            return InvitationSlip(
                fullName: person.name, role: held.map { text.role($0.role) } ?? "",
                where: held.map { text.unit($0.unit) } ?? "",
                address: visit.origin + "/welcome", login: invitation.login, code: Secret.grouped(invitation.code),
                validUntil: words("invitation.valid", ["day": until]),
                issuedBy: words("invitation.by", ["name": actor.name]))
        }
        let model = InvitationSheet(
            trail: [TrailLink("/people", words("nav.people"))], here: words("invitation.title"), slips: slips,
            peopleURL: "/people")
        return .page("invitation", model, PageHead(words("invitation.title"), section: "people"))
    }
}

struct InvitationSheet: PageModel {
    let trail: [TrailLink]
    let here: String
    let slips: [InvitationSlip]
    let peopleURL: String
}

struct InvitationSlip: PageModel {
    let fullName: String
    let role: String
    let `where`: String
    let address: String
    let login: String
    let code: String
    let validUntil: String
    let issuedBy: String
}
