import JarshyKit

/// Posters and leaflets: what is printed, who stands behind it, where every copy is, and which posters have to come down.
///
/// **Nouns.** A *material* is a poster, leaflet or booklet with its *imprint*: issuer, orderer, payer, person responsible; for
/// print also printer, place, run and language. It is for the units at and below one. Its *files* are what the printer gets.
/// *Stock* is what one unit answers for of one material; every change of it is an *entry*. A *move* is copies sent from one
/// unit to another. A *site* is a place designated for posters, with the akimat's *permission* and a day to come down; a
/// *finding* says how it stood on a day.
///
/// **States.** Of a material: draft → approved by a second person → withdrawn with a reason. Of a move: on the way →
/// acknowledged. Of a site: empty → in place ⇄ damaged, missing, removed; that of its newest day stands.
///
/// **Invariants.** Nobody approves what they drew up or changed, and nothing without its imprint; only what is approved is
/// received, moved and handed out. At every step, by unit and material, received + moved in + found = on hand + handed out +
/// written off + on the way + moved out; nothing is below zero; the sum is the fold of the entries; a loss, a find and a
/// write-off have a reason. A move is acknowledged once. On a quiet day nothing campaigning is handed out; nothing
/// campaigning hangs at a school.
///
///     GET  /materials, /materials.csv     materials, each with where its copies are
///     GET  /materials/new                 POST …; `after`: the next version of one
///     GET  /materials/{id}                imprint, versions, files, copies by unit
///     GET  /materials/{id}/edit           POST …; POST /materials/{id}/{approve,withdraw,files,drop}
///     GET  /materials/{id}/files/{file}   a file, for whoever may see the material
///     GET  /stock, /stock.csv             what a unit has of each material
///     GET  /stock/{unit}/{id}       one heap with its entries; …/entries.csv
///     POST /stock/{unit}/{id}/{hand-out,receive,send,count,write-off}
///     GET  /moves, /moves.csv             what is on the way; GET, POST /moves/{id}: the word of the other side
///     GET  /sites, /sites.csv             poster sites; `show=down`: what has to come down
///     GET  /sites/new                     POST …
///     GET  /sites/{id}                    POST /sites/{id}/{condition,close}; GET, POST …/edit
///     kinds of /api/v1/sync: material.receive, material.move, material.accept, material.hand_out, material.write_off,
///     material.count, site.condition; part of the phone's pull: materials
enum Materials {
    /// - Parameter store: private files; photos of sites go the way of evidence, files of materials to a part of their own.
    static func routes(_ site: inout Routes, intake: Intake, store: EvidenceStore) {
        MaterialList.routes(&site)
        MaterialFormPages.routes(&site)
        MaterialPages.routes(&site, files: store.part("materials"))
        StockPages.routes(&site)
        HeapPages.routes(&site, intake: intake)
        MovePages.routes(&site, intake: intake)
        SiteList.routes(&site)
        SiteFormPages.routes(&site)
        SitePages.routes(&site, intake: intake, photos: store)
    }
}

/// What phones and forms send.
enum MaterialKinds {
    static let all: [any LedgerAction.Type] = [
        ReceiveMaterial.self, MoveMaterial.self, AcceptMove.self, HandOutMaterial.self, WriteOffMaterial.self, CountMaterial.self,
        NoteSiteCondition.self,
    ]
}
