import JarshyKit
import Storage

/// The sign-ins a database with sample data tells on its sign-in page.
enum SampleSignIns {
    private static let logins = [
        "admin", "coordinator", "region", "secretary", "speaker", "activist", "reviewer", "clerk", "observer",
    ]

    /// None when no campaign is sample data.
    static func all(in db: any Reading) throws -> [SampleSignIn] {
        guard try Campaigns.current(in: db).all.contains(where: \.isSample) else { return [] }
        let found = try db.all(
            """
            SELECT a.login, r.name_kk, r.name_ru, r.name_en FROM account a
            JOIN role_grant g ON g.person = a.person JOIN role r ON r.code = g.role
            WHERE a.login IN \(logins) AND a.password IS NOT NULL AND a.disabled_at IS NULL
            ORDER BY g.from_day DESC, g.id DESC
            """
        ) { row in SampleSignIn(login: try row.next(), role: try Trio(&row)) }
        return logins.compactMap { login in found.last { $0.login == login } }
    }
}
