import JarshyKit
import Storage

/// What the actions on campaigns and organisations share.
enum CampaignWrites {
    /// Tables of plain terms.
    enum TermTable {
        case audience, channel
    }

    /// Campaigns and organisations belong to the whole tree, so the right must be held at the root.
    static func require(_ right: Right, of actor: Actor, at now: Instant, in db: any Reading) throws {
        if actor.kind == .operator { return }
        let tree = try Tree.current(in: db)
        guard let root = tree.root else { throw Problem.forbidden(right.rawValue) }
        try actor.require(right, over: root, in: tree, on: Zone.kazakhstan.day(at: now))
    }

    /// Drawn inside the transaction (see `Shelf`); sums of stamps stay far from the edge of 64 bits.
    static func freshStamp() -> Int64 { Int64.random(in: 1..<(1 << 40)) }

    /// - Parameter from: how many terms stand before these.
    static func insert(
        _ terms: [Campaign.Term], into table: TermTable, of no: CampaignNo, from: Int, in db: any Writing
    ) throws {
        guard !terms.isEmpty else { return }
        let head: SQL =
            switch table {
            case .audience: "INSERT INTO audience (campaign, code, position, name_kk, name_ru, name_en) VALUES"
            case .channel: "INSERT INTO channel (campaign, code, position, name_kk, name_ru, name_en) VALUES"
            }
        try db.insert(
            head,
            rows: terms.enumerated().map { index, term in
                [
                    no.bind, term.code.bind, Int64(from + index + 1).bind, term.names.kk.bind, term.names.ru.bind,
                    term.names.en.bind,
                ]
            })
    }

    /// Metrics with the slots they carry.
    static func insert(_ metrics: [Metric], of no: CampaignNo, from: Int, in db: any Writing) throws {
        guard !metrics.isEmpty else { return }
        try db.insert(
            """
            INSERT INTO metric (campaign, code, slot, position, name_kk, name_ru, name_en, word_kk, word_ru, word_en,
                additive, about, target, lowest, highest, at_most, ask_above, ask_above_metric, ask_capacity,
                ask_settlement_share, ask_history_times, ask_history_above) VALUES
            """,
            rows: metrics.enumerated().map { index, metric in
                [
                    no.bind, metric.code.bind, Int64(metric.slot).bind, Int64(from + index + 1).bind, metric.names.kk.bind,
                    metric.names.ru.bind, metric.names.en.bind, metric.words.kk.bind, metric.words.ru.bind,
                    metric.words.en.bind, metric.additive.bind, metric.about.bind, metric.mayHaveTarget.bind,
                    metric.lowest.bind, metric.highest.bind, metric.atMost?.bind ?? .null(.text),
                    metric.askAbove?.bind ?? .null(.bigint), metric.askAboveMetric?.bind ?? .null(.text),
                    metric.askCapacity.bind, metric.askSettlementShare?.bind ?? .null(.bigint),
                    metric.askHistoryTimes?.bind ?? .null(.bigint), metric.askHistoryAbove?.bind ?? .null(.bigint),
                ]
            })
    }

    static func insert(_ activities: [Campaign.Activity], of no: CampaignNo, from: Int, in db: any Writing) throws {
        guard !activities.isEmpty else { return }
        try db.insert(
            "INSERT INTO activity (campaign, code, position, name_kk, name_ru, name_en, channel) VALUES",
            rows: activities.enumerated().map { index, activity in
                [
                    no.bind, activity.code.bind, Int64(from + index + 1).bind, activity.names.kk.bind,
                    activity.names.ru.bind, activity.names.en.bind, activity.channel.bind,
                ]
            })
        try insertLists(of: activities, of: no, in: db)
    }

    /// What activities ask for, and the other channels they may go by.
    static func insertLists(of activities: [Campaign.Activity], of no: CampaignNo, in db: any Writing) throws {
        let metrics = activities.flatMap { activity in
            activity.metrics.enumerated().map { index, metric in
                [no.bind, activity.code.bind, metric.bind, Int64(index + 1).bind]
            }
        }
        if !metrics.isEmpty {
            try db.insert("INSERT INTO activity_metric (campaign, activity, metric, position) VALUES", rows: metrics)
        }
        let channels = activities.flatMap { activity in
            activity.otherChannels.enumerated().map { index, channel in
                [no.bind, activity.code.bind, channel.bind, Int64(index + 1).bind]
            }
        }
        if !channels.isEmpty {
            try db.insert("INSERT INTO activity_channel (campaign, activity, channel, position) VALUES", rows: channels)
        }
    }
}
