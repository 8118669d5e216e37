import JarshyKit
import Storage

/// What organisations published under their own name: a log with a link, a class, a day and the hash of the copy they keep.
///
/// **Nouns.** A *page* is a place on which an organisation publishes as itself: its site, its page in a social network; the page
/// bears the organisation's name. A *medium* (a newspaper, a channel) is named in words. A *publication* is one link on one day.
///
/// **Rules.** One row, one link: lists of accounts, of pages or of links are refused, at the form and by the operation. A
/// publication passes the gate (`Release`) for its own day: whole imprint, class, true name, no campaigning in the quiet
/// period. It is counted as work, once a link, by a report of its own with the metric `publications`, where the campaign
/// has it; correcting and voiding are the report's. Its copy is logged by its SHA-256, so that nobody can change it
/// unseen; a file is kept in the server's own store, for those who keep the log, or stays with the organisation.
///
///     GET  /publications          the log, with a form to add one    GET /publications.csv
///     POST /publications          runs `publication.log`         GET /publications/{id}/copy   the file, where it was sent
///     GET  /publications/pages    the organisations' own pages       POST /publications/pages, …/pages/{id}/end
///     kind of /api/v1/sync: publication.log
enum Publications {
    static func routes(_ site: inout Routes, intake: Intake, store: EvidenceStore) {
        PublicationPages.routes(&site, intake: intake, store: store)
        OrganizationPages.routes(&site)
    }
}
