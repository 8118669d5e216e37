/// What somebody typed, as it is kept: line ends unified, controls and the marks that turn text around taken out, no spaces at
/// its ends.
public func cleanedTyping(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x0D: continue
        case 0x09: out.append(" ")
        case 0x0A: out.append(scalar)
        case 0..<0x20, 0x7F..<0xA0: continue
        // Zero-width marks and the ones that turn the direction of text: they only serve to deceive readers here.
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: continue
        default: out.append(scalar)
        }
    }
    var rest = String(out)[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
}
