import JarshyKit
import Storage

/// The one gate for what leaves: an answer, a letter, an announcement, a feed, a publication.
///
/// **Nouns.** An *item* says what is to leave: by which *way*, in which campaign, in whose name, of which *class*, and, for a
/// letter, to which address. The *imprint* is what must stand on everything an organisation lets out in a campaign. A *pass* is
/// the gate's yes for one item at one moment; only `ReleaseGate` makes one, and whatever carries something out asks for one, so
/// that nothing leaves past it. A *mark* is the keyed hash of an address: "do not contact" outlives the address itself.
///
/// **Invariants.** No pass without a real organisation under its own name, a class, and a whole imprint; none for a
/// campaigning item from local midnight of the first quiet day to the end of the vote; none to a marked address. A pass holds
/// for its moment only: it is asked for anew on every retry, in the transaction that sends. Whoever adds a way out adds it to
/// `WaysOutTests`.
///
///     GET  /imprints        anybody: who is responsible for what leaves
///     POST /imprints        an organisation's own press officer, or the administrator
enum Release {
    static func routes(_ site: inout Routes) { ImprintPages.routes(&site) }
}

extension Release {
    /// How something leaves.
    enum Way: String, CaseIterable, Sendable {
        case answer, mail, announcement, feed, publication
    }

    /// Explaining, or speaking for or against.
    enum ItemClass: String, Stored, CaseIterable, Sendable {
        case information, campaigning
    }

    /// What is to leave, before anybody has said that it may.
    struct Item: Sendable, Hashable {
        let way: Way
        let campaign: CampaignNo
        /// In whose name.
        let organization: OrganizationNo
        /// Nil while nobody has settled it: then it does not leave.
        let itemClass: ItemClass?
        /// The name it is to carry, where it carries one of its own; it must be the organisation's.
        var name: String?
        /// The address of a letter.
        var address: String?
    }
}

extension Release.Item {
    /// The class of what rests on nothing but the campaign itself.
    static func ofCampaign(
        _ way: Release.Way, _ campaign: Campaign, organization: OrganizationNo, address: String? = nil
    ) -> Release.Item {
        Release.Item(
            way: way, campaign: campaign.no, organization: organization,
            itemClass: campaign.isInformation ? .information : .campaigning, address: address)
    }
}
