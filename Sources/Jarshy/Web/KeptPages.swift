import JarshyKit
import Storage
import Synchronization

/// Public pages kept as they were rendered, until what they show changes.
///
/// A page is kept under its address, the language and the day, with the stamps that were read *before* it was made. It is
/// shown only under the same stamps, read anew for every request, so a change shows at once, whoever made it: this server,
/// another one on the same database, the command line. Requests that come together share one reading. Nothing is kept for
/// anybody who is signed in, and a browser that asks for a page afresh gets it rendered.
final class KeptPages: Sendable {
    struct Key: Hashable, Sendable {
        let address: String
        let language: Language
        let day: Day
    }

    typealias Stamps = [String: Int64]

    private struct Page: Sendable {
        let stamps: Stamps
        let html: [UInt8]
        let gzip: [UInt8]
        var used: UInt64
        var bytes: Int { html.count + gzip.count }
    }

    private struct State: Sendable {
        var pages: [Key: Page] = [:]
        var bytes = 0
        var clock: UInt64 = 0
    }

    private let state = Mutex(State())
    private let most: Int
    private let stamps: SharedRead<Stamps>

    /// - Parameter most: bytes of pages kept at most; those shown longest ago go first.
    init(_ database: Database, most: Int = 32 << 20) {
        self.most = most
        stamps = SharedRead { try await database.read { db in try PageStamp.all(in: db) } }
    }

    /// The stamps as they stand: of a reading that began after this was asked.
    func current() async throws -> Stamps { try await stamps.value() }

    func find(_ key: Key, _ stamps: Stamps) -> Reply? {
        state.withLock { state in
            guard let page = state.pages[key], page.stamps == stamps else { return nil }
            state.clock += 1
            state.pages[key]?.used = state.clock
            return KeptPages.reply(page.html, page.gzip)
        }
    }

    /// Keeps a page that was rendered after `stamps` had been read, and answers with it.
    func keep(_ html: [UInt8], _ key: Key, _ stamps: Stamps) -> Reply {
        guard let gzip = Gzip.packed(html) else { return KeptPages.reply(html, nil) }
        let page = Page(stamps: stamps, html: html, gzip: gzip, used: 0)
        state.withLock { state in
            state.clock += 1
            state.bytes += page.bytes - (state.pages[key]?.bytes ?? 0)
            state.pages[key] = page
            state.pages[key]?.used = state.clock
            guard state.bytes > most else { return }
            // A quarter at once: not a search for the oldest at every page.
            for (old, dropped) in state.pages.sorted(by: { $0.value.used < $1.value.used }) where state.bytes > most / 4 * 3 {
                state.pages[old] = nil
                state.bytes -= dropped.bytes
            }
        }
        return KeptPages.reply(html, gzip)
    }

    var count: Int { state.withLock { $0.pages.count } }

    private static func reply(_ html: [UInt8], _ gzip: [UInt8]?) -> Reply {
        let body: Reply.Body = gzip.map { .packed(html, gzip: $0) } ?? .bytes(html)
        return Reply(status: 200, headers: [("content-type", "text/html; charset=utf-8")], body: body)
    }
}

/// One reading serves everybody who asked before it began; whoever asks while it runs waits for the next one.
final class SharedRead<Value: Sendable>: Sendable {
    private struct State: Sendable {
        var waiting: [CheckedContinuation<Value, any Error>] = []
        var isRunning = false
    }

    private let state = Mutex(State())
    private let read: @Sendable () async throws -> Value

    init(_ read: @escaping @Sendable () async throws -> Value) { self.read = read }

    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let starts = state.withLock { state in
                state.waiting.append(continuation)
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if starts { Task { await run() } }
        }
    }

    private func run() async {
        while true {
            let served = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isRunning = false }
                return state.waiting
            }
            guard !served.isEmpty else { return }
            do {
                let value = try await read()
                for continuation in served { continuation.resume(returning: value) }
            } catch {
                for continuation in served { continuation.resume(throwing: error) }
            }
        }
    }
}
