import Foundation
import Hummingbird
import JarshyKit
import Logging
import NIOCore
import ServiceLifecycle
import Storage

/// The live parts of one server, put together. Nobody names App; it names everybody.
///
/// The order of things: a migrated database, the home folder with templates and words (both are checked here, and a
/// fault stops the start), the intake of the ledger, the bus that wakes open pages, and the site itself.
struct App: Sendable {
    let database: Database
    let live: Live
    let intake: Intake
    let people: PeopleParts
    let evidence: EvidenceStore
    /// Days after a campaign's end until originals of its evidence are deleted.
    let evidenceDays: Int64
    let site: Site
    let logger: Logger
    let clock: any JarshyKit.Clock
    /// Nil where no relay is named: letters wait.
    let sender: MailSender?

    struct Options: Sendable {
        /// Templates, words and styles are read again when they change.
        var reload = false
        var site = SiteOptions()
        var clock: any JarshyKit.Clock = SystemClock()
        /// Where files of evidence lie; nil: a folder of this process, for tests and tools.
        var files: URL?
        /// Free bytes on its disk below which no file is taken.
        var filesReserve: Int64 = 256 << 20
        var evidenceDays: Int64 = 180
        /// The relay for letters.
        var mail: MailSettings?
        /// How a sign-in under attack is held; tests do not wait.
        var pause: SignIn.Pause = { try await Task.sleep(for: .milliseconds($0)) }
    }

    init(_ database: Database, home: Home, options: Options = Options(), logger: Logger) throws {
        let live = Live()
        let metrics = Metrics(startedAtSeconds: Double(options.clock.now.milliseconds) / 1000)
        let people = PeopleParts(pause: options.pause, samples: SampleSignIns.all)
        let intake = Intake(database: database, kinds: SyncKinds.all, logger: logger) { units in live.publish(units: Array(units)) }
        let files = options.files ?? FileManager.default.temporaryDirectory.appendingPathComponent("jarshy-files-\(UUID().uuidString)")
        let evidence = EvidenceStore(files, reserve: options.filesReserve)
        let assets = try Assets(home: home, reload: options.reload)
        let migrations = try Migrations(home)
        let pages = try Pages(home: home, reload: options.reload)
        var siteOptions = options.site
        if options.reload { siteOptions.keepsPages = false }
        let routes = Contents.routes(
            ContentsParts(
                people: people, intake: intake, evidence: evidence, assets: assets, migrations: migrations, words: { try pages.words($0) }))
        let parts = SiteParts(
            database: database, pages: pages, assets: assets, live: live,
            metrics: metrics, doorkeeper: PeopleDoorkeeper(database), frames: Frames(navigation: Navigation(routes.list)),
            clock: options.clock, logger: logger, options: siteOptions)
        self.database = database
        self.live = live
        self.intake = intake
        self.people = people
        self.evidence = evidence
        evidenceDays = options.evidenceDays
        self.logger = logger
        let clock = options.clock
        self.clock = clock
        sender = options.mail.map { settings in
            MailSender(
                database: database, relay: Relay(settings: settings), writers: LetterWriters.all, words: { try pages.words($0) },
                clock: clock, logger: logger)
        }
        site = Site(routes.list, parts: parts)
    }

    /// The server as a service; `address` may have port 0 for any free one, which is then told through `onRunning`.
    func server(host: String, port: Int, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }) -> Application<Site> {
        Application(
            responder: site,
            server: .http1(configuration: .init(idleTimeout: .seconds(120))),
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            services: [
                live, Midnight(intake: intake, clock: clock, zone: .kazakhstan, logger: logger),
                SummaryClock(database: database, clock: clock, logger: logger),
                QuestionClock(database: database, clock: clock, logger: logger),
                SearchClock(database: database, sources: SearchSpaces.all.map(\.source), logger: logger),
                ProposalClock(database: database, clock: clock, logger: logger),
                CanvassClock(database: database, clock: clock, logger: logger),
                EvidenceClock(database: database, store: evidence, days: evidenceDays, clock: clock, logger: logger),
            ] + letters,
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            logger: logger)
    }

    /// Sends letters, where a relay is named.
    private var letters: [any Service] { sender.map { [MailClock(sender: $0, logger: logger)] } ?? [] }
}
