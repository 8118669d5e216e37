import JarshyKit
import Storage

/// A page on which a stranger follows something by its number: the number travels in the body of a form, and nobody keeps the
/// page.
enum NumberForm {
    /// The number as it was typed.
    /// - Throws: 422 at the field.
    static func number(_ visit: Visit) throws -> TrackingNumber {
        guard let number = TrackingNumber(visit.form.text("number")) else {
            throw Problem.invalid([Problem.Fault("number", "no-number", "A number has 12 letters and digits.")])
        }
        return number
    }

    /// A wrong number is told on the form; it is a refusal to a browser and a 404 to a program.
    static func told(
        _ visit: Visit, template: String, _ head: PageHead, refused: (Problem) -> any PageModel, _ work: () async throws -> Reply
    ) async throws -> Reply {
        do {
            return try await work().header("cache-control", "no-store")
        } catch let problem as Problem where !visit.wantsJson && [404, 409, 422, 429].contains(problem.status) {
            var reply = Reply.page(template, refused(problem), head).header("cache-control", "no-store")
            reply.status = problem.status
            return reply
        }
    }
}
