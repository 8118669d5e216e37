import JarshyKit
import Storage

@testable import Jarshy

extension MatrixDeed {
    static let publications: [MatrixDeed] = [
        MatrixDeed("AddOrganizationPage") { world, _, _ in
            AddOrganizationPage(
                organization: "north", kind: "site", name: "north", url: "https://north.example/\(world.number())")
        },
        MatrixDeed("EndOrganizationPage") { world, _, _ in
            let page = AddOrganizationPage(
                organization: "north", kind: "site", name: "north", url: "https://north.example/\(world.number())")
            let made = try await world.site.database.run(page, by: .operator, at: world.now)
            // An organisation has few pages: the matrix is not to fill them.
            try await world.site.database.write { db in
                _ = try db.run("UPDATE organization_page SET ended_at = 1 WHERE id <> \(made)")
            }
            return EndOrganizationPage(page: made)
        },
        MatrixDeed(
            "LogPublication",
            operation: { world, place in
                PublicationWorld.log(world.number(), unit: place.primary, day: world.today)
            }),
        MatrixDeed("KeepPublicationCopy") { world, _, place in
            let (unit, now, today) = (try await world.unitNo(place.primary), world.now, world.today)
            let id = ID<PublicationMark>(Ops.id(world.number()))!
            let sha256 = [UInt8](repeating: 7, count: 32)
            try await world.site.database.write { db in
                try db.run(
                    """
                    INSERT INTO publication (id, campaign, unit, organization, outlet, title, url, day, class, sha256, counted,
                        author, logged_at)
                    VALUES (\(id), 1, \(unit), 1, 'x', 'x', 'https://paper.example/', \(today), 'information', \(Blob(sha256)),
                        \(false), \(world.subjects[place.primary]!), \(now))
                    """)
            }
            return KeepPublicationCopy(publication: id, sha256: sha256, name: "a.pdf", bytes: 9)
        },
    ]
}
