import Foundation

/// A PostgreSQL server for this process alone: in a folder under /tmp, on a free port of 127.0.0.1, gone when the
/// process is, even when it is killed.
///
/// `fsync` stays on, so that tests see the times of a real commit; `JARSHY_TEST_FSYNC=off` makes a slow disk bearable.
enum LocalCluster {
    /// Starts the server and returns a superuser's URL.
    static func start() throws -> String {
        let me = ProcessInfo.processInfo.processIdentifier
        let folder = "/tmp/jarshy-test-pg-\(me)"
        let bin = try programs()
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if isRoot { try command("/bin/chown", ["postgres", folder]) }
        // Before there is a server, so that one is never left alone.
        try watch(me, folder: folder, bin: bin)
        try server(
            "\(bin)/initdb",
            [
                "-D", "\(folder)/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                "--no-instructions", "--no-sync",
            ])
        let fsync = ProcessInfo.processInfo.environment["JARSHY_TEST_FSYNC"] == "off" ? "off" : "on"
        let port = try freePort()
        let settings = [
            "-p \(port)", "-k \(folder)", "-c listen_addresses=127.0.0.1", "-c fsync=\(fsync)",
            "-c max_connections=400",
            "-c shared_buffers=64MB", "-c max_wal_size=256MB", "-c timezone=UTC",
        ]
        try server(
            "\(bin)/pg_ctl",
            [
                "-D", "\(folder)/data", "-l", "\(folder)/log", "-w", "-t", "60", "-o",
                settings.joined(separator: " "), "start",
            ])
        return "postgres://postgres@127.0.0.1:\(port)/postgres"
    }

    private static var isRoot: Bool { geteuid() == 0 }

    /// The newest server Debian installed, or the one `pg_config` names.
    private static func programs() throws -> String {
        let base = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []).compactMap(Int.init)
        if let newest = versions.max() { return "\(base)/\(newest)/bin" }
        for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
            if FileManager.default.isExecutableFile(atPath: "\(folder)/initdb") { return String(folder) }
        }
        throw TestCluster.Failure(
            description: "no PostgreSQL server: apt-get install postgresql, or set JARSHY_TEST_POSTGRES")
    }

    /// The server refuses to run as root.
    private static func server(_ program: String, _ arguments: [String]) throws {
        if isRoot {
            try command(
                "/usr/bin/setpriv",
                ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", program] + arguments)
        } else {
            try command(program, arguments)
        }
    }

    /// Runs a program to its end. Not by Foundation's `Process`, which waits for every child that keeps an inherited
    /// descriptor open, and so for the server itself.
    private static func command(_ program: String, _ arguments: [String]) throws {
        let log = "/tmp/jarshy-test-pg-\(ProcessInfo.processInfo.processIdentifier).err"
        defer { unlink(log) }
        let child = try spawn(program, arguments, log: log)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else {
            let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            throw TestCluster.Failure(description: "\(program) failed (\(status)): \(said)")
        }
    }

    private static func spawn(_ program: String, _ arguments: [String], log: String) throws -> pid_t {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&files, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // The server must not keep this process's output open: whoever reads it to its end would wait for the server.
        for descriptor in 3..<1024 { posix_spawn_file_actions_addclose(&files, Int32(descriptor)) }
        // A folder the server's user may enter; this process may stand in one that is closed to it.
        let line = ["/bin/sh", "-c", "cd /tmp && exec \"$0\" \"$@\"", program] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var child: pid_t = 0
        let code = posix_spawn(&child, "/bin/sh", &files, nil, words, environ)
        guard code == 0 else {
            throw TestCluster.Failure(description: "\(program): \(String(cString: strerror(code)))")
        }
        return child
    }

    /// A shell in a session of its own outlives this process however it ends, and stops the server then.
    private static func watch(_ parent: Int32, folder: String, bin: String) throws {
        let asServer = isRoot ? "setpriv --reuid=postgres --regid=postgres --init-groups -- " : ""
        let script = """
            cd /tmp
            while kill -0 \(parent) 2>/dev/null; do sleep 0.5; done
            \(asServer)\(bin)/pg_ctl -D \(folder)/data -m immediate -w stop
            rm -rf \(folder) /tmp/jarshy-test-\(parent)
            """
        _ = try spawn("/usr/bin/setsid", ["/bin/sh", "-c", script], log: "/dev/null")
    }

    private static func freePort() throws -> UInt16 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
            }
        }
        guard isBound else { throw TestCluster.Failure(description: "no free port on 127.0.0.1") }
        return UInt16(bigEndian: address.sin_port)
    }
}
