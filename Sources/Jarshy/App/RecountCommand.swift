import JarshyKit
import Storage

extension Commands {
    /// Recomputes every stored total from the ledger and again from the reports, and every stock of materials from its entries.
    /// Reads only, and may run beside a server.
    ///
    /// - Returns: what to print, a line each, and whether everything agreed.
    public static func recount(database url: String) async throws -> (lines: [String], isClean: Bool) {
        let database = try Database.open(url)
        let finding = try await Recount.run(database, parts: RecountParts.all)
        try await database.close()
        var lines = finding.differences.prefix(Recount.mostListed).map(\.description)
        if finding.differences.count > lines.count { lines.append("… and \(finding.differences.count - lines.count) more") }
        lines.append(
            finding.isClean
                ? "clean: \(finding.reports) reports, \(finding.entries) entries; every stored total equals its recomputation"
                : "\(finding.differences.count) differences")
        return (lines, finding.isClean)
    }
}
