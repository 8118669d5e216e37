-- Kinds of units are data: a district-level kind checks reports first, a settlement counts as a place reached.
CREATE TABLE unit_kind (
    code text PRIMARY KEY,
    rank bigint NOT NULL,
    district_level boolean NOT NULL,
    settlement boolean NOT NULL,
    territory boolean NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL
);

-- Organisations that sit in the headquarters together.
CREATE TABLE organization (
    no bigint PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    code text NOT NULL UNIQUE,
    kind text NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL,
    position bigint NOT NULL
);

-- A unit: headquarters of a territory, a territory itself, a primary organisation, a group. `no` is its number in the ledger
-- and the roll-ups and is never shown; `id` is what the outside sees. Names are bare, titles carry the kind's word.
CREATE TABLE unit (
    no bigint PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL REFERENCES unit_kind (code),
    name_kk text NOT NULL CHECK (name_kk <> ''),
    name_ru text NOT NULL CHECK (name_ru <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    title_kk text NOT NULL,
    title_ru text NOT NULL,
    title_en text NOT NULL,
    sort_key bytea NOT NULL,
    folded text NOT NULL,
    opened_day bigint,
    closed_day bigint,
    succeeded_by bigint REFERENCES unit (no),
    organization bigint REFERENCES organization (no),
    population bigint CHECK (population >= 0),
    capacity bigint CHECK (capacity >= 0),
    CONSTRAINT unit_days CHECK (closed_day IS NULL OR opened_day IS NULL OR closed_day >= opened_day)
);

-- Codes a unit has held. A code is never given to another unit in the same scheme, so every code ever held finds its unit.
CREATE TABLE unit_code (
    code text NOT NULL,
    scheme text NOT NULL,
    unit bigint NOT NULL REFERENCES unit (no),
    from_day bigint,
    to_day bigint,
    PRIMARY KEY (code, scheme)
);

CREATE INDEX unit_code_unit ON unit_code (unit);

-- Parenthood in time: from a day on, until (not including) another. The root has no edge. `to_day` empty: still so.
CREATE TABLE unit_edge (
    unit bigint NOT NULL REFERENCES unit (no),
    parent bigint NOT NULL REFERENCES unit (no),
    from_day bigint NOT NULL,
    to_day bigint,
    PRIMARY KEY (unit, from_day),
    CONSTRAINT unit_edge_days CHECK (to_day IS NULL OR to_day > from_day),
    CONSTRAINT unit_edge_self CHECK (unit <> parent)
);

CREATE INDEX unit_edge_parent ON unit_edge (parent);

-- One row. `stamp` is random and new with every change of the tree (see Shelf); `present_day` is the day whose tree the
-- "present structure" totals stand for.
CREATE TABLE structure (
    id bigint PRIMARY KEY CHECK (id = 1),
    stamp bigint NOT NULL,
    present_day bigint NOT NULL
);

-- Changes of the tree, in the words of who made them.
CREATE TABLE structure_change (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    unit bigint NOT NULL REFERENCES unit (no),
    other bigint REFERENCES unit (no),
    day bigint NOT NULL,
    author uuid,
    at bigint NOT NULL,
    reposted bigint NOT NULL,
    note text NOT NULL
);
