import JarshyKit
import Storage

/// Writes down that a file of a draft lies in the store. The bytes are there first: a row never points at nothing. Needs
/// `manageMaterials`. The same content twice is one file.
struct KeepMaterialFile: Action {
    let material: MaterialID
    let sha256: [UInt8]
    let kind: Pictures.Kind
    let name: String
    let bytes: Int64

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (material, _) = try MaterialDraft.find(material, by: actor, at: now, in: db)
        let files = try MaterialRows.files(of: material.id, in: db)
        if files.contains(where: { $0.sha256 == sha256 }) { return }
        guard files.count < MaterialFile.most else {
            throw Problem.conflict(
                "files-full", "A material has at most \(MaterialFile.most) files.", slots: ["max": "\(MaterialFile.most)"])
        }
        try db.run(
            """
            INSERT INTO material_file (id, material, sha256, kind, name, bytes, author, at)
            VALUES (\(MaterialFileID.make(at: now)), \(material.id), \(Blob(sha256)), \(kind.rawValue),
                \(String(name.prefix(MaterialFile.longestName))), \(bytes), \(actor.person), \(now))
            """)
        // What is approved is what was looked at: whoever adds a file has changed the draft.
        try db.run("UPDATE material SET changed_by = \(actor.person), changed_at = \(now) WHERE id = \(material.id)")
        try Feed.record(
            FeedLine("add-file", "material", material.id, unit: material.unit, detail: "sha256=\(Hex.encoded(sha256))"),
            by: actor, at: now, in: db)
    }
}

/// Takes a file from a draft. Its bytes stay in the store: another material may have the same.
struct DropMaterialFile: Action {
    let material: MaterialID
    let file: MaterialFileID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (material, _) = try MaterialDraft.find(material, by: actor, at: now, in: db)
        guard let file = try MaterialRows.files(of: material.id, in: db).first(where: { $0.id == file }) else {
            throw Problem.notFound("file")
        }
        try db.run("DELETE FROM material_file WHERE id = \(file.id)")
        try db.run("UPDATE material SET changed_by = \(actor.person), changed_at = \(now) WHERE id = \(material.id)")
        try Feed.record(
            FeedLine("drop-file", "material", material.id, unit: material.unit, detail: "sha256=\(Hex.encoded(file.sha256))"),
            by: actor, at: now, in: db)
    }
}
