-- A room or an open place where people meet, in a settlement. `access` says how a wheelchair gets in; `school` that children learn
-- there, where nothing of class campaigning is held.
CREATE TABLE event_place (
    id uuid PRIMARY KEY,
    unit bigint NOT NULL REFERENCES unit (no),
    name text NOT NULL CHECK (name <> ''),
    address text NOT NULL,
    capacity bigint CHECK (capacity BETWEEN 1 AND 100000),
    access text NOT NULL CHECK (access IN ('full', 'partly', 'none', 'unknown')),
    school boolean NOT NULL,
    added_at bigint NOT NULL,
    UNIQUE (unit, name)
);

-- A post a person holds from day to day (`to_day` is the last), inside or outside the organisations of the campaign. Who holds a
-- public office may explain but not campaign.
CREATE TABLE post (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    name text NOT NULL CHECK (name <> ''),
    public_office boolean NOT NULL,
    from_day bigint NOT NULL,
    to_day bigint,
    CONSTRAINT post_days CHECK (to_day IS NULL OR to_day >= from_day)
);

CREATE INDEX post_person ON post (person);

-- Something held at a time: a meeting, a lecture, a stream. `unit` is the host that counts it; `territory` where it is. An empty
-- title is the activity's name in the reader's language. `sequence` counts what the public was told (RFC 5545). No names of those
-- who come, no employer, no school.
CREATE TABLE event (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    organization bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('meeting', 'lecture', 'stream', 'conference', 'seminar', 'collective')),
    activity text NOT NULL,
    audience text NOT NULL,
    topic text,
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    title text NOT NULL,
    form text NOT NULL CHECK (form IN ('in_person', 'online', 'hybrid')),
    territory bigint NOT NULL REFERENCES unit (no),
    place uuid REFERENCES event_place (id),
    link text NOT NULL,
    start_at bigint NOT NULL,
    end_at bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'announced', 'moved', 'held', 'cancelled')),
    shown text NOT NULL CHECK (shown IN ('public', 'internal')),
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    class_by uuid,
    reason text NOT NULL,
    series uuid,
    sequence bigint NOT NULL CHECK (sequence >= 0),
    author uuid NOT NULL,
    announced_at bigint,
    made_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    FOREIGN KEY (campaign, activity) REFERENCES activity (campaign, code),
    FOREIGN KEY (campaign, audience) REFERENCES audience (campaign, code),
    FOREIGN KEY (campaign, topic) REFERENCES topic (campaign, code),
    CONSTRAINT event_length CHECK (end_at > start_at AND end_at - start_at <= 259200000),
    CONSTRAINT event_room CHECK (form <> 'online' OR place IS NULL),
    CONSTRAINT event_reason CHECK ((state = 'cancelled') = (reason <> '')),
    CONSTRAINT event_told CHECK (state NOT IN ('announced', 'moved') OR announced_at IS NOT NULL),
    CONSTRAINT event_class_by CHECK (class_by IS NULL OR class_by <> author)
);

CREATE INDEX event_start ON event (campaign, start_at, id);

CREATE INDEX event_unit_start ON event (unit, start_at);

CREATE INDEX event_place_start ON event (place, start_at);

CREATE INDEX event_series ON event (series);

-- Units that hold it together with the host; they are credited and count nothing.
CREATE TABLE event_partner (
    event uuid NOT NULL REFERENCES event (id),
    unit bigint NOT NULL REFERENCES unit (no),
    PRIMARY KEY (event, unit)
) /* clustered */;

-- Who works at it. `asked`: the unit `via` has not yet allowed its lecturer to be invited.
CREATE TABLE event_member (
    id uuid PRIMARY KEY,
    event uuid NOT NULL REFERENCES event (id),
    person uuid NOT NULL REFERENCES person (id),
    role text NOT NULL CHECK (role IN ('host', 'speaker', 'helper')),
    state text NOT NULL CHECK (state IN ('asked', 'invited', 'confirmed', 'declined', 'withdrawn')),
    via bigint REFERENCES unit (no),
    asked_by uuid NOT NULL,
    asked_at bigint NOT NULL,
    answered_at bigint,
    UNIQUE (event, person),
    CONSTRAINT event_member_asked CHECK (state <> 'asked' OR via IS NOT NULL)
);

CREATE INDEX event_member_person ON event_member (person, state);

-- Quarters of an hour (since 1970) in which an invited or confirmed person is taken. The key is what makes double booking
-- impossible, whoever invites at the same moment.
CREATE TABLE event_hold (
    person uuid NOT NULL REFERENCES person (id),
    slot bigint NOT NULL,
    event uuid NOT NULL REFERENCES event (id),
    PRIMARY KEY (person, slot)
) /* clustered */;

CREATE INDEX event_hold_event ON event_hold (event);

-- What the public was told, one row a change: announced, moved from where and when, cancelled and why. Followers read it.
CREATE TABLE event_notice (
    event uuid NOT NULL REFERENCES event (id),
    sequence bigint NOT NULL,
    at bigint NOT NULL,
    verb text NOT NULL CHECK (verb IN ('announced', 'moved', 'cancelled', 'changed')),
    start_at bigint NOT NULL,
    end_at bigint NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (event, sequence)
);

CREATE INDEX event_notice_at ON event_notice (at);

-- The report of an event: the hall's counts the event, the online one only its viewers.
CREATE TABLE event_report (
    event uuid NOT NULL REFERENCES event (id),
    part text NOT NULL CHECK (part IN ('hall', 'online')),
    report uuid NOT NULL UNIQUE REFERENCES report (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (event, part)
);

-- What was brought to be handed out, and how much was.
CREATE TABLE event_material (
    event uuid NOT NULL REFERENCES event (id),
    position bigint NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    brought bigint NOT NULL CHECK (brought BETWEEN 0 AND 100000),
    handed bigint CHECK (handed BETWEEN 0 AND 100000),
    PRIMARY KEY (event, position),
    CONSTRAINT event_material_handed CHECK (handed IS NULL OR handed <= brought)
);

-- Addresses of calendars that somebody subscribed to: kept as SHA-256, read with the owner's present rights. `unit` empty: the
-- owner's own events.
CREATE TABLE calendar_token (
    hash bytea PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    person uuid NOT NULL REFERENCES person (id),
    unit bigint REFERENCES unit (no),
    made_at bigint NOT NULL,
    read_at bigint,
    ended_at bigint
);

CREATE INDEX calendar_token_person ON calendar_token (person);

-- The history of an event is its lines of the feed.
CREATE INDEX feed_event ON feed (subject_id, at) WHERE subject = 'event';

CREATE INDEX question_event ON question (event) WHERE event IS NOT NULL;
