import JarshyKit

/// A sign-in name: Latin letters, digits, dots, hyphens and underscores, 2 to 40 of them, beginning with a letter.
struct Login: Sendable, Hashable, CustomStringConvertible {
    let text: String
    var description: String { text }

    /// Reads what was typed: case and spaces around it do not matter. Nil for anything that is no sign-in name.
    init?(_ typed: String) {
        let folded = Login.folded(typed)
        guard (2...40).contains(folded.utf8.count), let first = folded.utf8.first, (97...122).contains(first),
            folded.utf8.allSatisfy({ byte in
                (97...122).contains(byte) || (48...57).contains(byte) || byte == 46 || byte == 45 || byte == 95
            })
        else { return nil }
        text = folded
    }

    /// What was typed in the form that accounts are looked up and attempts are counted by; never longer than 64 bytes.
    static func folded(_ typed: String) -> String {
        String(typed.trimmingSpaces().lowercased().prefix(64))
    }
}
