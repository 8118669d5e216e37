-- A person of the headquarters. Residents are never here. No field for views, votes or membership cards.
CREATE TABLE person (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    name_latin text NOT NULL,
    sort_key bytea NOT NULL,
    folded text NOT NULL,
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    public_office boolean NOT NULL,
    created_at bigint NOT NULL
);

-- A person's post in an organisation, from day to day (`to_day` is the last). Says where people come from; gives no right.
CREATE TABLE affiliation (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    organization bigint NOT NULL REFERENCES organization (no),
    post text NOT NULL,
    from_day bigint NOT NULL,
    to_day bigint,
    CONSTRAINT affiliation_days CHECK (to_day IS NULL OR to_day >= from_day)
);

CREATE INDEX affiliation_person ON affiliation (person);

-- Signing in. `password` is an argon2id string; empty until the invitation is used.
CREATE TABLE account (
    person uuid PRIMARY KEY REFERENCES person (id),
    login text NOT NULL UNIQUE,
    password text,
    disabled_at bigint
);

-- Roles are data: names here, rights in `role_right`, holders in `role_grant`. The shipped ones are added by `jarshy migrate`.
CREATE TABLE role (
    code text PRIMARY KEY,
    position bigint NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL
);

-- What a role allows: the name of a right as the program knows it; unknown names mean nothing.
CREATE TABLE role_right (
    role text NOT NULL REFERENCES role (code),
    name text NOT NULL,
    PRIMARY KEY (role, name)
);

-- A role held in a unit and below, from day to day; with an organisation, only that organisation's figures. A revoked one
-- ends with the day before, and keeps the moment: what was written before it is still judged by it.
CREATE TABLE role_grant (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    role text NOT NULL REFERENCES role (code),
    unit bigint NOT NULL REFERENCES unit (no),
    organization bigint REFERENCES organization (no),
    from_day bigint NOT NULL,
    to_day bigint,
    granted_by uuid,
    granted_at bigint NOT NULL,
    revoked_at bigint,
    CONSTRAINT role_grant_days CHECK (to_day IS NULL OR to_day >= from_day - 1)
);

CREATE INDEX role_grant_person ON role_grant (person);

CREATE INDEX role_grant_unit ON role_grant (unit);

-- Opaque session tokens, kept as SHA-256.
CREATE TABLE session (
    hash bytea PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    person uuid NOT NULL REFERENCES person (id),
    csrf text NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    agent text NOT NULL
);

CREATE INDEX session_person ON session (person);

-- Tokens of the JSON API: named, limited to a scope, with an end.
CREATE TABLE api_token (
    hash bytea PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    person uuid NOT NULL REFERENCES person (id),
    name text NOT NULL,
    scope text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    revoked_at bigint
);

CREATE INDEX api_token_person ON api_token (person);

-- One-time invitations and resets, printed on paper; kept as SHA-256.
CREATE TABLE invitation (
    hash bytea PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    person uuid NOT NULL REFERENCES person (id),
    created_by uuid,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
);

CREATE INDEX invitation_person ON invitation (person);

-- Failed sign-ins, stepped per account and per address.
CREATE TABLE sign_in_failure (
    subject text PRIMARY KEY,
    failures bigint NOT NULL,
    last_at bigint NOT NULL,
    until_at bigint NOT NULL
);

-- Who did what: append-only. `unit` says whose feed it is in; no names, no free text about people.
CREATE TABLE feed (
    id uuid PRIMARY KEY,
    at bigint NOT NULL,
    actor uuid,
    actor_kind text NOT NULL,
    verb text NOT NULL,
    subject text NOT NULL,
    subject_id text NOT NULL,
    unit bigint REFERENCES unit (no),
    detail text NOT NULL
);

CREATE INDEX feed_unit ON feed (unit, at);

-- Every reading of personal data.
CREATE TABLE personal_read (
    id uuid PRIMARY KEY,
    at bigint NOT NULL,
    reader uuid NOT NULL,
    subject uuid NOT NULL,
    page text NOT NULL
);

CREATE INDEX personal_read_subject ON personal_read (subject, at);

-- Keys the server makes for itself.
CREATE TABLE secret (
    name text PRIMARY KEY,
    value bytea NOT NULL
);
