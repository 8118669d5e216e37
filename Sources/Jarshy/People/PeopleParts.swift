import JarshyKit
import Storage

/// The live parts of People.
struct PeopleParts: Sendable {
    let passwords: Passwords
    let setup: SetupCode
    /// How a sign-in to an account under attack is held; tests do not wait.
    let pause: SignIn.Pause
    /// Sign-ins shown on the page of a database with sample data; none elsewhere.
    let samples: @Sendable (any Reading) throws -> [SampleSignIn]

    init(
        passwords: Passwords = Passwords(), setup: SetupCode = SetupCode(),
        pause: @escaping SignIn.Pause = { try await Task.sleep(for: .milliseconds($0)) },
        samples: @escaping @Sendable (any Reading) throws -> [SampleSignIn] = { _ in [] }
    ) {
        self.passwords = passwords
        self.setup = setup
        self.pause = pause
        self.samples = samples
    }
}

/// A sign-in of the demo: real accounts of invented people, all with one password, which the sign-in page tells.
struct SampleSignIn: Sendable {
    static let password = "jarshy-demo"

    let login: String
    let role: Trio
}
