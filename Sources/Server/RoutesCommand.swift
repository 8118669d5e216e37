import ArgumentParser
import Jarshy

struct RoutesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "List every address with its method and its policy.")

    @OptionGroup var home: HomeOption

    func run() async throws {
        print(try await Commands.routes(home: home.home), terminator: "")
    }
}
