import JarshyKit

/// Door rounds: who goes from door to door, with which list, and how many visits ended how.
///
/// **Nouns.** A *round* belongs to a campaign and a unit, is in an organisation's name, has days, visiting hours and a class.
/// An *address* is a street, house and flat of a settlement, or a landmark where there are no streets. A *team* is two or more
/// people. A *list* is doors given to a team for some days (the lease), printed or on the phone; when the lease ends, its
/// unfinished doors may go on another list. A *door* is a row of a list. An *outcome* is how a visit ended (`DoorOutcome`).
/// The *do-not-contact list* holds marks of addresses under the server's key.
///
/// **What is kept of a door** is one of four words: fresh, come back, done, do not visit (`DoorState`). Which outcome it was
/// goes into the counts of the round's day and nowhere else. There is no field for a name, an opinion or a note, no export of
/// addresses, no count by team or person, no feed line for a door. Why, and what remains: decision "Privacy of doors".
///
/// **States.** A list: leased → its days are over, or ended by somebody. A door's state only rises: fresh → come back → done,
/// so the order in which visits arrive never matters; do not visit stands above all, is read from the do-not-contact list
/// whenever doors are read, and goes only when somebody with `manageCanvass` takes it back for a reason.
///
/// **Invariants.** A visit (list, row, attempt) counts once, however often, by whichever way and whoever's hand it comes: its
/// operation id is worked out from the list's secret (`VisitID`), and its bit stands in the row. The sum of counts is the
/// number of bits. A list holds no door that another list in force holds, and none that is not to be visited when it is made.
///
///     kind of /api/v1/sync: canvass.visit          part of /api/v1/field: rounds
enum Canvass {
}
