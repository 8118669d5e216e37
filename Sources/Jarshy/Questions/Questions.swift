import JarshyKit

/// Questions of residents and their way to an answer.
///
/// **Nouns.** A *question* is what a resident asked, in the resident's words and language, with no name and no address. Its
/// *head* is the question whose answer serves it: forty who ask the same are one head and 39 joined to it. A *contact*
/// lies apart, is seen only by the organisation that took it, serves the answer, and is deleted on its day. A *tracking
/// number* is shown once and kept as a hash. The *desk* says in whose name a campaign takes questions and its terms;
/// *topics* and *experts* say who answers.
///
/// **States** (of a head; what is joined shows its head's): new → with the expert ⇄ the asker is asked back → the answer is
/// checked by a second person → answered → published (→ with the expert again, when the answer is withdrawn); or not published, for a reason of the code
/// (`Question.state(after:from:hasExpert:)` is the whole table). Late is worked out when read, never stored. The term counts
/// working days and stands still while the asker is asked back.
///
/// **Invariants.** A head's head is itself; `asked` of a head is the number of questions residents asked that it serves;
/// undoing a joining restores what it moved; an asker reads the own words and nobody else's; nothing is declined without a
/// reason; no contact of anybody under 16 is kept.
///
///     GET  /ask                      POST /ask                       anybody: ask
///     GET  /api/v1/asked              ?q=                            what may serve a question while it is typed
///     GET  /ask/rules                the published code of moderation and the terms
///     GET  /question                 POST /question                  anybody: what became of it, by number (in the form)
///     POST /question/clarification   the asker says more
///     GET  /questions                GET /questions.csv              the queue
///     GET  /questions/new            POST /questions/new             take a question down
///     GET  /questions/desk           POST /questions/desk, /questions/topics, /questions/experts, …/experts/{id}/end
///     GET  /questions/{id}           POST /questions/{id}/{topic,send,ask-back,clarified,join,part,undo,decline,restore,note,contact,told}
///     POST /questions/{id}/{answer,send-back}                        the expert writes, the second person sends back
///     GET  /answers                  GET /answers/{id}               anybody: the bank, the most asked first
///     POST /answers/{id}/press       anybody: was your question answered?
///     POST /meetings/{id}/press      anybody, after a public event
///     GET  /answers/{id}/work        POST /answers/{id}/{rewrite,approve,recheck,withdraw}
///     kinds of /api/v1/sync: question.ask, question.clarified, question.told
enum Questions {
    static func routes(_ site: inout Routes, intake: Intake) {
        AskPages.routes(&site)
        AskedBeforeApi.routes(&site)
        TrackPages.routes(&site)
        QuestionQueue.routes(&site)
        TakeQuestion.routes(&site, intake: intake)
        DeskPages.routes(&site)
        AnswerPages.routes(&site)
        PressPages.routes(&site)
        QuestionPages.routes(&site, intake: intake)
    }
}
