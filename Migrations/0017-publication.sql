-- A page on which an organisation publishes under its own name: its site, or its page in a social network. One row a page; what is
-- ended stays, because publications stand on it.
CREATE TABLE organization_page (
    id uuid PRIMARY KEY,
    organization bigint NOT NULL REFERENCES organization (no),
    kind text NOT NULL CHECK (kind IN ('site', 'social')),
    name text NOT NULL CHECK (name <> ''),
    url text NOT NULL UNIQUE CHECK (url <> ''),
    added_at bigint NOT NULL,
    added_by uuid NOT NULL,
    ended_at bigint
);

CREATE INDEX organization_page_organization ON organization_page (organization);

-- What an organisation published on a day, on a page of its own or in a medium named by `outlet`: the link, the class, the
-- SHA-256 of its copy. `id` is that of the operation, and of the report which counts it, where the
-- campaign counts publications. `link` is the SHA-256 of campaign and link: one link counts once; empty when it was voided.
CREATE TABLE publication (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    organization bigint NOT NULL REFERENCES organization (no),
    page uuid REFERENCES organization_page (id),
    outlet text NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    url text NOT NULL CHECK (url <> ''),
    link bytea UNIQUE,
    day bigint NOT NULL,
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    sha256 bytea NOT NULL,
    counted boolean NOT NULL,
    author uuid NOT NULL,
    logged_at bigint NOT NULL,
    CONSTRAINT publication_where CHECK ((page IS NULL) = (outlet <> ''))
);

CREATE INDEX publication_day ON publication (campaign, day, id);

-- The copy of a publication, where its file was sent: the bytes lie in the server's own store under the publication's SHA-256. `name` is
-- the file's name as it came; nothing is opened by it.
CREATE TABLE publication_copy (
    publication uuid PRIMARY KEY REFERENCES publication (id),
    name text NOT NULL,
    bytes bigint NOT NULL CHECK (bytes > 0),
    author uuid NOT NULL,
    at bigint NOT NULL
);
