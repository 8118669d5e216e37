-- What people ask about; experts are found by it.
CREATE TABLE topic (
    campaign bigint NOT NULL REFERENCES campaign (no),
    code text NOT NULL CHECK (code <> ''),
    position bigint NOT NULL,
    name_kk text NOT NULL CHECK (name_kk <> ''),
    name_ru text NOT NULL CHECK (name_ru <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    PRIMARY KEY (campaign, code)
);

-- Who answers on a topic, for a unit and below, in which languages. An ended row stays: it says who could be asked then.
CREATE TABLE expert (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL,
    topic text NOT NULL,
    person uuid NOT NULL REFERENCES person (id),
    unit bigint NOT NULL REFERENCES unit (no),
    speaks_kk boolean NOT NULL,
    speaks_ru boolean NOT NULL,
    speaks_en boolean NOT NULL,
    added_at bigint NOT NULL,
    ended_at bigint,
    FOREIGN KEY (campaign, topic) REFERENCES topic (campaign, code),
    CONSTRAINT expert_language CHECK (speaks_kk OR speaks_ru OR speaks_en)
);

CREATE INDEX expert_topic ON expert (campaign, topic);

CREATE INDEX expert_person ON expert (person);

-- How a campaign takes questions: in whose name the public page does, working days to an answer, days a contact is kept after it.
CREATE TABLE question_desk (
    campaign bigint PRIMARY KEY REFERENCES campaign (no),
    organization bigint NOT NULL REFERENCES organization (no),
    answer_days bigint NOT NULL CHECK (answer_days BETWEEN 1 AND 30),
    contact_days bigint NOT NULL CHECK (contact_days BETWEEN 1 AND 365)
);

-- What a resident asked, in the resident's words and language. No name, no address, no view. `head` is the question whose
-- answer serves it, itself when it stands alone; the head counts in `asked` those it serves that residents asked. `due_day`
-- stops while the asker is asked back, and `days_left` keeps what was left of it. `declined_at`: since when it is not published;
-- whoever heard of an earlier time hears anew. `organization` 0: its taker belongs to none.
CREATE TABLE question (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    head uuid NOT NULL REFERENCES question (id),
    state text NOT NULL CHECK (state IN ('new', 'with_expert', 'clarify', 'checking', 'answered', 'published', 'not_published')),
    topic text,
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    body text NOT NULL CHECK (body <> ''),
    fingerprint bytea NOT NULL,
    way text NOT NULL CHECK (way IN ('door', 'event', 'office', 'telephone', 'paper', 'page', 'mail')),
    reply text NOT NULL CHECK (reply IN ('activist', 'contact', 'number', 'none')),
    author uuid,
    organization bigint NOT NULL,
    event uuid,
    prepared boolean NOT NULL,
    personal boolean NOT NULL,
    asked bigint NOT NULL CHECK (asked >= 0),
    asked_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    due_day bigint,
    days_left bigint CHECK (days_left >= 0),
    expert uuid REFERENCES person (id),
    reason text,
    declined_at bigint,
    FOREIGN KEY (campaign, topic) REFERENCES topic (campaign, code),
    CONSTRAINT question_taken_by CHECK ((way IN ('page', 'mail')) = (author IS NULL)),
    CONSTRAINT question_activist CHECK (reply <> 'activist' OR author IS NOT NULL),
    CONSTRAINT question_reason CHECK ((state = 'not_published') = (reason IS NOT NULL)),
    CONSTRAINT question_declined CHECK ((state = 'not_published') = (declined_at IS NOT NULL)),
    CONSTRAINT question_with_expert CHECK (state NOT IN ('with_expert', 'checking') OR expert IS NOT NULL),
    CONSTRAINT question_clock CHECK ((state = 'clarify') = (days_left IS NOT NULL))
);

CREATE INDEX question_head ON question (head);

CREATE INDEX question_state ON question (campaign, state, asked_at);

CREATE INDEX question_fingerprint ON question (fingerprint);

CREATE INDEX question_author ON question (author, asked_at);

CREATE INDEX question_expert ON question (expert, state);

CREATE INDEX question_unit ON question (unit, asked_at);

-- How to reach an asker, apart from the question: seen by the organisation that took it, for the answer only, and deleted on
-- its day. Nobody under 16 leaves one.
CREATE TABLE question_contact (
    question uuid PRIMARY KEY REFERENCES question (id),
    kind text NOT NULL CHECK (kind IN ('phone', 'email')),
    value text NOT NULL CHECK (value <> ''),
    organization bigint NOT NULL,
    delete_day bigint NOT NULL
);

CREATE INDEX question_contact_day ON question_contact (delete_day);

-- Tracking numbers: kept as HMAC-SHA256 under the server's own key.
CREATE TABLE question_number (
    hash bytea PRIMARY KEY,
    question uuid NOT NULL UNIQUE REFERENCES question (id)
);

-- A question, with those it served, was joined to another that asks the same. `made_by` empty: by the server, for equal words.
CREATE TABLE question_join (
    id uuid PRIMARY KEY,
    question uuid NOT NULL REFERENCES question (id),
    target uuid NOT NULL REFERENCES question (id),
    at bigint NOT NULL,
    made_by uuid,
    undone_at bigint,
    undone_by uuid,
    CONSTRAINT question_join_self CHECK (question <> target),
    CONSTRAINT question_join_undone CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);

CREATE INDEX question_join_target ON question_join (target);

CREATE INDEX question_join_question ON question_join (question);

-- Which questions a joining moved.
CREATE TABLE question_join_member (
    joining uuid NOT NULL REFERENCES question_join (id),
    question uuid NOT NULL REFERENCES question (id),
    PRIMARY KEY (joining, question)
) /* clustered */;

-- Notes among staff; never shown to the asker, never part of an answer.
CREATE TABLE question_note (
    id uuid PRIMARY KEY,
    question uuid NOT NULL REFERENCES question (id),
    at bigint NOT NULL,
    author uuid NOT NULL,
    body text NOT NULL CHECK (body <> '')
);

CREATE INDEX question_note_question ON question_note (question, at);

-- What the asker was asked back, and what came of it. `author` empty: written by the asker on the tracking page.
CREATE TABLE question_message (
    id uuid PRIMARY KEY,
    question uuid NOT NULL REFERENCES question (id),
    at bigint NOT NULL,
    author uuid,
    from_asker boolean NOT NULL,
    body text NOT NULL CHECK (body <> ''),
    CONSTRAINT question_message_author CHECK (from_asker OR author IS NOT NULL)
);

CREATE INDEX question_message_question ON question_message (question, at);

-- Posts to the public page of the last day, by a keyed hash of the network address, for the stepped limits.
CREATE TABLE ask_attempt (
    subject bytea NOT NULL,
    id uuid NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (subject, id)
) /* clustered */;

CREATE INDEX ask_attempt_at ON ask_attempt (at);

-- The history of a question is its lines of the feed.
CREATE INDEX feed_question ON feed (subject_id, at) WHERE subject = 'question';
