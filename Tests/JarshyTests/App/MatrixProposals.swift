import JarshyKit
import Storage

@testable import Jarshy

extension MatrixDeed {
    static let proposals: [MatrixDeed] = [
        MatrixDeed(
            "MakeProposal",
            operation: { world, place in ProposalWorld.make(world.number(), "Ұсыныс мәтіні", unit: place.primary) }),
        // Residents only: whoever has an account does not propose as one.
        MatrixDeed("ProposePublicly") { world, _, _ in
            ProposePublicly(
                id: ProposalID.make(at: world.now), campaign: "test", unit: "", language: .kk, text: "Ұсыныс мәтіні",
                contact: "", isAdult: false, address: "\(world.number())")
        },
        MatrixDeed("ObjectToDecline") { world, _, place in
            let (id, number) = (try await world.proposal(place, .considered), TrackingNumber.make())
            try await world.decide(id, .decline)
            try await world.site.database.write { db in
                try db.run(
                    """
                    INSERT INTO proposal_number (hash, proposal)
                    VALUES (\(number.hash(secret: try QuestionSecret.make(in: db), of: "proposal")), \(id))
                    """)
            }
            return ObjectToDecline(number: number, text: "Келіспеймін", address: "\(world.number())")
        },
        MatrixDeed("DecideProposal") { world, _, place in
            DecideProposal(
                proposal: try await world.proposal(place, .new), decision: .consider(title: "Ашық мазмұны"),
                reasons: Reasons([.kk: "Себебі осы"]))
        },
        MatrixDeed("GatherProposals") { world, _, place in
            GatherProposals(
                target: try await world.proposal(place, .new), proposals: [try await world.proposal(place, .new)])
        },
        MatrixDeed("TellProposalsApart") { world, _, place in
            TellProposalsApart(
                proposal: try await world.proposal(place, .new), other: try await world.proposal(place, .new))
        },
        MatrixDeed("UndoGathering") { world, _, place in
            let gatherings = try await world.site.database.run(
                GatherProposals(
                    target: try await world.proposal(place, .new), proposals: [try await world.proposal(place, .new)]),
                by: .operator, at: world.now)
            return UndoGathering(gathering: gatherings[0])
        },
        MatrixDeed("PartProposal") { world, _, place in
            let id = try await world.proposal(place, .new)
            _ = try await world.site.database.run(
                GatherProposals(target: try await world.proposal(place, .new), proposals: [id]), by: .operator, at: world.now)
            return PartProposal(proposal: id)
        },
        MatrixDeed("HideProposal") { world, _, place in
            HideProposal(proposal: try await world.proposal(place, .new), reason: "insult")
        },
        MatrixDeed("RestoreProposal") { world, _, place in
            let id = try await world.proposal(place, .new)
            try await world.site.database.run(HideProposal(proposal: id, reason: "insult"), by: .operator, at: world.now)
            return RestoreProposal(proposal: id)
        },
        MatrixDeed("ReadSender") { world, _, place in
            let id = try await world.proposal(place, .new)
            try await world.site.database.write { db in
                try db.run(
                    """
                    INSERT INTO proposal_contact (proposal, kind, value, organization, delete_day)
                    VALUES (\(id), 'email', 'a@b.kz', 0, 40000)
                    """)
            }
            return ReadSender(proposal: id)
        },
        MatrixDeed("DeleteProposalContacts") { _, _, _ in DeleteProposalContacts() },
    ]
}

extension MatrixWorld {
    /// A proposal of a stranger in the place's primary organisation.
    func proposal(_ place: MatrixDeed.Place, _ state: Proposal.State) async throws -> ProposalID {
        let n = number()
        // Another person each time: one account may not send hundreds a day.
        let taker = try await engine.actor(1000 + n)
        let outcome = try await site.app.intake.submit(
            [ProposalWorld.make(n, "Ұсыныс \(n)", unit: place.primary)], by: taker, at: now)[0]
        guard outcome.status == .accepted else { throw StorageError.other("no proposal: \(outcome.receipt)") }
        if state == .considered { try await decide(ProposalWorld.id(n), .consider(title: "Ашық мазмұны")) }
        return ProposalWorld.id(n)
    }

    func decide(_ id: ProposalID, _ decision: DecideProposal.Decision) async throws {
        try await site.database.run(
            DecideProposal(proposal: id, decision: decision, reasons: Reasons([.kk: "Себебі осы"])), by: .operator, at: now)
    }
}
