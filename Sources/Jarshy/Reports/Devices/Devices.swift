import JarshyKit
import Storage

/// Phones of the field app.
///
/// A **device** is a phone on which somebody signed in for field work. The phone makes a key pair and keeps the private half;
/// the server keeps the public one and gives a **credential**: a token of scope `sync` that ends with the campaign. What the
/// phone writes is sealed: numbered without gaps, bound to what was written before, signed. So it may come by any way and in
/// any hands, and is still its author's.
///
/// States: in use → ended (by its owner, by whoever manages the owner's people, or with the account). Invariants:
/// - An operation signed by a key counts for that key's owner and nobody else, whoever brings it.
/// - What an ended key signs counts only if a server's word in it shows that it was written before the end, and then it is
///   marked for review.
/// - A signature that does not hold is refused and not stored: nobody can use up another's operation id.
///
///     POST   /api/v1/devices            {login, password, name, public_key} → the credential, told once
///     GET    /api/v1/devices/self       what the server has of this device: {device, person, last_n, missing}
///     DELETE /api/v1/devices/self       ends it
///     GET    /devices                   phones of the people one manages: what is on its way, what looks wrong
///     POST   /devices/{id}/end
enum Devices {
    static func routes(_ site: inout Routes, _ people: PeopleParts) {
        site.post("/api/v1/devices", .open, api: DeviceApi.addNote) { visit in try await DeviceApi.add(visit, people) }
        site.get("/api/v1/devices/self", .bearer, api: DeviceApi.selfNote) { visit in try await DeviceApi.own(visit) }
        site.delete("/api/v1/devices/self", .bearer, api: DeviceApi.endNote) { visit in
            try await visit.run(EndDevice(device: try DeviceApi.device(visit)))
            return .json("{}")
        }
        site.get("/devices", .right(.managePeople)) { visit in try await DevicesPage.page(visit) }
        site.post("/devices/{id}/end", .right(.managePeople)) { visit in
            guard let id = DeviceID(visit.parameter("id")) else { throw Problem.notFound("device") }
            try await visit.run(EndDevice(device: id))
            return .redirect("/devices", flash: .init(kind: .done, text: visit.words("devices.ended")))
        }
    }
}
