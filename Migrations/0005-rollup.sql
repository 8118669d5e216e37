-- Stored totals: caches that must equal the fold of the ledger (jarshy recount).
-- basis 0 as reported, 1 the shift that turns it into the present structure. layer 0 submitted, 1 district, 2 region,
-- 3 evidenced (lies across the bands and is not added to them). Children of P are the rows with parent P; the root is never
-- stored: it is the rows with parent root, and its own stream's rows, which have parent 0.
CREATE TABLE total_unit (
    campaign bigint NOT NULL, basis bigint NOT NULL, parent bigint NOT NULL, unit bigint NOT NULL,
    stream bigint NOT NULL, layer bigint NOT NULL, reports bigint NOT NULL,
    m0 bigint NOT NULL DEFAULT 0, m1 bigint NOT NULL DEFAULT 0, m2 bigint NOT NULL DEFAULT 0, m3 bigint NOT NULL DEFAULT 0, m4 bigint NOT NULL DEFAULT 0, m5 bigint NOT NULL DEFAULT 0, m6 bigint NOT NULL DEFAULT 0, m7 bigint NOT NULL DEFAULT 0, m8 bigint NOT NULL DEFAULT 0, m9 bigint NOT NULL DEFAULT 0, m10 bigint NOT NULL DEFAULT 0, m11 bigint NOT NULL DEFAULT 0, m12 bigint NOT NULL DEFAULT 0, m13 bigint NOT NULL DEFAULT 0, m14 bigint NOT NULL DEFAULT 0, m15 bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, basis, parent, unit, stream, layer)
) /* clustered */;

-- The same by the day of the report.
CREATE TABLE total_unit_day (
    campaign bigint NOT NULL, basis bigint NOT NULL, parent bigint NOT NULL, unit bigint NOT NULL, day bigint NOT NULL,
    stream bigint NOT NULL, layer bigint NOT NULL, reports bigint NOT NULL,
    m0 bigint NOT NULL DEFAULT 0, m1 bigint NOT NULL DEFAULT 0, m2 bigint NOT NULL DEFAULT 0, m3 bigint NOT NULL DEFAULT 0, m4 bigint NOT NULL DEFAULT 0, m5 bigint NOT NULL DEFAULT 0, m6 bigint NOT NULL DEFAULT 0, m7 bigint NOT NULL DEFAULT 0, m8 bigint NOT NULL DEFAULT 0, m9 bigint NOT NULL DEFAULT 0, m10 bigint NOT NULL DEFAULT 0, m11 bigint NOT NULL DEFAULT 0, m12 bigint NOT NULL DEFAULT 0, m13 bigint NOT NULL DEFAULT 0, m14 bigint NOT NULL DEFAULT 0, m15 bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, basis, parent, unit, day, stream, layer)
) /* clustered */;

-- The same by cell: activity, audience, channel and organisation.
CREATE TABLE total_cell (
    campaign bigint NOT NULL, basis bigint NOT NULL, parent bigint NOT NULL, unit bigint NOT NULL, cell bigint NOT NULL,
    stream bigint NOT NULL, layer bigint NOT NULL, reports bigint NOT NULL,
    m0 bigint NOT NULL DEFAULT 0, m1 bigint NOT NULL DEFAULT 0, m2 bigint NOT NULL DEFAULT 0, m3 bigint NOT NULL DEFAULT 0, m4 bigint NOT NULL DEFAULT 0, m5 bigint NOT NULL DEFAULT 0, m6 bigint NOT NULL DEFAULT 0, m7 bigint NOT NULL DEFAULT 0, m8 bigint NOT NULL DEFAULT 0, m9 bigint NOT NULL DEFAULT 0, m10 bigint NOT NULL DEFAULT 0, m11 bigint NOT NULL DEFAULT 0, m12 bigint NOT NULL DEFAULT 0, m13 bigint NOT NULL DEFAULT 0, m14 bigint NOT NULL DEFAULT 0, m15 bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, basis, parent, unit, cell, stream, layer)
) /* clustered */;

-- The same by day and cell: the finest grain.
CREATE TABLE total_cell_day (
    campaign bigint NOT NULL, basis bigint NOT NULL, parent bigint NOT NULL, unit bigint NOT NULL, day bigint NOT NULL,
    cell bigint NOT NULL, stream bigint NOT NULL, layer bigint NOT NULL, reports bigint NOT NULL,
    m0 bigint NOT NULL DEFAULT 0, m1 bigint NOT NULL DEFAULT 0, m2 bigint NOT NULL DEFAULT 0, m3 bigint NOT NULL DEFAULT 0, m4 bigint NOT NULL DEFAULT 0, m5 bigint NOT NULL DEFAULT 0, m6 bigint NOT NULL DEFAULT 0, m7 bigint NOT NULL DEFAULT 0, m8 bigint NOT NULL DEFAULT 0, m9 bigint NOT NULL DEFAULT 0, m10 bigint NOT NULL DEFAULT 0, m11 bigint NOT NULL DEFAULT 0, m12 bigint NOT NULL DEFAULT 0, m13 bigint NOT NULL DEFAULT 0, m14 bigint NOT NULL DEFAULT 0, m15 bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, basis, parent, unit, day, cell, stream, layer)
) /* clustered */;

-- Where reports come from: per path and place (0: not told), reports that stand and events they hold; for "units that held
-- at least one event", "settlements reached" and "has not reported".
CREATE TABLE presence (
    campaign bigint NOT NULL, path bigint NOT NULL, place bigint NOT NULL,
    reports bigint NOT NULL, events bigint NOT NULL, last_day bigint NOT NULL, last_at bigint NOT NULL,
    PRIMARY KEY (campaign, path, place)
) /* clustered */;

-- A summary table fixed at its hour; never changed afterwards.
CREATE TABLE summary (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    fixed_at bigint NOT NULL,
    slot_day bigint NOT NULL,
    slot_minute bigint NOT NULL,
    as_of text NOT NULL,
    UNIQUE (campaign, unit, slot_day, slot_minute)
);

-- A unit's line of a fixed summary table: the last 24 hours, or since the start of the campaign.
CREATE TABLE summary_row (
    summary uuid NOT NULL REFERENCES summary (id),
    unit bigint NOT NULL REFERENCES unit (no),
    period text NOT NULL CHECK (period IN ('day', 'start')),
    reports bigint NOT NULL,
    m0 bigint NOT NULL DEFAULT 0, m1 bigint NOT NULL DEFAULT 0, m2 bigint NOT NULL DEFAULT 0, m3 bigint NOT NULL DEFAULT 0, m4 bigint NOT NULL DEFAULT 0, m5 bigint NOT NULL DEFAULT 0, m6 bigint NOT NULL DEFAULT 0, m7 bigint NOT NULL DEFAULT 0, m8 bigint NOT NULL DEFAULT 0, m9 bigint NOT NULL DEFAULT 0, m10 bigint NOT NULL DEFAULT 0, m11 bigint NOT NULL DEFAULT 0, m12 bigint NOT NULL DEFAULT 0, m13 bigint NOT NULL DEFAULT 0, m14 bigint NOT NULL DEFAULT 0, m15 bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (summary, unit, period)
);

-- A figure somebody cited: the sentence as it was, and where to look what became of it.
CREATE TABLE citation (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    query text NOT NULL,
    text_kk text NOT NULL,
    text_ru text NOT NULL,
    text_en text NOT NULL,
    as_of text NOT NULL,
    value bigint NOT NULL,
    metric text NOT NULL,
    created_at bigint NOT NULL,
    created_by uuid NOT NULL
);
