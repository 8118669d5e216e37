import JarshyKit

/// Proposals of residents and what became of them.
///
/// **Nouns.** A *proposal* is what a resident proposed, in the resident's words and language, with no name and no address. Its
/// *head* is the proposal whose decision serves it: a mass mailing is one head and N *senders*, shown apart from the number
/// of proposals. Its *title* is the wording the public reads. A *step* is a decision with its reason. A *task* is what an
/// accepted one became: a title, the unit responsible, a day; the work itself is kept elsewhere. *Near* are texts that say
/// almost the same (`Likeness`): the server points at them, a person gathers them or says that they differ. Contacts,
/// tracking numbers, the desk and its terms are those of questions.
///
/// **States** (of a head; what is gathered shows its head's): new → considered → accepted or declined; back to considered by
/// the staff, or once by a sender who does not agree; or not published, for a reason of the published code
/// (`Proposal.state(after:from:)` is the whole table).
///
/// **Invariants.** No step without a reason in the language of every sender it serves; what is public has a wording of its own,
/// and holds no word of a sender, no name of a sender and no contact; a head's head is itself; `senders` of a head is the
/// number it serves; undoing a gathering restores what it moved; a sender reads the own words and nobody else's; an accepted
/// proposal has exactly one task that has not ended.
///
///     GET  /propose                     POST /propose                   anybody: propose
///     GET  /proposal                    POST /proposal                  anybody: what became of it, by number (in the form)
///     POST /proposal/objection                                          a sender does not agree
///     GET  /proposals                   GET  /proposals/{id}            anybody: what is public, with the whole history
///     GET  /proposals/queue             GET  /proposals/queue/new       the staff's queue; take one down
///     POST /proposals/queue/new
///     GET  /proposals/{id}/work         POST /proposals/{id}/{consider,accept,decline,reopen}
///     POST /proposals/{id}/{gather,differ,undo,part,hide,restore,contact}
///     kind of /api/v1/sync: proposal.make
enum Proposals {
    static func routes(_ site: inout Routes, intake: Intake) {
        ProposePages.routes(&site)
        ProposalTrack.routes(&site)
        ProposalQueue.routes(&site)
        TakeProposal.routes(&site, intake: intake)
        ProposalPublic.routes(&site)
        ProposalWork.routes(&site)
    }
}
