/// Why a line of an import is refused: where it stands, what is wrong, and what to do. English, for the command line
/// and programs; `slug` is stable.
struct UnitFault: Sendable, Hashable, CustomStringConvertible {
    enum Slug: String, Sendable {
        case columns, encoding, quotes, code, name, kind, duplicate, parent, cycle, root, moved, succession
    }

    /// The line of the file, from 1; 0 when the file as a whole is meant.
    let line: Int
    let slug: Slug
    let detail: String

    init(_ line: Int, _ slug: Slug, _ detail: String) {
        self.line = line
        self.slug = slug
        self.detail = detail
    }

    var description: String { line > 0 ? "line \(line): \(detail)" : detail }
}
