-- A poster, leaflet or booklet with its imprint, for the units at and below `unit`. Drawn up by one person, approved by another; print
-- without an imprint is not approved, and nothing else is moved or handed out. `languages`: codes in the order kk, ru, en. What was
-- approved is never changed: its next text is another row of the same `family`, which is the id of the first version.
CREATE TABLE material (
    id uuid PRIMARY KEY,
    family uuid NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    kind text NOT NULL CHECK (kind IN ('poster', 'leaflet', 'booklet', 'other')),
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    printed boolean NOT NULL,
    name_kk text NOT NULL CHECK (name_kk <> ''),
    name_ru text NOT NULL CHECK (name_ru <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    languages text NOT NULL,
    issuer text NOT NULL,
    orderer text NOT NULL,
    payer text NOT NULL,
    responsible text NOT NULL,
    printer text NOT NULL,
    print_place text NOT NULL,
    print_run bigint NOT NULL CHECK (print_run >= 0),
    state text NOT NULL CHECK (state IN ('draft', 'approved', 'withdrawn')),
    author uuid NOT NULL,
    changed_by uuid NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    approved_by uuid,
    approved_at bigint,
    withdrawn_by uuid,
    withdrawn_at bigint,
    withdrawn_reason text NOT NULL,
    CONSTRAINT material_version UNIQUE (family, version),
    CONSTRAINT material_first CHECK ((version = 1) = (family = id)),
    CONSTRAINT material_second_person CHECK (approved_by IS NULL OR (approved_by <> author AND approved_by <> changed_by)),
    CONSTRAINT material_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL) AND (state = 'draft') = (approved_by IS NULL)),
    CONSTRAINT material_imprint CHECK (state = 'draft' OR (issuer <> '' AND orderer <> '' AND payer <> '' AND responsible <> '')),
    CONSTRAINT material_print
        CHECK (state = 'draft' OR NOT printed OR (printer <> '' AND print_place <> '' AND print_run > 0 AND languages <> '')),
    CONSTRAINT material_withdrawn CHECK (
        (state = 'withdrawn') = (withdrawn_by IS NOT NULL) AND (state = 'withdrawn') = (withdrawn_at IS NOT NULL)
            AND (state = 'withdrawn') = (withdrawn_reason <> ''))
);

CREATE INDEX material_campaign ON material (campaign, created_at);

-- A file of a material, to print or to look at: kept by its content in the private store, changed only while the material is a draft.
CREATE TABLE material_file (
    id uuid PRIMARY KEY,
    material uuid NOT NULL REFERENCES material (id),
    sha256 bytea NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pdf', 'jpeg', 'png', 'webp')),
    name text NOT NULL CHECK (name <> ''),
    bytes bigint NOT NULL CHECK (bytes > 0),
    author uuid NOT NULL,
    at bigint NOT NULL,
    UNIQUE (material, sha256)
);

-- What one unit answers for of one material, in copies: the fold of its entries, of which there are `entries`. `beyond` are copies said
-- to be handed out that no entry brought; they stand outside the balance until copies come or a count closes the matter.
CREATE TABLE stock (
    unit bigint NOT NULL REFERENCES unit (no),
    material uuid NOT NULL REFERENCES material (id),
    entries bigint NOT NULL CHECK (entries >= 1),
    received bigint NOT NULL CHECK (received >= 0),
    moved_in bigint NOT NULL CHECK (moved_in >= 0),
    found bigint NOT NULL CHECK (found >= 0),
    on_hand bigint NOT NULL CHECK (on_hand >= 0),
    handed_out bigint NOT NULL CHECK (handed_out >= 0),
    written_off bigint NOT NULL CHECK (written_off >= 0),
    on_the_way bigint NOT NULL CHECK (on_the_way >= 0),
    moved_out bigint NOT NULL CHECK (moved_out >= 0),
    beyond bigint NOT NULL CHECK (beyond >= 0),
    PRIMARY KEY (unit, material),
    CONSTRAINT stock_beyond CHECK (on_hand = 0 OR beyond = 0),
    CONSTRAINT stock_balance CHECK (received + moved_in + found = on_hand + handed_out + written_off + on_the_way + moved_out)
);

CREATE INDEX stock_material ON stock (material);

-- Copies sent from one unit to another. They are the sender's, on the way, until the other side says what arrived. What neither
-- arrived nor came back is written off at the sender, with the reason.
CREATE TABLE stock_move (
    id uuid PRIMARY KEY,
    material uuid NOT NULL REFERENCES material (id),
    sender bigint NOT NULL REFERENCES unit (no),
    receiver bigint NOT NULL REFERENCES unit (no),
    quantity bigint NOT NULL CHECK (quantity BETWEEN 1 AND 1000000),
    sent_at bigint NOT NULL,
    sent_by uuid NOT NULL,
    arrived bigint CHECK (arrived >= 0),
    returned bigint CHECK (returned >= 0),
    reason text NOT NULL,
    accepted_at bigint,
    accepted_by uuid,
    CONSTRAINT stock_move_sides CHECK (sender <> receiver),
    CONSTRAINT stock_move_accepted CHECK (
        (accepted_at IS NULL) = (arrived IS NULL) AND (accepted_at IS NULL) = (returned IS NULL)
            AND (accepted_at IS NULL) = (accepted_by IS NULL)),
    CONSTRAINT stock_move_whole CHECK (arrived + returned <= quantity),
    CONSTRAINT stock_move_lost CHECK (arrived + returned = quantity OR reason <> '')
);

CREATE INDEX stock_move_waiting ON stock_move (receiver, sent_at) WHERE accepted_at IS NULL;
CREATE INDEX stock_move_sent ON stock_move (sender, sent_at);

-- Every change of stock, numbered without gap by unit and material, never changed and never deleted. `op` is the deed; an accepted move
-- is two entries, `accept` at the receiver and `deliver` at the sender. A loss, a find and a write-off have a reason.
CREATE TABLE stock_entry (
    unit bigint NOT NULL,
    material uuid NOT NULL,
    n bigint NOT NULL CHECK (n >= 1),
    op uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('receive', 'send', 'accept', 'deliver', 'hand_out', 'write_off', 'count')),
    quantity bigint NOT NULL CHECK (quantity >= 0),
    move uuid REFERENCES stock_move (id),
    day bigint NOT NULL,
    reason text NOT NULL,
    note text NOT NULL,
    author uuid NOT NULL,
    at bigint NOT NULL,
    received bigint NOT NULL CHECK (received >= 0),
    moved_in bigint NOT NULL CHECK (moved_in >= 0),
    found bigint NOT NULL CHECK (found >= 0),
    on_hand bigint NOT NULL,
    handed_out bigint NOT NULL CHECK (handed_out >= 0),
    written_off bigint NOT NULL CHECK (written_off >= 0),
    on_the_way bigint NOT NULL,
    moved_out bigint NOT NULL CHECK (moved_out >= 0),
    beyond bigint NOT NULL,
    PRIMARY KEY (unit, material, n),
    UNIQUE (op, unit),
    FOREIGN KEY (unit, material) REFERENCES stock (unit, material),
    CONSTRAINT stock_entry_balance
        CHECK (received + moved_in + found = on_hand + handed_out + written_off + on_the_way + moved_out),
    CONSTRAINT stock_entry_reason CHECK (reason <> '' OR (written_off = 0 AND found = 0)),
    CONSTRAINT stock_entry_move CHECK ((move IS NOT NULL) = (kind IN ('send', 'accept', 'deliver')))
);

-- A place designated for posters, with the akimat's permission. `class` is what may hang there; nothing campaigning at a school.
-- `condition` is that of its newest day, `empty` before anything hung there.
CREATE TABLE poster_site (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    address text NOT NULL CHECK (address <> ''),
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    school boolean NOT NULL,
    capacity bigint NOT NULL CHECK (capacity BETWEEN 1 AND 1000),
    material uuid REFERENCES material (id),
    decree text NOT NULL CHECK (decree <> ''),
    decree_number text NOT NULL CHECK (decree_number <> ''),
    decree_day bigint NOT NULL,
    first_day bigint NOT NULL,
    take_down_day bigint,
    condition text NOT NULL CHECK (condition IN ('empty', 'in_place', 'damaged', 'missing', 'removed')),
    condition_day bigint,
    author uuid NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    closed_at bigint,
    CONSTRAINT poster_site_school CHECK (NOT school OR class = 'information'),
    CONSTRAINT poster_site_days CHECK (take_down_day >= first_day),
    CONSTRAINT poster_site_condition CHECK ((condition = 'empty') = (condition_day IS NULL))
);

CREATE INDEX poster_site_unit ON poster_site (unit);
CREATE INDEX poster_site_take_down ON poster_site (campaign, take_down_day) WHERE closed_at IS NULL;

-- How a poster site was found on a day, by the operation that told of it. `quiet`: put up on a quiet day, to be looked at.
CREATE TABLE site_condition (
    id uuid PRIMARY KEY,
    site uuid NOT NULL REFERENCES poster_site (id),
    day bigint NOT NULL,
    condition text NOT NULL CHECK (condition IN ('in_place', 'damaged', 'missing', 'removed')),
    note text NOT NULL,
    quiet boolean NOT NULL,
    author uuid NOT NULL,
    at bigint NOT NULL
);

CREATE INDEX site_condition_site ON site_condition (site, day, at);
