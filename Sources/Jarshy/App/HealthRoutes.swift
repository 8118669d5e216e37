import JarshyKit
import Storage

/// For machines: is it alive, is it ready, how much does it do; and the static files.
///
///     GET  /healthz              200 while the process answers
///     GET  /readyz               200 when the database answers and is migrated, else 503
///     GET  /metrics              Prometheus text
///     GET  /static/{hash}/{path*}
enum HealthRoutes {
    static func routes(_ site: inout Routes, _ assets: Assets, _ migrations: Migrations) {
        site.get("/healthz", .anonymous) { _ in .text("ok\n") }
        site.get("/readyz", .anonymous) { visit in
            do {
                let pending = try await migrations.pending(visit.database)
                guard pending.isEmpty else {
                    return .text("not migrated: \(pending.joined(separator: ", "))\n", status: 503)
                }
                return .text("ok\n")
            } catch is StorageError {
                return .text("the database does not answer\n", status: 503)
            } catch is Migrator.Fault {
                return .text("the database was migrated by another version\n", status: 503)
            }
        }
        site.get("/metrics", .anonymous) { visit in
            .text(visit.metrics.text(liveSubscribers: visit.live.subscribers))
                .header("content-type", "text/plain; version=0.0.4; charset=utf-8")
        }
        site.get("/static/{hash}/{path*}", .anonymous) { visit in
            guard let reply = assets.reply(hash: visit.parameter("hash"), path: visit.parameter("path")) else {
                throw Problem.notFound("file")
            }
            return reply
        }
        site.get("/favicon.ico", .anonymous) { _ in
            guard let file = assets.file("icons/favicon.svg") else { throw Problem.notFound("file") }
            return Reply(
                status: 200, headers: [("content-type", file.contentType), ("cache-control", "public, max-age=86400")],
                body: .bytes(file.bytes))
        }
    }
}
