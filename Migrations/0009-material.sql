-- A poster, leaflet or booklet with its imprint. Nobody approves what they drew up, and print without an imprint is not approved.
CREATE TABLE material (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    kind text NOT NULL CHECK (kind IN ('poster', 'leaflet', 'booklet', 'other')),
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    printed boolean NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL,
    topic text NOT NULL,
    languages text NOT NULL CHECK (languages <> ''),
    issuer text NOT NULL,
    orderer text NOT NULL,
    payer text NOT NULL,
    responsible text NOT NULL,
    printer text NOT NULL,
    print_place text NOT NULL,
    print_run bigint NOT NULL CHECK (print_run >= 0),
    state text NOT NULL CHECK (state IN ('draft', 'approved', 'withdrawn')),
    author uuid NOT NULL REFERENCES person (id),
    approved_by uuid REFERENCES person (id),
    approved_at bigint,
    withdrawn_reason text,
    created_at bigint NOT NULL,
    CONSTRAINT material_second_person CHECK (approved_by IS NULL OR approved_by <> author),
    CONSTRAINT material_approved CHECK (state = 'draft' OR (approved_by IS NOT NULL AND approved_at IS NOT NULL)),
    CONSTRAINT material_imprint CHECK (state = 'draft' OR (issuer <> '' AND orderer <> '' AND payer <> '' AND responsible <> '')),
    CONSTRAINT material_print CHECK (state = 'draft' OR NOT printed OR (printer <> '' AND print_place <> '' AND print_run > 0)),
    CONSTRAINT material_withdrawn CHECK (state <> 'withdrawn' OR withdrawn_reason IS NOT NULL)
);

-- What one unit answers for of one material, in copies; the fold of its entries. The rule is `Materials/Stock.swift`.
CREATE TABLE stock (
    unit bigint NOT NULL REFERENCES unit (no),
    material uuid NOT NULL REFERENCES material (id),
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
