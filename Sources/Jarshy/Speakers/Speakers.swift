import JarshyKit

/// Lecturers: who speaks about what, in which languages, where and when; who is to go where; what they take along.
///
/// **Nouns.** A *speaker* is a person of the headquarters in the register: the unit (a group, a subgroup, a territory) the
/// person belongs to and is asked through, a level, topics, languages, units served, hours and days, how much is enough and
/// how long a rest. *Posts* are what the person is besides; a public office is marked (`PublicOffice`). A *suggestion* says
/// why: topic, language, distance, load, rest, and what stands in the way. The *rota* suggests for many events at once. A
/// *brief* is what is taken along, in versions that are checked by a second person.
///
/// **Invariants.** A suggestion never names whom something stands in the way of, and the rota puts nobody in two places (nor
/// could it: `event_hold`). A lecturer of another unit is asked through that unit. A brief in force has sources and a second
/// person; a version is never changed, and what was taken along to an event is known by its number. Who gets a public office
/// is taken off the campaigning events to come.
///
///     GET  /speakers                   the register; GET /speakers.csv
///     GET  /speakers/new, /speakers/{id}, /speakers/{id}/edit        POST /speakers/save
///     POST /speakers/{id}/{end,post,post-end,away,away-end}
///     GET  /speakers/for/{id}          who could speak at an event, and why; POST asks one of them
///     GET  /speakers/rota              events without a speaker, with a suggestion each; POST asks those chosen
///     GET  /briefs                     POST /briefs, /briefs/approve
///     GET  /briefs/{id}                POST /briefs/{id}/take
enum Speakers {
    static func routes(_ site: inout Routes) {
        SpeakerList.routes(&site)
        SuggestionPages.routes(&site)
        SpeakerPages.routes(&site)
        BriefPages.routes(&site)
    }
}
