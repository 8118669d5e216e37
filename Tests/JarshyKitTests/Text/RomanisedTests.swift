import JarshyKit
import Testing

struct RomanisedTests {
    @Test(arguments: [
        ("Талғар", "Talgar"), ("Қызылорда", "Kyzylorda"), ("Алматы", "Almaty"), ("Шеңгелді", "Shengeldi"),
        ("Жетісу", "Zhetisu"), ("Қарағанды", "Karagandy"), ("Байқоңыр", "Baykonyr"), ("ШЫҒЫС", "SHYGYS"),
        ("Н.Ілиясов атындағы", "N.Iliyasov"), ("2-ауыл", "2-auyl"), ("Щучинск", "Shchuchinsk"),
        ("Батыс Қазақстан", "West Kazakhstan"), ("", ""),
    ])
    func `spells Kazakh names in Latin`(kazakh: String, latin: String) {
        #expect(romanised(kazakh) == latin)
    }
}
