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
    ]
}
