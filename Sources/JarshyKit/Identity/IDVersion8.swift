extension ID {
    /// A UUID of version 8 (RFC 9562, 5.8) from the first 16 of these bytes, such as a hash or an HMAC: all of their bits but
    /// the six that version and variant take. Nil when there are fewer.
    public init?(version8 bytes: some Sequence<UInt8>) {
        guard let id = ID(bytes: bytes.prefix(16)) else { return nil }
        self.init(
            high: id.high & 0xFFFF_FFFF_FFFF_0FFF | 0x8000, low: id.low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }
}
