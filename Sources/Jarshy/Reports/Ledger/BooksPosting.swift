import JarshyKit
import Storage

extension Books {
    /// The next number of a stream.
    func position(in stream: UnitNo) throws -> Position {
        try lock([stream])
        let seq = (streams[stream] ?? 0) + 1
        streams[stream] = seq
        changedStreams.insert(stream)
        return Position(stream: stream, seq: seq)
    }

    /// Records a deed in the ledger: what leaves, what enters, and both totals.
    func post(
        _ kind: EntryKind, at position: Position, report: ReportID?, rev: Int64?, out: Posting?, in entering: Posting?,
        by author: PersonID, op: OperationID
    ) throws {
        func record(_ side: Int64, _ posting: Posting?) {
            let amounts = posting?.amounts ?? Amounts()
            let signed = side < 0 ? Amounts() &- amounts : amounts
            entries.append(
                [
                    position.stream.bind, position.seq.bind, side.bind, .text(kind.rawValue),
                    posting?.campaign.bind ?? .null(.bigint), report?.bind ?? .null(.uuid), rev?.bind ?? .null(.bigint),
                    posting?.path.bind ?? .null(.bigint), posting?.day.bind ?? .null(.bigint),
                    posting?.cell.bind ?? .null(.bigint), posting?.band.bind ?? .null(.bigint),
                    (posting?.evidenced ?? false).bind, side.bind, author.bind, op.bind, now.bind,
                ] + signed.binds)
        }
        if out == nil, entering == nil { record(0, nil) }
        if let out {
            record(-1, out)
            try count(out, sign: -1)
        }
        if let entering {
            record(1, entering)
            try count(entering, sign: 1)
        }
    }

    private func count(_ posting: Posting, sign: Int64) throws {
        let path = try path(posting.path)
        let campaign = campaigns.find(posting.campaign)
        let additive = campaign?.additive ?? Amounts(repeating: 1)
        deltas.add(posting, on: path, basis: 0, sign: sign, additive: additive)
        let present = tree.chain(of: path.unit)
        if present != path.chain {
            try shift(posting, from: path, to: try self.path(present), sign: sign, additive: additive)
        }
        touched.formUnion(path.chain)
        let key = PresenceKey(campaign: posting.campaign, path: posting.path, place: posting.place ?? .none)
        var delta = presence[key] ?? PresenceDelta(lastDay: posting.day, lastAt: now)
        delta.reports += sign
        delta.events += sign * (campaign?.eventSlot.map { posting.amounts[$0] } ?? 0)
        delta.lastDay = max(delta.lastDay, posting.day)
        presence[key] = delta
    }

    /// The rows that turn "as reported" into "present structure" for a figure whose unit stands elsewhere today.
    func shift(_ posting: Posting, from: Path, to present: Path, sign: Int64, additive: Amounts) throws {
        try lock([present.stream])
        deltas.add(posting, on: present, basis: 1, sign: sign, additive: additive)
        deltas.add(posting, on: from, basis: 1, sign: -sign, additive: additive)
        touched.formUnion(present.chain)
    }

    func add(_ report: Report, revision: Revision) {
        reports[report.id] = report
        newReports.append(report.id)
        add(revision)
        let key = SiblingKey(path: report.path, day: report.day, cell: report.cell)
        siblings[key, default: []].append((report.id, report.figures))
    }

    func change(_ report: Report, revision: Revision? = nil) {
        reports[report.id] = report
        changedReports.insert(report.id)
        if let revision { add(revision) }
    }

    private func add(_ revision: Revision) {
        revisions.append(revision)
        made[BaseVersion.Name(report: revision.report, author: revision.author, op: revision.op)] = revision.rev
    }

    func settle(_ report: ReportID, rev: Int64, as state: Revision.State, by op: OperationID) {
        if let index = revisions.firstIndex(where: { $0.report == report && $0.rev == rev }) {
            revisions[index].state = state
        }
        settled.append((report, rev, state, op))
    }

    func addCredit(_ report: ReportID, position: Int, unit: UnitNo, organization: OrganizationNo?, role: String) {
        credits.append(
            [report.bind, position.bind, unit.bind, organization?.bind ?? .null(.bigint), role.bind])
    }

    func keep(receipt: String, of operation: Operation, by author: PersonID, at moment: Instant) {
        receipts.append([
            author.bind, operation.id.bind, Blob(operation.sha256).bind, moment.bind, operation.device.bind,
            operation.deviceNumber?.bind ?? .null(.bigint), receipt.bind,
        ])
    }

    /// What a device told again in other bytes takes its place in the device's chain.
    func keepAgain(_ operation: Operation) {
        guard let number = operation.deviceNumber else { return }
        again.append([operation.device.bind, number.bind, operation.id.bind, Blob(operation.sha256).bind])
    }

    func keepMismatch(_ operation: Operation, by author: PersonID) {
        mismatches.append([author.bind, operation.id.bind, Blob(operation.sha256).bind, now.bind])
    }

    func keepFork(_ operation: Operation) {
        guard let device = DeviceID(operation.device) else { return }
        forks.append([device.bind, operation.id.bind, (operation.deviceNumber ?? 0).bind, now.bind])
    }

    func record(_ line: FeedLine, by actor: Actor) {
        feed.append(line.binds(by: actor, at: now))
    }
}
