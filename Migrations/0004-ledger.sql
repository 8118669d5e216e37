-- A ledger stream: the root's own, and one for every unit that is or was a child of the root. `seq` is the last one given.
CREATE TABLE stream (
    unit bigint PRIMARY KEY REFERENCES unit (no),
    seq bigint NOT NULL CHECK (seq >= 0)
);

-- A chain of ancestors, interned: 'unit/…/root' by number. Immutable; a report keeps the one of its day.
CREATE TABLE path (
    id bigint PRIMARY KEY,
    chain text NOT NULL UNIQUE,
    unit bigint NOT NULL REFERENCES unit (no),
    stream bigint NOT NULL REFERENCES stream (unit)
);

CREATE INDEX path_stream ON path (stream, id);

-- A unit on a path and its parent there; the root stands with parent 0.
CREATE TABLE path_member (
    unit bigint NOT NULL,
    path bigint NOT NULL REFERENCES path (id),
    depth bigint NOT NULL,
    parent bigint NOT NULL,
    PRIMARY KEY (unit, path)
) /* clustered */;

CREATE INDEX path_member_path ON path_member (path, depth);

-- What a figure is about, interned: activity × audience × channel × organisation of a campaign.
CREATE TABLE cell (
    id bigint PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    activity text NOT NULL,
    audience text NOT NULL,
    channel text NOT NULL,
    organization bigint NOT NULL,
    UNIQUE (campaign, activity, audience, channel, organization)
);

-- A report as it stands now. m0 … m15 by metric slot; empty means not reported, which is not 0.
CREATE TABLE report (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    path bigint NOT NULL REFERENCES path (id),
    day bigint NOT NULL,
    cell bigint NOT NULL REFERENCES cell (id),
    place bigint REFERENCES unit (no),
    estimated boolean NOT NULL,
    band bigint NOT NULL CHECK (band BETWEEN 0 AND 2),
    rev bigint NOT NULL CHECK (rev >= 1),
    last_rev bigint NOT NULL,
    voided boolean NOT NULL,
    evidenced boolean NOT NULL,
    competing bigint NOT NULL CHECK (competing >= 0),
    flags text NOT NULL,
    author uuid NOT NULL,
    on_behalf boolean NOT NULL,
    door text NOT NULL,
    replaces uuid,
    note text NOT NULL,
    filed_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    m0 bigint, m1 bigint, m2 bigint, m3 bigint, m4 bigint, m5 bigint, m6 bigint, m7 bigint, m8 bigint, m9 bigint, m10 bigint, m11 bigint, m12 bigint, m13 bigint, m14 bigint, m15 bigint
);

CREATE INDEX report_day ON report (campaign, day, id);

-- A person's own newest reports: ids are made in the order of time.
CREATE INDEX report_author ON report (author, id);

CREATE INDEX report_path ON report (path, day, id);

-- What somebody should look at: few rows of many, and all the board asks of them, so that no report is read for it.
CREATE INDEX report_attention ON report (campaign, day, id, path, unit, cell, competing, flags, voided, band)
    WHERE competing > 0 OR flags NOT IN ('', 'late');

-- Every version of a report, applied or not; `rev` counts them in the order of arrival. The applied ones form a chain by
-- `base_rev`; a correction or void on an older base competes until it is settled.
CREATE TABLE revision (
    report uuid NOT NULL REFERENCES report (id),
    rev bigint NOT NULL CHECK (rev >= 1),
    op uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('file', 'correct', 'void')),
    state text NOT NULL CHECK (state IN ('applied', 'competing', 'taken', 'dropped')),
    base_rev bigint NOT NULL,
    settled_by uuid,
    day bigint NOT NULL,
    cell bigint NOT NULL,
    place bigint,
    estimated boolean NOT NULL,
    reason text NOT NULL,
    reason_text text NOT NULL,
    author uuid NOT NULL,
    at bigint NOT NULL,
    stream bigint NOT NULL,
    seq bigint NOT NULL,
    m0 bigint, m1 bigint, m2 bigint, m3 bigint, m4 bigint, m5 bigint, m6 bigint, m7 bigint, m8 bigint, m9 bigint, m10 bigint, m11 bigint, m12 bigint, m13 bigint, m14 bigint, m15 bigint,
    PRIMARY KEY (report, rev),
    CONSTRAINT revision_base CHECK (base_rev < rev)
) /* clustered */;

-- The ledger. An operation takes one seq; what leaves a figure stands with side -1, what enters with side 1, what moves no
-- figure (a competing correction, a change of structure) with side 0. Every total is the sum of these rows.
CREATE TABLE entry (
    stream bigint NOT NULL REFERENCES stream (unit),
    seq bigint NOT NULL CHECK (seq >= 1),
    side bigint NOT NULL CHECK (side BETWEEN -1 AND 1),
    kind text NOT NULL CHECK (kind IN ('file', 'correct', 'void', 'check', 'settle', 'move', 'structure', 'evidence')),
    campaign bigint,
    report uuid,
    rev bigint,
    path bigint,
    day bigint,
    cell bigint,
    band bigint,
    evidenced boolean NOT NULL,
    reports bigint NOT NULL CHECK (reports BETWEEN -1 AND 1),
    author uuid,
    op uuid NOT NULL,
    at bigint NOT NULL,
    m0 bigint NOT NULL DEFAULT 0, m1 bigint NOT NULL DEFAULT 0, m2 bigint NOT NULL DEFAULT 0, m3 bigint NOT NULL DEFAULT 0, m4 bigint NOT NULL DEFAULT 0, m5 bigint NOT NULL DEFAULT 0, m6 bigint NOT NULL DEFAULT 0, m7 bigint NOT NULL DEFAULT 0, m8 bigint NOT NULL DEFAULT 0, m9 bigint NOT NULL DEFAULT 0, m10 bigint NOT NULL DEFAULT 0, m11 bigint NOT NULL DEFAULT 0, m12 bigint NOT NULL DEFAULT 0, m13 bigint NOT NULL DEFAULT 0, m14 bigint NOT NULL DEFAULT 0, m15 bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, seq, side)
) /* clustered */;

CREATE INDEX entry_report ON entry (report);

CREATE INDEX entry_at ON entry (at);

-- Later corrections, for "restated by" on a fixed table.
CREATE INDEX entry_restating ON entry (at) WHERE kind IN ('correct', 'void', 'settle', 'move');

-- Figures that moved on another local day (UTC+5) than the one they are about; for "since yesterday", which takes all other
-- movement from the totals by day. Checks and verdicts on evidence move no total.
CREATE INDEX entry_apart ON entry (at, stream)
    WHERE kind NOT IN ('check', 'evidence') AND day <> (at + 18000000) / 86400000;

-- Who took part beside the host; adds to no total.
CREATE TABLE credit (
    report uuid NOT NULL REFERENCES report (id),
    position bigint NOT NULL,
    unit bigint NOT NULL REFERENCES unit (no),
    organization bigint,
    role text NOT NULL,
    PRIMARY KEY (report, position)
);

CREATE INDEX credit_unit ON credit (unit);

-- Exactly-once: what every operation was answered, byte for byte.
CREATE TABLE inbox (
    author uuid NOT NULL,
    op uuid NOT NULL,
    sha256 bytea NOT NULL,
    received_at bigint NOT NULL,
    device text NOT NULL,
    device_n bigint,
    receipt text NOT NULL,
    PRIMARY KEY (author, op)
) /* clustered */;

-- Attempts to use an operation's id for other bytes.
CREATE TABLE inbox_mismatch (
    author uuid NOT NULL,
    op uuid NOT NULL,
    sha256 bytea NOT NULL,
    received_at bigint NOT NULL,
    PRIMARY KEY (author, op, sha256)
);
