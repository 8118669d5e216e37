import JarshyKit
import Storage

extension Commands {
    /// Builds every search space anew, one after the other.
    ///
    /// - Returns: what was done, a line a space.
    public static func reindex(
        database url: String, progress: @escaping @Sendable (_ done: Int, _ all: Int) -> Void
    ) async throws -> [String] {
        let database = try Database.open(url)
        do {
            var lines: [String] = []
            for rule in SearchSpaces.all {
                let made = try await SearchBuild(rule.source).run(in: database, progress: progress)
                lines.append("\(rule.space): \(made) documents")
            }
            try await database.close()
            return lines
        } catch {
            try? await database.close()
            throw error
        }
    }
}
