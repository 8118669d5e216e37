#!/usr/bin/env python3
"""Checks the demo data beside this file: shape, codes, references, alphabets, positions, sums.

Run: python3 Demo/check.py [--self-test]. Exit 0 and one line a check when all is well; otherwise every fault with its
file and row, exit 1. With --self-test faults are planted one by one in a copy and each must be found.
"""
import collections
import pathlib
import re
import sys

# Run by people and by bin/check: leave no byte code in the data folder.
sys.dont_write_bytecode = True

from planted import self_test
from tables import Tables

KAZAKH = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
CYRILLIC = re.compile(f"[{KAZAKH}{KAZAKH.lower()}]")
FOREIGN = re.compile(r"[A-Za-z]")
# Signs a name may hold beside letters; anything else is a slip (a homoglyph, an ornament, a control character).
SIGNS = set(" -.,()«»№?:;!'%0123456789")
# What KATO abbreviates and a finished name must not: administrations, rural districts, towns, "named after".
ABBREVIATION = re.compile(r"(Қ\.Ә|Г\.А|с\.о|а\.о|атын\.|им\.|[А-ЯӘҒҚҢӨҰҮҺІ]\.[А-ЯӘҒҚҢӨҰҮҺІ])")
CITIES = ("710000000", "750000000", "790000000")
LANGUAGES = ("kk", "ru", "en")
KEYS = {"names": "name_kk", 
    "rules": "number", "questions": "number", "campaign": "key", "posts": None, "neighbourhoods": "name_kk",
    "figures": None, "lecturer_posts": None, "event_reasons": "code", "library": None, "proposals": None,
}
LOGINS = "admin coordinator region secretary speaker activist reviewer clerk observer".split()


class Checker(Tables):
    """Every check of the demo data; each returns the words for its line."""

    def run(self):
        checks = (
            self.keys, self.alphabets, self.counts, self.tree, self.displays, self.tiles, self.population,
            self.villages, self.kinds, self.metrics, self.references, self.cast, self.campaign, self.room,
        )
        for check in checks:
            before = len(self.faults)
            try:
                note = check()
            except (KeyError, ValueError) as problem:
                self.fault(f"{check.__name__}: a column or number is missing or wrong: {problem!r}")
                note = "not finished"
            found = len(self.faults) - before
            self.done.append(f"{'FAULT' if found else 'ok':<6}{check.__name__}: {note}")
        return self.faults

    def codes(self, table):
        return {row["code"] for row in self.tables[table]}

    def keys(self):
        for name, rows in self.tables.items():
            key = KEYS.get(name, "code")
            if key is None:
                continue
            for value, count in collections.Counter(row[key] for row in rows).items():
                self.expect(count == 1, f"{name}: {key} {value} stands {count} times")
            if rows and "position" in rows[0]:
                places = [row["position"] for row in rows]
                self.expect(places == [str(i) for i in range(1, len(rows) + 1)], f"{name}: positions are not 1, 2, 3 …")
        return f"{sum(len(rows) for rows in self.tables.values())} rows in {len(self.tables)} files"

    def alphabets(self):
        """Kazakh and Russian columns hold Cyrillic of the Kazakh alphabet only, English ones ASCII only."""
        cells = 0
        for name, rows in self.tables.items():
            for row in rows:
                columns = {c: v for c, v in row.items() if c != "#"}
                if name == "campaign":
                    columns = {row["key"]: row["value"]}
                for column, text in columns.items():
                    parts = column.split("_")
                    language = next((x for x in LANGUAGES if x in parts), None)
                    if language is None or not text:
                        continue
                    cells += 1
                    text = re.sub(r"\{[a-z]+\}", "", text)
                    where = f"{row['#']}: {column} «{text}»"
                    if language == "en":
                        self.expect(all(32 <= ord(x) < 127 for x in text), f"{where} is not plain English letters")
                        continue
                    self.expect(not FOREIGN.search(text), f"{where} has a Latin letter")
                    odd = [x for x in text if not CYRILLIC.match(x) and x not in SIGNS]
                    self.expect(not odd, f"{where} has {odd}")
                    self.expect(not ABBREVIATION.search(text), f"{where} is abbreviated")
                    self.expect("  " not in text, f"{where} has two spaces")
        kazakh = sum(bool(re.search("[әғқңөұүһі]", r["name_kk"].lower())) for r in self.tables["units"])
        self.expect(kazakh > 140, f"units: only {kazakh} names have a letter of Kazakh's own")
        return f"{cells} cells; {kazakh} unit names with letters of Kazakh's own"

    def counts(self):
        kinds = collections.Counter(row["kind"] for row in self.tables["units"])
        want = {
            "republic": 1, "region": 17, "republic_city": 3, "district": 170, "city_administration": 39,
            "city_district": 19,
        }
        self.expect(kinds == want, f"units: {dict(kinds)}, expected {want}")
        sizes = {"topics": 8, "audiences": 8, "channels": 7, "activities": 12, "metrics": 11, "organisations": 6,
                 "rules": 7, "questions": 10, "subgroups": 4, "roles": 15}
        for name, size in sizes.items():
            self.expect(len(self.tables[name]) == size, f"{name}: {len(self.tables[name])} rows, expected {size}")
        return ", ".join(f"{count} {kind}" for kind, count in kinds.items())

    def tree(self):
        units = {row["code"]: row for row in self.tables["units"]}
        allowed = {row["code"]: row["parents"].split() for row in self.tables["kinds"]}
        seen = set()
        siblings = collections.Counter()
        for row in self.tables["units"]:
            where = row["#"]
            if row["code"] == "KZ":
                self.expect(row["parent"] == "", f"{where}: the root has a parent")
            else:
                self.expect(re.fullmatch(r"\d{9}", row["code"]), f"{where}: {row['code']} is no KATO code")
                self.expect(row["parent"] in seen, f"{where}: parent {row['parent']} does not stand above it")
                parent = units.get(row["parent"])
                if parent:
                    kind, above = row["kind"], parent["kind"]
                    self.expect(above in allowed[kind], f"{where}: {kind} under {above}")
                if row["parent"] != "KZ":
                    self.expect(row["code"][:2] == row["parent"][:2], f"{where}: {row['code']} under another region")
            if row["kind"] == "city_district":
                self.expect(row["parent"] in CITIES, f"{where}: a city district outside the three cities")
            seen.add(row["code"])
            for language in LANGUAGES:
                siblings[(row["parent"], language, row[f"display_{language}"])] += 1
        for (parent, language, name), count in siblings.items():
            self.expect(count == 1, f"units: «{name}» ({language}) stands {count} times under {parent}")
        return f"{len(units)} units, every parent stands above its children"

    def displays(self):
        """The full name is the bare one with its kind's words; exceptions are few, listed here and so looked at."""
        exceptions_kk = {"KZ", "596600000"}
        before = 0
        for row in self.tables["units"]:
            where, kind = row["#"], row["kind"]
            for language in LANGUAGES:
                name, full = row[f"name_{language}"], row[f"display_{language}"]
                self.expect(name in full, f"{where}: display_{language} lacks its name")
            label = next(k for k in self.tables["kinds"] if k["code"] == kind)
            if row["code"] not in exceptions_kk:
                self.expect(row["display_kk"] == label["label_kk"].replace("{name}", row["name_kk"]),
                            f"{where}: display_kk «{row['display_kk']}»")
            if row["code"] != "KZ":
                self.expect(row["display_en"] == label["label_en"].replace("{name}", row["name_en"]),
                            f"{where}: display_en «{row['display_en']}»")
            bare = f"{row['name_kk']} {row['name_ru']}"
            self.expect(not re.search(r"\b(ауданы?|облысы?|қала|қаласы|район|область|город)\b", bare),
                        f"{where}: the bare name holds its kind")
            self.expect(not re.search("(District|Region|City)$", row["name_en"]), f"{where}: name_en holds its kind")
            name, full = row["name_ru"], row["display_ru"]
            if kind in ("district", "city_district"):
                adjective = re.search("(ский|цкий)$", name) is not None
                before += not adjective
                self.expect(full == (f"{name} район" if adjective else f"район {name}"),
                            f"{where}: display_ru «{full}»")
            elif kind in ("city_administration", "republic_city"):
                self.expect(full == f"город {name}", f"{where}: display_ru «{full}»")
            elif kind == "region":
                self.expect(full == (f"{name} область" if name.endswith("ская") else f"область {name}"),
                            f"{where}: display_ru «{full}»")
            for language in LANGUAGES:
                self.expect(row[f"name_{language}"][:1].isupper() or row["code"] == "596600000",
                            f"{where}: name_{language} begins small")
        return f"full names follow their kinds; {before} Russian names stand after «район»"

    def tiles(self):
        taken = {}
        for row in self.tables["units"]:
            is_tile = row["kind"] in ("region", "republic_city")
            filled = [bool(row[c]) for c in ("short_kk", "short_ru", "short_en", "tile_row", "tile_col")]
            self.expect(all(filled) if is_tile else not any(filled), f"{row['#']}: tile columns")
            if not is_tile or not all(filled):
                continue
            place = (int(row["tile_row"]), int(row["tile_col"]))
            self.expect(1 <= place[0] <= 5 and 1 <= place[1] <= 7, f"{row['#']}: tile {place} is outside 5 × 7")
            self.expect(place not in taken, f"{row['#']}: tile {place} is also {taken.get(place)}")
            taken[place] = row["code"]
            for language in LANGUAGES:
                letters = sum(x.isalpha() for x in row[f"short_{language}"])
                self.expect(2 <= letters <= 10, f"{row['#']}: short_{language} has {letters} letters")
        for language in LANGUAGES:
            shorts = [row[f"short_{language}"] for row in self.tables["units"] if row[f"short_{language}"]]
            self.expect(len(set(shorts)) == len(shorts), f"units: short_{language} repeats")
        return f"{len(taken)} distinct places"

    def population(self):
        total = collections.Counter()
        own = {}
        for row in self.tables["units"]:
            own[row["code"]] = int(row["population"])
            total[row["parent"]] += own[row["code"]]
            self.expect(own[row["code"]] >= 5000, f"{row['#']}: {own[row['code']]} people")
        for code in own:
            if code in total:
                self.expect(total[code] == own[code], f"units: {code} has {own[code]} people, its parts {total[code]}")
        self.expect(own.get("KZ") == 19766807, f"units: the republic has {own.get('KZ')} people, not 19766807")
        return f"{own.get('KZ')} people; every unit is the sum of its parts"

    def villages(self):
        units = {row["code"]: row for row in self.tables["units"]}
        count, people, names = collections.Counter(), collections.Counter(), collections.Counter()
        for row in self.tables["villages"]:
            where = row["#"]
            self.expect(row["kind"] in ("city", "township", "village"), f"{where}: kind {row['kind']}")
            self.expect(re.fullmatch(r"\d{7}00", row["code"]), f"{where}: {row['code']} is no main code")
            district = units.get(row["district"])
            self.expect(district is not None, f"{where}: no district {row['district']}")
            self.expect(row["code"][:4] == row["district"][:4], f"{where}: {row['code']} is not of {row['district']}")
            self.expect(row["code"] not in units, f"{where}: {row['code']} is a unit already")
            count[row["district"]] += 1
            people[row["district"]] += int(row["population"])
            self.expect(int(row["population"]) > 0, f"{where}: nobody lives there")
            for language in LANGUAGES:
                names[(row["district"], language, row[f"name_{language}"])] += 1
        for key, times in names.items():
            self.expect(times == 1, f"villages: {key} stands {times} times")
        for code, row in units.items():
            if row["kind"] in ("district", "city_administration"):
                self.expect(1 <= count[code] <= 12, f"villages: {code} has {count[code]}")
                self.expect(people[code] <= int(row["population"]), f"villages: more people than {code} has")
        return f"{len(self.tables['villages'])} places in {len(count)} districts and cities"

    def kinds(self):
        codes = self.codes("kinds")
        rank = {row["code"]: int(row["rank"]) for row in self.tables["kinds"]}
        for row in self.tables["kinds"]:
            where = row["#"]
            parents = row["parents"].split()
            self.expect(set(parents) <= codes, f"{where}: parents {set(parents) - codes}")
            self.expect(bool(parents) == (row["code"] != "republic"), f"{where}: parents")
            for parent in parents:
                # A settlement may stand under one of a smaller kind (KATO has such); nothing else under a lower level.
                self.expect(rank.get(parent, 0) <= rank[row["code"]] or row["is_settlement"] == "1",
                            f"{where}: {row['code']} under the lower {parent}")
            for flag in ("is_district_level", "is_settlement", "is_territory", "public"):
                self.expect(row[flag] in ("0", "1"), f"{where}: {flag}")
            for language in LANGUAGES:
                self.expect(row[f"label_{language}"].count("{name}") == 1, f"{where}: label_{language}")
        marked = {row["code"] for row in self.tables["kinds"] if row["is_district_level"] == "1"}
        self.expect(marked == {"district", "city_administration", "city_district"},
                    f"kinds: district level is {marked}")
        shown = {row["code"] for row in self.tables["kinds"] if row["public"] == "1"}
        self.expect(shown == marked | {"republic", "region", "republic_city"}, f"kinds: public is {shown}")
        return f"{len(codes)} kinds"

    def metrics(self):
        codes = self.codes("metrics")
        for row in self.tables["metrics"]:
            where = row["#"]
            self.expect(row["about"] in ("work", "people"), f"{where}: about {row['about']}")
            for flag in ("additive", "target", "ask_capacity"):
                self.expect(row[flag] in ("0", "1"), f"{where}: {flag} {row[flag]}")
            self.expect(not (row["about"] == "people" and row["target"] == "1"), f"{where}: a target on people")
            self.expect(0 <= int(row["min"]) < int(row["max"]), f"{where}: bounds")
            for column in ("max_metric", "ask_over_metric", "ask_equal_metric"):
                self.expect(row[column] in codes | {""} and row[column] != row["code"], f"{where}: {column}")
            self.expect(bool(row["ask_over"]) == bool(row["ask_over_per"]), f"{where}: ask_over without its scope")
            self.expect(row["ask_over_per"] in ("", "report", "unit_day", "team_day"), f"{where}: ask_over_per")
            self.expect(row["ask_other"] in ("", "stock", "free_sites", "no_link"), f"{where}: ask_other")
            thresholds = "ask_over ask_settlement_share ask_median_times ask_median_floor ask_equal_over"
            for column in thresholds.split():
                self.expect(row[column] == "" or float(row[column]) > 0, f"{where}: {column}")
        targets = {row["code"] for row in self.tables["metrics"] if row["target"] == "1"}
        want = {"events", "leaflets", "posters", "doors_tried", "publications"}
        self.expect(targets == want, f"metrics: targets on {targets}")
        return f"{len(codes)} metrics, targets only on work"

    def references(self):
        channels, metrics, activities = self.codes("channels"), self.codes("metrics"), self.codes("activities")
        asked = {}
        for row in self.tables["activities"]:
            self.expect(set(row["channels"].split()) <= channels, f"{row['#']}: channels {row['channels']}")
            names = row["metrics"].split()
            asked[row["code"]] = names
            self.expect(set(names) <= metrics and len(set(names)) == len(names),
                        f"{row['#']}: metrics {row['metrics']}")
        self.expect({m for names in asked.values() for m in names} == metrics, "activities: a metric is never asked")
        bounds = {row["code"]: (int(row["min"]), int(row["max"])) for row in self.tables["metrics"]}
        for row in self.tables["figures"]:
            where = row["#"]
            self.expect(row["activity"] in activities, f"{where}: activity {row['activity']}")
            self.expect(row["metric"] in asked.get(row["activity"], ()), f"{where}: {row['metric']} is not asked there")
            self.expect(row["setting"] in ("city", "village", "any"), f"{where}: setting")
            low, typical, high = (int(row[c]) for c in ("low", "typical", "high"))
            least, most = bounds.get(row["metric"], (0, 0))
            self.expect(least <= low <= typical <= high <= most, f"{where}: {low} {typical} {high}")
        subgroups, topics = self.codes("subgroups"), self.codes("topics")
        for row in self.tables["topics"]:
            self.expect(set(row["subgroups"].split()) <= subgroups, f"{row['#']}: subgroups")
        for row in self.tables["lecturer_posts"]:
            self.expect(row["subgroup"] in subgroups, f"{row['#']}: subgroup")
            self.expect(row["public_office"] in ("0", "1"), f"{row['#']}: public_office")
        rules = {row["number"] for row in self.tables["rules"]}
        for row in self.tables["questions"]:
            self.expect(row["topic"] in topics, f"{row['#']}: topic {row['topic']}")
            self.expect(set(row["rules"].split()) <= rules, f"{row['#']}: rules {row['rules']}")
        for row in self.tables["primaries"]:
            self.expect(row["source"] in ("village", "neighbourhood"), f"{row['#']}: source")
            for language in LANGUAGES:
                # Nothing may touch {place} but the end of the text or a comma: a glued ending would be wrong Kazakh.
                self.expect(re.fullmatch(r"\{place\}(, [^{}]+\{n\})?", row[f"name_{language}"]),
                            f"{row['#']}: name_{language}")
        for row in self.tables["meeting_places"]:
            self.expect(row["setting"] in ("city", "village", "both"), f"{row['#']}: setting")
            self.expect(0 < int(row["capacity_low"]) < int(row["capacity_high"]), f"{row['#']}: capacity")
            self.expect(not re.search("(мектеп|балабақша|school|kindergarten|школ)", " ".join(row.values()).lower()),
                        f"{row['#']}: a school")
        for row in self.tables["neighbourhoods"]:
            self.expect(row["used_for"] in ("city", "both"), f"{row['#']}: used_for")
        return "activities, figures, topics, questions, primaries and places resolve"

    def cast(self):
        units, roles, organisations = self.codes("units"), self.codes("roles"), self.codes("organisations")
        people = {row["code"]: row for row in self.tables["people"]}
        for row in self.tables["people"]:
            where = row["#"]
            self.expect(row["unit"] in units, f"{where}: unit {row['unit']}")
            self.expect(row["role"] in roles, f"{where}: role {row['role']}")
            self.expect(row["role_organization"] in organisations | {""}, f"{where}: {row['role_organization']}")
            self.expect(bool(row["role_organization"]) == (row["role"] == "representative"),
                        f"{where}: role_organization")
        logins = [row["login"] for row in self.tables["people"] if row["login"]]
        self.expect(logins == LOGINS, f"people: sign-ins {logins}")
        for language in LANGUAGES:
            names = collections.Counter(row[f"name_{language}"] for row in self.tables["people"])
            self.expect(max(names.values(), default=0) == 1, f"people: name_{language} repeats")
        posts = collections.Counter()
        for row in self.tables["posts"]:
            self.expect(row["person"] in people, f"{row['#']}: person {row['person']}")
            self.expect(row["organization"] in organisations | {""}, f"{row['#']}: {row['organization']}")
            posts[row["person"]] += 1
        self.expect(set(posts) == set(people), f"posts: nobody's or none: {set(posts) ^ set(people)}")
        self.expect(posts["speaker"] == 3, "posts: the lecturer holds three posts")
        heads = {row["unit"] for row in self.tables["people"] if row["role"] == "coordinator"}
        regions = {row["code"] for row in self.tables["units"] if row["parent"] in ("", "KZ")}
        self.expect(heads == regions, f"people: coordinators missing in {regions - heads}")
        return f"{len(people)} people, {len(logins)} sign-ins, {sum(posts.values())} posts"

    def campaign(self):
        value = {row["key"]: row["value"] for row in self.tables["campaign"]}
        self.expect(value["code"] == "referendum", "campaign: code")
        self.expect((value["days_before"], value["days_after"]) == ("60", "14"), "campaign: days")
        self.expect(value["class"] == "information", "campaign: class")
        self.expect(value["root_unit"] in self.codes("units"), "campaign: root_unit")
        for time in ("quiet_from_time", "quiet_until_time", "visits_from", "visits_until"):
            self.expect(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", value[time]), f"campaign: {time} {value[time]}")
        for key in ("name", "about", "question", "sample_line", "sample_answer"):
            for language in LANGUAGES:
                self.expect(value.get(f"{key}_{language}"), f"campaign: {key}_{language} is missing")
        return f"{len(value)} keys"

    def room(self):
        """Enough names for 3,500 primary organisations without a repeat inside a district or city."""
        city = len(self.tables["neighbourhoods"])
        both = sum(row["used_for"] == "both" for row in self.tables["neighbourhoods"])
        villages = collections.Counter(row["district"] for row in self.tables["villages"])
        room = {}
        for row in self.tables["units"]:
            if row["kind"] == "district":
                room[row["code"]] = villages[row["code"]] + both
            elif row["kind"] in ("city_administration", "city_district"):
                room[row["code"]] = villages[row["code"]] + city
        least = min(room.values(), default=0)
        self.expect(least * len(room) >= 3500 and least >= 20, f"names for {least} primaries in the poorest district")
        return f"{sum(room.values())} names, at least {least} in each of {len(room)}"


def main():
    folder = pathlib.Path(__file__).resolve().parent
    checker = Checker(folder)
    faults = checker.run()
    print("\n".join(checker.done))
    for text in faults:
        print("fault:", text)
    print(f"{len(faults)} faults")
    if "--self-test" in sys.argv[1:] and not faults:
        sys.exit(1 if self_test(folder, Checker) else 0)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
