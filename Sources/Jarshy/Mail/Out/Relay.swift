import CCurl
import Dispatch
import JarshyKit

/// The mail server that carries letters on, by SMTP through libcurl. A letter goes only with a pass of the gate.
struct Relay: Sendable {
    let settings: MailSettings

    /// What became of one attempt.
    enum Verdict: Sendable, Equatable {
        case accepted
        /// "Later", with the code.
        case later(Int)
        /// "No", with the code; `recipient` when it was said of the address.
        case no(Int, recipient: Bool)
        /// Nobody there, or the line broke before the letter was whole.
        case unreachable(String)
        /// The letter was whole when the line broke: nobody knows.
        case unsure
        /// The caller took it back at the last moment.
        case heldBack
    }

    struct Envelope: Sendable {
        /// Nil for `<>`: nothing comes back.
        let from: MailAddress?
        let to: MailAddress
    }

    /// - Parameter handing: called when all but the end of the letter is with the relay; false takes it back. It blocks the
    ///   transfer's own thread.
    func send(
        _ bytes: [UInt8], _ envelope: Envelope, with _: Release.Pass, handing: @escaping @Sendable () async -> Bool
    ) async -> Verdict {
        let transfer = RelayTransfer(bytes, envelope, settings, handing: handing)
        return await withCheckedContinuation { done in
            Relay.threads.async { done.resume(returning: transfer.run()) }
        }
    }

    private static let threads = DispatchQueue(label: "jarshy.relay", attributes: .concurrent)
}

/// One attempt on its own thread.
private final class RelayTransfer: @unchecked Sendable {
    // Used by one thread only: the one that runs `run`; libcurl calls back on it.
    private let bytes: [UInt8]
    private let envelope: Relay.Envelope
    private let settings: MailSettings
    private let handing: @Sendable () async -> Bool
    private var at = 0
    private var isHanded = false
    private var isHeldBack = false
    private var lines: [String] = []

    init(
        _ bytes: [UInt8], _ envelope: Relay.Envelope, _ settings: MailSettings, handing: @escaping @Sendable () async -> Bool
    ) {
        self.bytes = bytes
        self.envelope = envelope
        self.settings = settings
        self.handing = handing
    }

    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    func run() -> Relay.Verdict {
        guard Self.isReady, let handle = curl_easy_init() else { return .unreachable("libcurl") }
        defer { curl_easy_cleanup(handle) }
        let recipients = curl_slist_append(nil, "<\(envelope.to)>")
        defer { curl_slist_free_all(recipients) }
        let me = Unmanaged.passUnretained(self).toOpaque()
        // The name it greets with is ours, not the machine's.
        let url = settings.relay.hasSuffix("/") ? settings.relay : settings.relay + "/"
        let set = [
            ccurl_set_text(handle, CURLOPT_URL, url + settings.from.domain),
            ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            ccurl_set_text(handle, CURLOPT_MAIL_FROM, envelope.from.map { "<\($0)>" } ?? "<>"),
            ccurl_set_list(handle, CURLOPT_MAIL_RCPT, recipients), ccurl_set_long(handle, CURLOPT_UPLOAD, 1),
            ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1), ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT, 15),
            ccurl_set_long(handle, CURLOPT_TIMEOUT, 120), ccurl_set_long(handle, CURLOPT_USE_SSL, tls),
            ccurl_set_reader(handle, { buffer, size, count, context in
                RelayTransfer.at(context)?.read(buffer, size * count) ?? Int(CURL_READFUNC_ABORT)
            }, me),
            ccurl_set_writer(handle, { buffer, size, count, context in
                RelayTransfer.at(context)?.heard(buffer, size * count)
                return size * count
            }, me),
        ]
        let signed = signIn(handle)
        guard set.allSatisfy({ $0 == CURLE_OK }), signed else { return .unreachable("settings") }
        let result = curl_easy_perform(handle)
        return answer(result, code: ccurl_response(handle))
    }

    private var tls: Int {
        switch settings.tls {
        case .never: Int(CURLUSESSL_NONE.rawValue)
        case .whenOffered: Int(CURLUSESSL_TRY.rawValue)
        case .always: Int(CURLUSESSL_ALL.rawValue)
        }
    }

    private func signIn(_ handle: UnsafeMutableRawPointer) -> Bool {
        guard let user = settings.user, let password = settings.password else { return true }
        return ccurl_set_text(handle, CURLOPT_USERNAME, user) == CURLE_OK
            && ccurl_set_text(handle, CURLOPT_PASSWORD, password) == CURLE_OK
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> RelayTransfer? {
        context.map { Unmanaged<RelayTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// libcurl asks for more of the letter; 0 says that it is whole, and the final dot follows.
    private func read(_ buffer: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
        guard let buffer else { return Int(CURL_READFUNC_ABORT) }
        let count = min(room, bytes.count - at)
        if count == 0 {
            guard !isHanded else { return 0 }
            isHanded = waitForHanding()
            isHeldBack = !isHanded
            return isHanded ? 0 : Int(CURL_READFUNC_ABORT)
        }
        bytes.withUnsafeBytes { all in
            UnsafeMutableRawPointer(buffer).copyMemory(from: all.baseAddress!.advanced(by: at), byteCount: count)
        }
        at += count
        return count
    }

    /// Waits on this thread, which is no thread of the concurrency pool.
    private func waitForHanding() -> Bool {
        let (gate, handing, said) = (DispatchSemaphore(value: 0), handing, Said())
        Task.detached {
            said.yes = await handing()
            gate.signal()
        }
        gate.wait()
        return said.yes
    }

    private final class Said: @unchecked Sendable {
        // Written before the semaphore's signal, read after its wait.
        var yes = false
    }

    /// The relay's own lines, of which the last says what it thought.
    private func heard(_ buffer: UnsafeMutablePointer<CChar>?, _ count: Int) {
        guard let buffer, lines.count < 200 else { return }
        lines.append(String(decoding: UnsafeRawBufferPointer(start: buffer, count: count), as: UTF8.self))
    }

    private func answer(_ result: CURLcode, code: Int) -> Relay.Verdict {
        if isHeldBack { return .heldBack }
        if result == CURLE_OK { return .accepted }
        // A code of 400 and above is the relay's last word, also after the end of the letter.
        if (400..<500).contains(code) { return .later(code) }
        if code >= 500 {
            if result == CURLE_LOGIN_DENIED || result == CURLE_USE_SSL_FAILED { return .later(code) }
            return .no(code, recipient: !isHanded && hasOpenedEnvelope)
        }
        return isHanded ? .unsure : .unreachable(String(cString: curl_easy_strerror(result)))
    }

    /// The sender was accepted, so what was refused next is the recipient.
    private var hasOpenedEnvelope: Bool { lines.filter { $0.hasPrefix("250 ") }.count >= 2 }
}
