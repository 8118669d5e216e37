-- Every version of a source of the library, who read it, and who confirmed its class: a person of another organisation. What
-- the public reads is the latest version that was confirmed. Nothing is edited: a change is a new version with its reason.
CREATE TABLE source_version (
    source uuid NOT NULL REFERENCES source (id),
    version bigint NOT NULL CHECK (version >= 1),
    title text NOT NULL CHECK (title <> ''),
    section text NOT NULL,
    url text NOT NULL,
    statement text NOT NULL,
    issued_day bigint,
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    checked_day bigint NOT NULL,
    reason text NOT NULL,
    author uuid NOT NULL,
    author_organization bigint NOT NULL,
    at bigint NOT NULL,
    confirmed_by uuid,
    confirmed_organization bigint,
    confirmed_at bigint,
    PRIMARY KEY (source, version),
    CONSTRAINT source_version_reason CHECK (version = 1 OR reason <> ''),
    CONSTRAINT source_version_second CHECK (confirmed_by IS NULL OR (confirmed_at IS NOT NULL AND confirmed_by <> author
        AND confirmed_organization IS NOT NULL AND confirmed_organization <> 0
        AND confirmed_organization <> author_organization))
);

-- An archived copy of what stood at a source: the bytes lie in the server's own store under their SHA-256. `name` is the file's
-- name as it came; nothing is opened by it.
CREATE TABLE source_copy (
    source uuid NOT NULL REFERENCES source (id),
    sha256 bytea NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    bytes bigint NOT NULL CHECK (bytes > 0),
    at bigint NOT NULL,
    author uuid NOT NULL,
    PRIMARY KEY (source, sha256)
);

-- Somebody had the server work out the hash of an archived copy again.
CREATE TABLE source_check (
    id uuid PRIMARY KEY,
    source uuid NOT NULL REFERENCES source (id),
    sha256 bytea NOT NULL,
    at bigint NOT NULL,
    author uuid NOT NULL,
    good boolean NOT NULL
);

CREATE INDEX source_check_source ON source_check (source, at);

-- A statement that rests on a source of the library, in one to three languages. `version` counts its texts; its present text is
-- the row of that version. `source_version`: the version of the source that was read for it.
CREATE TABLE fact (
    id uuid PRIMARY KEY,
    source uuid NOT NULL REFERENCES source (id),
    version bigint NOT NULL CHECK (version >= 1),
    source_version bigint NOT NULL CHECK (source_version >= 1),
    changed_at bigint NOT NULL
);

CREATE INDEX fact_source ON fact (source);

-- Every text of a fact, as of a source.
CREATE TABLE fact_version (
    fact uuid NOT NULL REFERENCES fact (id),
    version bigint NOT NULL CHECK (version >= 1),
    statement_kk text NOT NULL,
    statement_ru text NOT NULL,
    statement_en text NOT NULL,
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    checked_day bigint NOT NULL,
    reason text NOT NULL,
    author uuid NOT NULL,
    author_organization bigint NOT NULL,
    at bigint NOT NULL,
    confirmed_by uuid,
    confirmed_organization bigint,
    confirmed_at bigint,
    PRIMARY KEY (fact, version),
    CONSTRAINT fact_version_said CHECK (statement_kk <> '' OR statement_ru <> '' OR statement_en <> ''),
    CONSTRAINT fact_version_reason CHECK (version = 1 OR reason <> ''),
    CONSTRAINT fact_version_second CHECK (confirmed_by IS NULL OR (confirmed_at IS NOT NULL AND confirmed_by <> author
        AND confirmed_organization IS NOT NULL AND confirmed_organization <> 0
        AND confirmed_organization <> author_organization))
);

-- Facts an answer cites, with the version that was read.
CREATE TABLE answer_fact (
    answer uuid NOT NULL REFERENCES answer (id),
    fact uuid NOT NULL REFERENCES fact (id),
    fact_version bigint NOT NULL,
    PRIMARY KEY (answer, fact)
) /* clustered */;

CREATE INDEX answer_fact_fact ON answer_fact (fact);

-- What a corrected text that waits is to rest on; no row when it changes no source.
CREATE TABLE answer_draft_source (
    answer uuid NOT NULL REFERENCES answer (id),
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    position bigint NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    url text NOT NULL,
    day bigint,
    source uuid REFERENCES source (id),
    source_version bigint,
    fact uuid REFERENCES fact (id),
    fact_version bigint,
    PRIMARY KEY (answer, language, position),
    CONSTRAINT answer_draft_source_version CHECK ((source IS NULL) = (source_version IS NULL)),
    CONSTRAINT answer_draft_fact_version CHECK ((fact IS NULL) = (fact_version IS NULL))
);

-- One anonymous press after an event: was your question answered? Only counted.
CREATE TABLE event_press (
    event uuid PRIMARY KEY REFERENCES event (id),
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    helped bigint NOT NULL CHECK (helped >= 0),
    unhelped bigint NOT NULL CHECK (unhelped >= 0)
);

CREATE INDEX event_press_unit ON event_press (unit);

-- A number that is drawn anew whenever what public pages of a kind show has changed: pages kept under an older one are made
-- again.
CREATE TABLE page_stamp (
    name text PRIMARY KEY CHECK (name <> ''),
    stamp bigint NOT NULL
);
