import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

/// Role × action. Each shipped role is held once in district D11 and once in the republic, and every action of the product is
/// tried in D11, in the primary organisation below it, and in another region.
///
///     +   allowed in the role's unit and below, refused elsewhere
///     R   allowed only where the role is held over the whole tree
///     =   allowed whatever the unit: a deed on one's own account
///     ·   refused
@Suite struct PermissionMatrixTests {
    private static let head = """
        # Role × action: + in the role's unit and below, R only when held in the republic, = on one's own account, · refused.
        # Written by PermissionMatrixTests (JARSHY_RECORD=1); a difference is a change of who may do what.

        """

    @Test(arguments: Dialect.allCases)
    func `who may do what is the table agreed on`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let world = try await MatrixWorld(site)
            let deeds = MatrixDeed.all + [MatrixDeed.regionCheck]
            var columns: [[String]] = []
            for role in Role.shipped {
                let organization = role.code == "representative" ? OrganizationNo(1) : nil
                let district = try await actor(role.code, "D11", organization, world)
                let republic = try await actor(role.code, "KZ", organization, world)
                var cells: [String] = []
                for deed in deeds {
                    let inside = try await isAllowed(deed, world, district, .inside)
                    let outside = try await isAllowed(deed, world, district, .outside)
                    let root = try await isAllowed(deed, world, republic, .inside)
                    cells.append(PermissionMatrixTests.mark(inside: inside, outside: outside, root: root))
                }
                columns.append(cells)
            }
            var text = PermissionMatrixTests.head
            let names = Role.shipped.map(\.code)
            text += pad("", 22) + names.joined(separator: "  ") + "\n"
            for (row, deed) in deeds.enumerated() {
                let cells = names.indices.map { pad(columns[$0][row], names[$0].count + 2) }.joined()
                text += (pad(deed.action, 22) + cells).trimmingCharacters(in: .whitespaces) + "\n"
            }
            try Snapshot.expect(text, is: "permission-matrix.txt")
        }
    }

    @Test func `no action is missing from the matrix`() throws {
        let home = try Home()
        var declared: Set<String> = []
        for feature in try home.features {
            let folder = home.root.appendingPathComponent("Sources/Jarshy/\(feature)")
            let files =
                FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
                ?? []
            for file in files where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(
                    of: #/(?:struct|class) (\w+): (?:\w+, )*(?:Action|LedgerAction|StructureAction)\b/#)
                {
                    declared.insert(String(match.1))
                }
            }
        }
        // Deeds of the server's own clock and of the operator's seeding, which no person's door reaches.
        let unreachable: Set<String> = ["AdvancePresent", "SeedCampaign"]
        let tried = Set(MatrixDeed.all.map(\.action))
        #expect(declared.count > 20, "the sources were not found")
        #expect(declared.subtracting(tried).subtracting(unreachable).isEmpty)
        #expect(tried.subtracting(declared).isEmpty)
    }

    static func mark(inside: Bool, outside: Bool, root: Bool) -> String {
        switch (inside, outside, root) {
        case (true, false, true): "+"
        case (false, false, true): "R"
        case (true, true, true): "="
        case (false, false, false): "·"
        // Anything else is a hole: allowed outside but not inside, or below but not above.
        default: "!"
        }
    }

    private func actor(
        _ role: String, _ unit: String, _ organization: OrganizationNo?, _ world: MatrixWorld
    ) async throws -> Actor {
        let login = "\(role.replacing("_", with: "-"))-\(unit.lowercased())"
        return try await world.site.actor(
            try await world.site.person(login, role: role, unit: unit, organization: organization))
    }

    /// - Throws: what is no refusal of rights: then the deed itself is wrong, and the table would lie.
    private func isAllowed(
        _ deed: MatrixDeed, _ world: MatrixWorld, _ actor: Actor, _ place: MatrixDeed.Place
    ) async throws -> Bool {
        do {
            try await deed.attempt(world, actor, place)
            return true
        } catch let problem as Problem where [403, 404].contains(problem.status) {
            return false
        } catch {
            Issue.record("\(deed.action) by \(actor.name) in \(place.district): \(error)")
            throw error
        }
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
