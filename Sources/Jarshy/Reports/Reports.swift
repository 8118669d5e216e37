import JarshyKit

/// Reports: what a unit did on a day, for whom, by what channel and how much, and every way in to the ledger that holds
/// it.
///
/// A report is filed once and never deleted. Its figures stand in one of three bands, `submitted` → `district` →
/// `region`; a correction makes a new version with a reason and returns it to `submitted`; two corrections of one
/// version compete until somebody settles them; a void takes the figures out of every total and leaves the report to be
/// seen. Flags (late, review, unusual, equal) and evidence stand beside the band and keep nothing from counting.
///
/// Invariants: every form, grid row, sheet row and synced operation is one operation of the intake, applied at most
/// once by its id; a total is the sum of the reports listed under it; nobody checks what they authored; what is outside
/// a reader's scope does not exist (404); nothing typed is lost when something is refused.
///
///     POST /api/v1/sync                      up to 50 operations, one outcome each (`SyncApi`)
///     GET  /api/v1/time                      the server's moment, sealed, for devices that write offline
///     GET  /api/v1/reports/{id}              one report with its versions and ledger entries (`ReportApi`)
///
///     GET  /report        ?unit= ?campaign= ?replaces=       the quick report        POST /report
///     GET  /reports       ?unit= ?campaign= ?from= ?to= ?activity= ?audience= ?channel= ?organization= ?band= ?flag=
///                         ?state= ?author=me ?metric= ?after= ?before=   the list; also what a figure is made of
///     GET  /reports.csv   the same filter as a file
///     GET  /reports/{id}                     one report
///     POST /reports/{id}/correction   /void   /check   /settlement
///     POST /checks                           several checks from the list, each its own operation
///     GET  /reports/grid  ?unit= ?day= ?activity= ?after=    many units, one row each         POST /reports/grid
///     GET  /reports/import                   POST /reports/import (file → preview)
///     GET  /reports/import/template.xlsx     an empty sheet for the reader's units
///     GET  /reports/import/refused.csv ?token=
///     POST /reports/import/confirmation      applies exactly what was previewed
enum Reports {
    static func routes(_ site: inout Routes, intake: Intake, people: PeopleParts, evidence: EvidenceStore) {
        SyncApi.routes(&site, intake: intake)
        Devices.routes(&site, people)
        Evidence.routes(&site, intake: intake, store: evidence)
        ReportApi.routes(&site)
        QuickReport.routes(&site, intake: intake)
        ReportList.routes(&site)
        ReportDeeds.routes(&site, intake: intake)
        ReportGrid.routes(&site, intake: intake)
        ReportImport.routes(&site, intake: intake, drafts: ImportDrafts())
    }
}
