-- A photo or scan that was promised by an operation as showing something to be true. A report is evidenced while it has one that
-- arrived whole (`verified_at`) and was not rejected. The subject is a report, or what a later feature keeps (a poster site).
CREATE TABLE evidence (
    id uuid PRIMARY KEY,
    subject_kind text NOT NULL CHECK (subject_kind IN ('report', 'site')),
    subject uuid NOT NULL,
    sha256 bytea NOT NULL,
    role text NOT NULL CHECK (role IN ('tally', 'hall', 'counter', 'slips', 'site', 'scan')),
    bytes bigint NOT NULL CHECK (bytes BETWEEN 1 AND 12582912),
    unit bigint NOT NULL REFERENCES unit (no),
    author uuid NOT NULL,
    op uuid NOT NULL,
    promised_at bigint NOT NULL,
    verified_at bigint,
    decision text NOT NULL CHECK (decision IN ('', 'accepted', 'rejected')),
    reason text NOT NULL,
    checked_by uuid,
    checked_at bigint,
    UNIQUE (subject, sha256),
    CHECK ((decision = '') = (checked_at IS NULL))
);

CREATE INDEX evidence_sha256 ON evidence (sha256);

-- What a reviewer has not looked at yet.
CREATE INDEX evidence_queue ON evidence (id) WHERE verified_at IS NOT NULL AND decision = '';

-- What is known of a file once all of it has come. `print` holds four perceptual hashes of 8 bytes: whole, mirrored, and two
-- crops; empty where there are none. The row stays when the bytes are gone.
CREATE TABLE evidence_file (
    sha256 bytea PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('verified', 'refused', 'deleted')),
    reason text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('', 'jpeg', 'png', 'webp', 'pdf')),
    bytes bigint NOT NULL,
    width bigint NOT NULL,
    height bigint NOT NULL,
    print bytea NOT NULL,
    at bigint NOT NULL,
    original_gone_at bigint,
    erased_at bigint
);

-- Quarters of perceptual hashes: quarter × 65536 + 16 bits. Near neighbours share one, or one a bit away.
CREATE TABLE evidence_print (
    quarter bigint NOT NULL,
    sha256 bytea NOT NULL REFERENCES evidence_file (sha256),
    PRIMARY KEY (quarter, sha256)
) /* clustered */;

-- Two files that look alike, in both orders, with the number of bits they differ in.
CREATE TABLE evidence_twin (
    sha256 bytea NOT NULL REFERENCES evidence_file (sha256),
    other bytea NOT NULL REFERENCES evidence_file (sha256),
    distance bigint NOT NULL,
    PRIMARY KEY (sha256, other)
) /* clustered */;
