import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Search")
struct SearchTests {
    private static let answers = [
        ("a1", "kk", "Дауыс беру сағат жетіден жиырмаға дейін өтеді. Учаскеге жеке куәлікпен келіңіз."),
        ("a2", "kk", "Плакаттар тек әкімдік белгілеген орындарға ілінеді. Бағанға немесе ағашқа ілуге болмайды."),
        ("a3", "ru", "Голосовать на дому может избиратель, который не выходит по болезни. Заявление принимает участковая комиссия."),
        ("a4", "ru", "Расписание школьного автобуса вывешено на остановке и на сайте района."),
        ("a5", "kk", "Балабақшаға кезекке тұру үшін электронды үкімет порталында өтініш беріледі."),
    ]

    private static func id(_ external: String) -> ID<Never> { ID(high: 1, low: UInt64(external.dropFirst())!) }

    private static func fill(_ database: Database) async throws {
        try await database.write { db in
            let index = try SearchIndex("answers", in: db)
            try index.put(
                answers.map {
                    SearchDocument(id: id($0.0), external: $0.0, language: $0.1, isOpen: true, texts: [$0.2])
                })
            try index.flush()
        }
    }

    private static func first(_ question: String, _ database: Database) async throws -> String? {
        try await database.read { db in try SearchQuery(space: "answers", text: question).run(in: db).first?.external }
    }

    @Test(
        "one answer is found however it is asked: inflected, without the letters, in three Latin spellings, mixed",
        arguments: Dialect.allCases)
    func spellings(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await Self.fill(world.database)
        for (question, answer) in [
            ("Плакатты қай жерге ілуге болады?", "a2"), ("Плакатты кай жерге илуге болады", "a2"),
            ("plakatty qai jerge iluge bolady", "a2"), ("Plakattı qay jerge ilwge boladı", "a2"),
            ("Куда можно плакат ілуге болады?", "a2"), ("дауыс беру нешеде басталады", "a1"),
            ("как проголосовать дома больному избирателю", "a3"), ("kak progolosovat doma", "a3"),
            ("балабақшаның кезегі", "a5"), ("когда школьные автобусы ходят", "a4"),
        ] {
            #expect(try await Self.first(question, world.database) == answer, "\(question)")
        }
        try await world.test.close()
    }

    @Test("what is put again replaces, what is removed is found no more, and both engines say the same", arguments: Dialect.allCases)
    func changes(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await Self.fill(world.database)
        try await world.database.write { db in
            let index = try SearchIndex("answers", in: db)
            try index.put([
                SearchDocument(id: Self.id("a2"), external: "a2", language: "kk", isOpen: true, texts: ["Көпір жазда жөнделеді."])
            ])
            try index.remove([Self.id("a5")])
            try index.flush()
        }
        #expect(try await Self.first("көпірді жөндеу", world.database) == "a2")
        #expect(try await Self.first("балабақша кезегі", world.database) != "a5")
        let counts = try await world.database.read { db in
            try db.first("SELECT passages, next FROM search_space WHERE name = 'answers'") { row in
                [try row.next(Int64.self), try row.next(Int64.self)]
            }
        }
        #expect(counts == [4, 6])
        try await world.test.close()
    }

    @Test("what is not open is found only by those to whom its feature opens it", arguments: Dialect.allCases)
    func scope(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await world.database.write { db in
            let index = try SearchIndex("questions", in: db)
            try index.put((1...90).map { n in
                SearchDocument(id: Self.id("q\(n)"), unit: UnitNo(7), isOpen: n == 5, texts: ["Жол қашан жөнделеді? \(n)"])
            })
            try index.flush()
        }
        let found = try await world.database.read { db in
            var search = SearchQuery(space: "questions", text: "жол жөндеу", limit: 3)
            let nobody = try search.run(in: db).map(\.document)
            // The one that is opened stands behind all the others.
            search.opens = { ids, _ in Set(ids).intersection([Self.id("q90")]) }
            let one = try search.run(in: db).map(\.document)
            search.opens = { ids, _ in Set(ids) }
            return [nobody, one, try search.run(in: db).map(\.document)]
        }
        #expect(found[0] == [Self.id("q5")])
        #expect(Set(found[1]) == [Self.id("q5"), Self.id("q90")])
        #expect(found[2].count == 3)
        try await world.test.close()
    }

    @Test("of two that say the same, the one in the asker's language is first", arguments: Dialect.allCases)
    func language(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await world.database.write { db in
            let index = try SearchIndex("answers", in: db)
            try index.put([
                SearchDocument(id: Self.id("a1"), external: "kk", language: "kk", isOpen: true, texts: ["Референдум 15 наурыз"]),
                SearchDocument(id: Self.id("a2"), external: "ru", language: "ru", isOpen: true, texts: ["Референдум 15 марта"]),
            ])
            try index.flush()
        }
        #expect(try await Self.first("референдум қашан", world.database) == "kk")
        #expect(try await Self.first("qashan referendum", world.database) == "kk")
        #expect(try await Self.first("когда референдум", world.database) == "ru")
        #expect(try await Self.first("kogda referendum", world.database) == "ru")
        try await world.test.close()
    }
}

@Suite struct PostingsTests {
    @Test(arguments: 0..<40)
    func `what is packed comes out again`(_ seed: UInt64) {
        var random = SystemRandomNumberGenerator()
        var (postings, model) = (Postings(), [Int: Int]())
        for _ in 0..<300 {
            let (place, count) = (Int.random(in: 0..<4096, using: &random), Int.random(in: 0...9, using: &random))
            postings.set(place, count: count)
            model[place] = count == 0 ? nil : min(count, Postings.mostCount)
        }
        let again = Postings(packed: postings.packed)
        #expect(again.pairs.map(\.place) == model.keys.sorted() && again == postings)
        #expect(again.pairs.allSatisfy { model[$0.place] == $0.count })
    }
}
