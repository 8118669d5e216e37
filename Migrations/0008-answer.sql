-- An official text by section, or a page with facts, as somebody read it on a day: what answers cite. `sha256` is that of the
-- archived copy. A change is a new version, and marks what rests on an older one. The class is confirmed by a second person
-- from another organisation.
CREATE TABLE source (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    title text NOT NULL CHECK (title <> ''),
    section text NOT NULL,
    url text NOT NULL,
    statement text NOT NULL,
    issued_day bigint,
    sha256 bytea,
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    version bigint NOT NULL CHECK (version >= 1),
    checked_day bigint NOT NULL,
    author uuid NOT NULL,
    author_organization bigint NOT NULL,
    confirmed_by uuid,
    confirmed_organization bigint,
    changed_at bigint NOT NULL,
    CONSTRAINT source_place CHECK (url <> '' OR statement <> ''),
    CONSTRAINT source_second CHECK (confirmed_by IS NULL OR (confirmed_by <> author AND confirmed_organization <> author_organization))
);

CREATE INDEX source_campaign ON source (campaign, title);

-- An answer of the bank. Nothing is published without a source and a second person; what an operator brought in a file is
-- marked as such, and may belong to no campaign and no unit. `version` counts approved texts in `language`, the one it was written in. Presses are anonymous counts.
CREATE TABLE answer (
    id uuid PRIMARY KEY,
    campaign bigint REFERENCES campaign (no),
    unit bigint REFERENCES unit (no),
    question uuid UNIQUE REFERENCES question (id),
    topic text,
    external_id text UNIQUE,
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    state text NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
    version bigint NOT NULL CHECK (version >= 0),
    author uuid NOT NULL,
    approver uuid,
    sources bigint NOT NULL CHECK (sources >= 0),
    imported boolean NOT NULL,
    prepared boolean NOT NULL,
    helped bigint NOT NULL,
    unhelped bigint NOT NULL,
    created_at bigint NOT NULL,
    published_at bigint,
    changed_at bigint NOT NULL,
    FOREIGN KEY (campaign, topic) REFERENCES topic (campaign, code),
    CONSTRAINT answer_home CHECK (imported OR (campaign IS NOT NULL AND unit IS NOT NULL)),
    CONSTRAINT answer_published CHECK (state <> 'published' OR (sources > 0 AND published_at IS NOT NULL AND version > 0
        AND (imported OR (approver IS NOT NULL AND approver <> author))))
);

CREATE INDEX answer_bank ON answer (campaign, state, published_at);

-- An answer in one language as it stands. `based_on`: the version of the first language that it says; smaller than that
-- version, the translation is out of date.
CREATE TABLE answer_text (
    answer uuid NOT NULL REFERENCES answer (id),
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    version bigint NOT NULL CHECK (version >= 1),
    based_on bigint NOT NULL,
    question text NOT NULL,
    body text NOT NULL CHECK (body <> ''),
    at bigint NOT NULL,
    PRIMARY KEY (answer, language)
);

-- Every text that ever stood, who wrote and who approved it; from the second on with what was corrected and why.
CREATE TABLE answer_version (
    answer uuid NOT NULL REFERENCES answer (id),
    language text NOT NULL,
    version bigint NOT NULL,
    question text NOT NULL,
    body text NOT NULL,
    reason text NOT NULL,
    author uuid NOT NULL,
    approver uuid,
    at bigint NOT NULL,
    PRIMARY KEY (answer, language, version),
    CONSTRAINT answer_version_second CHECK (approver IS NULL OR approver <> author)
);

-- An answer that was taken back: which version stood, and why. Everybody reads the reason where the answer stood, and the
-- question is open again; the next approved text stands there as a correction.
CREATE TABLE answer_withdrawal (
    answer uuid NOT NULL REFERENCES answer (id),
    version bigint NOT NULL CHECK (version >= 1),
    reason text NOT NULL CHECK (reason <> ''),
    by_person uuid NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (answer, version)
);

-- A text that waits for a second person: the first, a translation, or a correction with its reason.
CREATE TABLE answer_draft (
    answer uuid NOT NULL REFERENCES answer (id),
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    question text NOT NULL,
    body text NOT NULL CHECK (body <> ''),
    reason text NOT NULL,
    author uuid NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (answer, language)
);

-- What an answer rests on, in its order. With `source`, the version of it that was read.
CREATE TABLE answer_source (
    answer uuid NOT NULL REFERENCES answer (id),
    position bigint NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    url text NOT NULL,
    day bigint,
    source uuid REFERENCES source (id),
    source_version bigint,
    PRIMARY KEY (answer, position),
    CONSTRAINT answer_source_version CHECK ((source IS NULL) = (source_version IS NULL))
);

CREATE INDEX answer_source_source ON answer_source (source);

-- Which text of the answer an asker was told, by the activist, by a call or by a letter. Whoever was told an older one, or one in
-- another language than the own that stands by now, is told anew.
CREATE TABLE answer_told (
    question uuid NOT NULL REFERENCES question (id),
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    version bigint NOT NULL,
    at bigint NOT NULL,
    told_by uuid NOT NULL,
    PRIMARY KEY (question, language, version)
);

-- What else an asker was told by a person: that the question is not published, that the answer was taken back.
CREATE TABLE asker_told (
    question uuid NOT NULL REFERENCES question (id),
    what text NOT NULL CHECK (what IN ('declined', 'withdrawn')),
    at bigint NOT NULL,
    told_by uuid NOT NULL,
    PRIMARY KEY (question, what, at)
);
