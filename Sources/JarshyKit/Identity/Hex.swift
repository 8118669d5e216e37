/// Bytes as lowercase hexadecimal digits.
public enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    public static func encoded(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[index * 2] = digits[Int(byte >> 4)]
                buffer[index * 2 + 1] = digits[Int(byte & 15)]
            }
            return bytes.count * 2
        }
    }

    /// Nil for anything but pairs of lowercase digits: one value has one spelling.
    public static func decoded(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count.isMultiple(of: 2), !letters.contains(where: { (65...70).contains($0) }) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 2)
        for at in stride(from: 0, to: letters.count, by: 2) {
            guard let high = hexValue(letters[at]), let low = hexValue(letters[at + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
