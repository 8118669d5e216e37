-- What can be found, by space (answers, questions, events …). Each space has its own numbers and its own statistics.
CREATE TABLE search_space (
    no bigint PRIMARY KEY,
    name text NOT NULL UNIQUE,
    -- The next passage's number, and how many stand; removed ones keep their number until the space is built anew.
    next bigint NOT NULL CHECK (next >= 0),
    passages bigint NOT NULL CHECK (passages >= 0),
    -- Sums of passage lengths, in terms of each field.
    stems bigint NOT NULL CHECK (stems >= 0),
    grams bigint NOT NULL CHECK (grams >= 0)
);

-- One to three sentences of a document. `unit` says whose it is, 0 where that does not matter; `open` whether anybody may see it.
CREATE TABLE search_passage (
    space bigint NOT NULL REFERENCES search_space (no),
    no bigint NOT NULL CHECK (no >= 0),
    document uuid NOT NULL,
    external text NOT NULL,
    language text NOT NULL,
    unit bigint NOT NULL,
    open boolean NOT NULL,
    stems bigint NOT NULL CHECK (stems >= 0),
    grams bigint NOT NULL CHECK (grams >= 0),
    body text NOT NULL,
    PRIMARY KEY (space, no)
) /* clustered */;

CREATE INDEX search_passage_document ON search_passage (space, document, no);

-- Where a term stands, for 4,096 passages a row: passages and counts packed as in `Postings`. Term 0 holds the lengths.
CREATE TABLE search_posting (
    space bigint NOT NULL REFERENCES search_space (no),
    term bigint NOT NULL,
    block bigint NOT NULL CHECK (block >= 0),
    passages bigint NOT NULL CHECK (passages >= 0),
    packed bytea NOT NULL,
    PRIMARY KEY (space, term, block)
) /* clustered */;
