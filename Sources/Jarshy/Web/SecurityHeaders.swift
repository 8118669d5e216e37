/// Headers on every answer, all of them on every document. No inline script or style anywhere, nothing from other sites, no framing.
enum SecurityHeaders {
    static let policy = [
        "default-src 'self'", "img-src 'self' data: blob:", "object-src 'none'", "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// - Parameter isPart: a script or a sheet that a page loads. What governs documents and workers says nothing there, and
    ///   the field app loads thirty of them over a bad network.
    static func list(https: Bool, isPart: Bool) -> [(name: String, value: String)] {
        var list = [
            (name: "x-content-type-options", value: "nosniff"),
            (name: "cross-origin-resource-policy", value: "same-origin"),
        ]
        if !isPart {
            list += [
                (name: "content-security-policy", value: policy),
                (name: "referrer-policy", value: "same-origin"),
                (name: "cross-origin-opener-policy", value: "same-origin"),
                (name: "permissions-policy", value: "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"),
            ]
        }
        if https { list.append((name: "strict-transport-security", value: "max-age=31536000; includeSubDomains")) }
        return list
    }
}
