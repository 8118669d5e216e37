import Foundation
import JarshyKit
import Mustache
import Synchronization

/// All templates and words of the site, one compiled library a language.
///
/// Loading is strict: a missing word, partial or language is an error with every fault named. With `reload`, files are
/// read again when they have changed, and a faulty change is an error on the page instead of a dead server.
final class Pages: Sendable {
    struct Faulty: Error, CustomStringConvertible {
        let faults: [String]
        var description: String { faults.joined(separator: "\n") }
    }

    /// A page that asked for names its model does not have.
    struct Unknown: Error, CustomStringConvertible {
        let template: String
        let names: [String]
        var description: String { "template \(template): no \(names.joined(separator: ", "))" }
    }

    private struct Set: Sendable {
        let libraries: [Language: MustacheLibrary]
        let words: [Language: Words]
        let templates: [String]
    }

    private struct State: Sendable {
        var set: Set
        var readAt: Double
        var told: Swift.Set<String> = []
    }

    private let state: Mutex<State>
    private let home: Home
    private let reload: Bool
    private static let folders = ["Sources/Jarshy"]

    /// - Throws: `Faulty` naming every fault found.
    init(home: Home, reload: Bool = false) throws {
        self.home = home
        self.reload = reload
        let changed = reload ? home.newestChange(in: Pages.folders) : 0
        state = Mutex(State(set: try Pages.load(home), readAt: changed))
    }

    func words(_ language: Language) throws -> Words {
        guard let words = try current().words[language] else { throw Faulty(faults: ["no words in \(language)"]) }
        return words
    }

    var templates: [String] { state.withLock { $0.set.templates } }

    /// The HTML of a page.
    /// - Throws: `Unknown` in debug builds when the template asks for a name that is not there; a release build logs it
    ///   once (through `onFault`) and leaves the place empty.
    func render(
        _ template: String, _ model: any PageModel, frame: any PageModel, language: Language,
        onFault: (String) -> Void
    ) throws -> String {
        let faults = PageFaults()
        let root = PageNode(model, faults: faults, isRoot: true, extra: ["frame": frame])
        guard let html = try current().libraries[language]?.render(root, withTemplate: template) else {
            throw Unknown(template: template, names: ["template"])
        }
        guard !faults.names.isEmpty else { return html }
        let unknown = Unknown(template: template, names: faults.names)
        #if DEBUG
        throw unknown
        #else
        if state.withLock({ $0.told.insert(unknown.description).inserted }) { onFault(unknown.description) }
        return html
        #endif
    }

    private func current() throws -> Set {
        guard reload else { return state.withLock { $0.set } }
        let changed = home.newestChange(in: Pages.folders)
        return try state.withLock { state in
            if changed > state.readAt {
                state.set = try Pages.load(home)
                state.readAt = changed
            }
            return state.set
        }
    }

    private static func load(_ home: Home) throws -> Set {
        MustacheContentTypes.register(PageText(), named: PageText.name)
        var sources: [TemplateSource] = []
        var faults: [String] = []
        for feature in try home.features {
            for file in try home.names(in: "Sources/Jarshy/\(feature)/Templates") where file.hasSuffix(".mustache") {
                let name = String(file.dropLast(9))
                if sources.contains(where: { $0.name == name }) { faults.append("template \(name) exists twice") }
                let path = "Sources/Jarshy/\(feature)/Templates/\(file)"
                sources.append(TemplateSource(name: name, file: "\(feature)/\(file)", text: try home.text(path)))
            }
        }
        let catalogs = try Pages.catalogs(home)
        if let kk = catalogs[.kk], let ru = catalogs[.ru], let en = catalogs[.en] {
            faults += Catalog.differences(kk, ru, en)
        }
        let names = Swift.Set(sources.map(\.name))
        var libraries: [Language: MustacheLibrary] = [:]
        for (language, catalog) in catalogs {
            var compiled: [String: MustacheTemplate] = [:]
            for source in sources {
                var found: [TemplateSource.Fault] = []
                let text = source.prepared(catalog, templates: names, faults: &found)
                faults += found.map(\.description)
                guard found.isEmpty else { continue }
                do {
                    compiled[source.name] = try MustacheTemplate(string: PageText.pragma + text)
                } catch {
                    faults.append("\(source.file): \(error)")
                }
            }
            libraries[language] = MustacheLibrary(templates: compiled)
        }
        guard faults.isEmpty else { throw Faulty(faults: Array(Swift.Set(faults)).sorted()) }
        return Set(libraries: libraries, words: catalogs.mapValues(Words.init), templates: sources.map(\.name))
    }

    private static func catalogs(_ home: Home) throws -> [Language: Catalog] {
        var catalogs: [Language: Catalog] = [:]
        for language in Language.allCases {
            var files: [Catalog.File] = []
            for feature in try home.features {
                let path = "Sources/Jarshy/\(feature)/Messages/\(language.rawValue).txt"
                guard FileManager.default.fileExists(atPath: home.root.appendingPathComponent(path).path) else {
                    continue
                }
                files.append(Catalog.File(name: "\(feature)/\(language.rawValue).txt", text: try home.text(path)))
            }
            do {
                catalogs[language] = try Catalog(language: language, files: files)
            } catch {
                throw Faulty(faults: [error.description])
            }
        }
        return catalogs
    }
}

/// Escapes as the library does, in one pass over the bytes: its own took a sixth of the time of a board.
private struct PageText: MustacheContentType {
    static let name = "JARSHY_HTML"
    static let pragma = "{{% CONTENT_TYPE: \(name)}}"

    func escapeText(_ text: String) -> String { htmlEscaped(text) }
}
