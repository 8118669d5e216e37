import JarshyKit

/// A file that came with a form.
struct UploadedFile: Sendable {
    /// The form field it came in.
    let field: String
    /// The name on the sender's disk, without its folders; never used as a path.
    let name: String
    let contentType: String
    let bytes: [UInt8]
}

/// A `multipart/form-data` body (RFC 7578) that is already in memory; its size was bounded before.
enum Multipart {
    static func read(_ body: [UInt8], boundary: String) throws -> (fields: Fields, files: [UploadedFile]) {
        var fields = Fields()
        var files: [UploadedFile] = []
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter has no line end before it.
        let bytes = [13, 10] + body
        guard var at = find(delimiter, in: bytes, from: 0) else { throw broken }
        while true {
            at += delimiter.count
            if bytes[at...].starts(with: [45, 45]) { return (fields, files) }
            guard bytes[at...].starts(with: [13, 10]) else { throw broken }
            at += 2
            guard let next = find(delimiter, in: bytes, from: at - 2),
                let gap = find([13, 10, 13, 10], in: bytes, from: at - 2), gap + 2 <= next
            else { throw broken }
            let headers = try self.headers(bytes[min(at, gap)..<gap])
            let content = gap + 4 <= next ? Array(bytes[(gap + 4)..<next]) : []
            guard fields.list.count + files.count < 10_000 else {
                throw Problem.tooLarge("The form has more than 10,000 parts.")
            }
            let (name, file) = try disposition(headers["content-disposition"] ?? "")
            if let file {
                // An empty file field sends a part with no name and no bytes.
                if !file.isEmpty || !content.isEmpty {
                    files.append(
                        UploadedFile(
                            field: name, name: bare(file),
                            contentType: headers["content-type"] ?? "application/octet-stream", bytes: content))
                }
            } else {
                guard !content.contains(0), let text = String(validating: content, as: UTF8.self) else { throw notUTF8 }
                fields.append(name, text)
            }
            at = next
        }
    }

    /// The boundary named by a Content-Type header; nil when it is no multipart form.
    static func boundary(of contentType: String) -> String? {
        guard contentType.lowercased().hasPrefix("multipart/form-data") else { return nil }
        for part in contentType.split(separator: ";").dropFirst() {
            let halves = part.split(separator: "=", maxSplits: 1).map { String($0).trimmingSpaces() }
            guard halves.count == 2, halves[0].lowercased() == "boundary" else { continue }
            let value = halves[1].hasPrefix("\"") ? String(halves[1].dropFirst().dropLast()) : halves[1]
            return value.isEmpty || value.utf8.count > 200 ? nil : value
        }
        return nil
    }

    private static let broken = Problem("bad-form", status: 400, "The multipart form cannot be read.")
    private static let notUTF8 = Problem("bad-encoding", status: 400, "A part of the form is not UTF-8.")

    private static func headers(_ bytes: ArraySlice<UInt8>) throws -> [String: String] {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw notUTF8 }
        var headers: [String: String] = [:]
        for line in text.split(separator: "\r\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            if halves.count == 2 { headers[halves[0].lowercased()] = String(halves[1]).trimmingSpaces() }
        }
        return headers
    }

    /// `form-data; name="a"; filename="b"`; browsers write a quote inside as `%22`.
    private static func disposition(_ header: String) throws -> (name: String, file: String?) {
        var name: String?
        var file: String?
        var rest = header[...]
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " }
            guard let equals = rest.firstIndex(of: "=") else { break }
            let key = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                let end = rest.firstIndex(of: "\"") ?? rest.endIndex
                value = String(rest[..<end]).replacing("%22", with: "\"")
                rest = rest[end...]
            } else {
                let end = rest.firstIndex(of: ";") ?? rest.endIndex
                value = String(rest[..<end]).trimmingSpaces()
                rest = rest[end...]
            }
            if key == "name" { name = value } else if key == "filename" { file = value }
        }
        guard let name else { throw broken }
        return (name, file)
    }

    private static func bare(_ name: String) -> String {
        String(name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? "")
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= needle.count, start <= bytes.count - needle.count else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            needle.withUnsafeBufferPointer { needle in
                var at = start
                let last = bytes.count - needle.count
                while at <= last {
                    if bytes[at] == needle[0] {
                        var same = 1
                        while same < needle.count, bytes[at + same] == needle[same] { same += 1 }
                        if same == needle.count { return at }
                    }
                    at += 1
                }
                return nil
            }
        }
    }
}
