import JarshyKit
import NIOCore
import Storage

/// Turns whatever was thrown into the one kind of problem that leaves the server.
enum Faults {
    /// - Returns: the problem, and true when a human must look at the error.
    static func problem(for error: any Error) -> (problem: Problem, isBroken: Bool) {
        switch error {
        case let problem as Problem:
            return (problem, problem.status >= 500 && problem.status != 503)
        case is SignInNeeded:
            return (
                Problem("sign-in", status: 401, "Sign in, or send a valid token as 'Authorization: Bearer …'."), false
            )
        case let fault as JsonReader.Fault:
            let detail = "The JSON cannot be read at line \(fault.line), column \(fault.column): \(fault.reason)."
            return (
                Problem(
                    "bad-json", status: 400, detail,
                    slots: ["line": String(fault.line), "column": String(fault.column)]), false
            )
        case is NIOTooManyBytesError:
            return (Problem.tooLarge("The body is larger than this address takes."), false)
        case let error as StorageError where error.isTransient:
            return (Problem("busy", status: 503, "The database is busy; send the same again in a moment."), false)
        case is CancellationError:
            return (Problem("busy", status: 503, "The request was cut off; send the same again."), false)
        default:
            return (Problem("broken", status: 500, "Something went wrong here; the request's id is in the log."), true)
        }
    }

    /// Headers that go with a status.
    static func headers(_ problem: Problem, bearer: Bool) -> [(name: String, value: String)] {
        switch problem.status {
        case 401 where bearer: [("www-authenticate", "Bearer")]
        case 429: [("retry-after", problem.slots["seconds"] ?? "5")]
        case 503: [("retry-after", "2")]
        default: []
        }
    }
}
