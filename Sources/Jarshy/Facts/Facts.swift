import JarshyKit

/// The library: official texts by section, and facts with their sources.
///
/// **Nouns.** A *source* is an official text by section, or a page, as somebody read it on a day. A *fact* is a statement that
/// rests on a source, in Kazakh, Russian and English. Both have a *class*, information or campaigning. An *archived copy* is
/// what stood at the source: bytes in the server's own store under their SHA-256. *Verifying* works the hash out again.
///
/// **Versions.** A change is a new version with its reason; the old text can be read for ever. Every version is confirmed, with
/// its class, by a second person from another organisation; the public reads the latest confirmed one, with a mark when a
/// newer one is being checked. A source that has changed marks the facts and answers that rest on it until somebody has read
/// it again.
///
/// **Citing.** An answer or a brief names something of the library by the address of its page (`LibraryCite`); it must be confirmed,
/// and the version that was read is kept. Whatever cites an older one than stands is marked, for the public and for the keepers.
///
/// **Invariants.** Nothing of the library is public before a person of another organisation than its author's has confirmed it,
/// and that person belongs to an organisation; a version is never changed; an archived copy is never overwritten. A copy's file
/// is handed to anybody only when it lay there as the second person confirmed; before that, to those who keep and confirm.
///
///     GET  /facts                 GET  /facts/{id}                anybody: the library; one source with its facts and versions
///     GET  /facts/{id}/copies/{sha256}                            an archived copy, as a file to keep
///     GET  /facts/work            GET  /facts/{id}/work           the staff's: what waits; one source
///     POST /facts/work                                            a new source
///     POST /facts/{id}/{change,confirm,copy,verify,add}           a new version, the second person, a copy, its hash, a fact
///     POST /facts/{id}/{fact-change,fact-confirm,fact-recheck}
enum Facts {
    /// - Parameter uses: what rests on the library, as the features above it tell.
    static func routes(_ site: inout Routes, store: EvidenceStore, uses: [LibraryUse]) {
        FactPages.routes(&site, store: store)
        FactWork(store: store, uses: uses).routes(&site)
    }
}
