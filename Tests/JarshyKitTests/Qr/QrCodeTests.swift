import Foundation
import JarshyKit
import Testing

/// The phone draws the same codes: Tests/Field/vectors/qr.json comes from its `qr.js` and is read by its tests too.
struct QrCodeTests {
    @Test func `every vector has the same modules here as on the phone`() throws {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let file = try Data(contentsOf: folder.appendingPathComponent("Field/vectors/qr.json"))
        let vectors = try #require(try JsonReader.read(Array(file)).list)
        #expect(vectors.count >= 7)
        for vector in vectors {
            let text = try #require(vector["text"]?.text)
            let code = try #require(QrCode(text))
            #expect(code.size == vector["size"].flatMap { $0.integer }.map(Int.init), "\(text.prefix(20))")
            // A row is its modules as binary digits after a leading 1, written in hexadecimal.
            let rows = (0..<code.size).map { y in
                let bits = "1" + (0..<code.size).map { code[$0, y] ? "1" : "0" }.joined()
                let padded = String(repeating: "0", count: (4 - bits.count % 4) % 4) + bits
                return stride(from: 0, to: padded.count, by: 4).map { at in
                    String(Int(padded.dropFirst(at).prefix(4), radix: 2) ?? 0, radix: 16)
                }.joined()
            }
            #expect(rows.joined(separator: " ") == vector["rows"]?.text, "\(text.prefix(20))")
        }
    }

    @Test func `every version from 1 to 20 is read by zbar`() throws {
        for length in [1, 14, 15, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666] {
            let text = String((0..<length).map { "abcdefghij/:.-"[String.Index(utf16Offset: $0 * 7 % 14, in: "abcdefghij/:.-")] })
            #expect(try readByZbar(try #require(QrCode(text))) == text, "\(length)")
        }
        #expect(try readByZbar(try #require(QrCode("Жаршы: қағаз тізім"))) == "Жаршы: қағаз тізім")
        #expect(QrCode(String(repeating: "x", count: 667)) == nil)
    }

    @Test func `the path draws exactly the dark modules`() throws {
        let code = try #require(QrCode("https://jarshy.example/who/7K3M9QXD2T"))
        var dark: Set<[Int]> = []
        for piece in code.path.split(separator: "M") {
            let numbers = piece.split { !$0.isNumber }.compactMap { Int($0) }
            #expect(numbers.count == 5 && numbers[2] == numbers[4] && numbers[3] == 1)
            for x in numbers[0]..<(numbers[0] + numbers[2]) { dark.insert([x - 4, numbers[1] - 4]) }
        }
        for y in 0..<code.size { for x in 0..<code.size { #expect(dark.contains([x, y]) == code[x, y]) } }
        #expect(code.side == code.size + 8)
    }

    /// The code as a bitmap (PBM, 4 pixels a module, quiet zone) through `zbarimg` of zbar-tools.
    private func readByZbar(_ code: QrCode) throws -> String {
        let scale = 4
        let side = code.side * scale
        var picture = "P1\n\(side) \(side)\n"
        for y in 0..<side {
            for x in 0..<side {
                let (column, row) = (x / scale - 4, y / scale - 4)
                let inside = column >= 0 && row >= 0 && column < code.size && row < code.size
                picture += inside && code[column, row] ? "1" : "0"
            }
            picture += "\n"
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("qr-\(UUID().uuidString).pbm")
        try Data(picture.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zbarimg")
        process.arguments = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let out = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: out, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
