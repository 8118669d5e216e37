import Foundation
import Synchronization

/// A line on standard error that says how far long work has come; silent when nobody watches.
final class ProgressBar: Sendable {
    private let what: String
    private let isWatched = isatty(2) == 1
    private let shown = Mutex(-1)
    private static let width = 30

    init(_ what: String) { self.what = what }

    func show(_ done: Int, of all: Int) {
        guard isWatched, all > 0 else { return }
        let share = min(100, done * 100 / all)
        let isNews = shown.withLock { shown in
            defer { shown = share }
            return shown != share
        }
        guard isNews else { return }
        let full = share * Self.width / 100
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.width - full)
        write("\r[\(bar)] \(share)% \(done) / \(all) \(what)")
    }

    func clear() {
        if isWatched { write("\r\u{1B}[2K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

func printError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
