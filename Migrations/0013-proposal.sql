-- What is known of a text's likeness to others: 16 hashes of groups of its words and letters. Near-identical texts share one.
CREATE TABLE likeness (
    kind text NOT NULL CHECK (kind IN ('question', 'proposal')),
    band bigint NOT NULL,
    subject uuid NOT NULL,
    PRIMARY KEY (kind, band, subject)
) /* clustered */;

-- What a resident proposed, in the resident's words and language. No name, no address, no view. `head` is the proposal whose
-- decision serves it, itself when it stands alone; the head counts in `senders` those it serves. `title` is the wording that
-- is public, written when it is taken up. `near`: another group that says almost the same, until a person has looked.
CREATE TABLE proposal (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    head uuid NOT NULL REFERENCES proposal (id),
    state text NOT NULL CHECK (state IN ('new', 'considered', 'accepted', 'declined', 'not_published')),
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    body text NOT NULL CHECK (body <> ''),
    title text NOT NULL,
    fingerprint bytea NOT NULL,
    way text NOT NULL CHECK (way IN ('door', 'event', 'office', 'telephone', 'paper', 'page', 'mail')),
    reply text NOT NULL CHECK (reply IN ('activist', 'contact', 'number', 'none')),
    author uuid,
    organization bigint NOT NULL,
    event uuid,
    personal boolean NOT NULL,
    senders bigint NOT NULL CHECK (senders >= 0),
    near uuid REFERENCES proposal (id),
    made_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    due_day bigint,
    objected_at bigint,
    reason text,
    CONSTRAINT proposal_taken_by CHECK ((way IN ('page', 'mail')) = (author IS NULL)),
    CONSTRAINT proposal_activist CHECK (reply <> 'activist' OR author IS NOT NULL),
    CONSTRAINT proposal_wording CHECK (state IN ('new', 'not_published') OR title <> ''),
    CONSTRAINT proposal_code CHECK ((state = 'not_published') = (reason IS NOT NULL))
);

CREATE INDEX proposal_head ON proposal (head);

CREATE INDEX proposal_state ON proposal (campaign, state, made_at);

CREATE INDEX proposal_fingerprint ON proposal (fingerprint);

CREATE INDEX proposal_author ON proposal (author, made_at);

-- What was decided about a proposal, and why: the reason stands in the proposer's language, and in others if it was given.
CREATE TABLE proposal_step (
    id uuid PRIMARY KEY,
    proposal uuid NOT NULL REFERENCES proposal (id),
    at bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('consider', 'accept', 'decline', 'reopen')),
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    reason_kk text NOT NULL,
    reason_ru text NOT NULL,
    reason_en text NOT NULL,
    actor uuid NOT NULL,
    organization bigint NOT NULL,
    CONSTRAINT proposal_step_reason
        CHECK (CASE language WHEN 'kk' THEN reason_kk WHEN 'ru' THEN reason_ru ELSE reason_en END <> '')
);

CREATE INDEX proposal_step_proposal ON proposal_step (proposal, at);

-- What an accepted proposal became: a task, a measure of the plan, an event. `item` is its row where the work is kept, once
-- there is one. An ended row belongs to an acceptance that was taken back.
CREATE TABLE proposal_task (
    id uuid PRIMARY KEY,
    proposal uuid NOT NULL REFERENCES proposal (id),
    kind text NOT NULL CHECK (kind IN ('task', 'measure', 'event')),
    title text NOT NULL CHECK (title <> ''),
    unit bigint NOT NULL REFERENCES unit (no),
    due_day bigint NOT NULL,
    item uuid,
    made_at bigint NOT NULL,
    made_by uuid NOT NULL,
    ended_at bigint
);

CREATE INDEX proposal_task_proposal ON proposal_task (proposal);

CREATE INDEX proposal_task_unit ON proposal_task (unit, due_day);

-- A sender does not agree with a decision: once for each proposal. The words are for the staff.
CREATE TABLE proposal_objection (
    proposal uuid PRIMARY KEY REFERENCES proposal (id),
    at bigint NOT NULL,
    body text NOT NULL CHECK (body <> '')
);

-- How to reach a sender, apart from the proposal: seen by the organisation that took it, for the decision only, and deleted
-- on its day. Nobody under 16 leaves one.
CREATE TABLE proposal_contact (
    proposal uuid PRIMARY KEY REFERENCES proposal (id),
    kind text NOT NULL CHECK (kind IN ('phone', 'email')),
    value text NOT NULL CHECK (value <> ''),
    organization bigint NOT NULL,
    delete_day bigint NOT NULL
);

CREATE INDEX proposal_contact_day ON proposal_contact (delete_day);

-- Tracking numbers of proposals: kept as HMAC-SHA256 under the server's own key.
CREATE TABLE proposal_number (
    hash bytea PRIMARY KEY,
    proposal uuid NOT NULL UNIQUE REFERENCES proposal (id)
);

-- A proposal, with those it served, was gathered under another. `made_by` empty: by the server, for equal words.
CREATE TABLE proposal_join (
    id uuid PRIMARY KEY,
    proposal uuid NOT NULL REFERENCES proposal (id),
    target uuid NOT NULL REFERENCES proposal (id),
    at bigint NOT NULL,
    made_by uuid,
    undone_at bigint,
    undone_by uuid,
    CONSTRAINT proposal_join_self CHECK (proposal <> target),
    CONSTRAINT proposal_join_undone CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);

CREATE INDEX proposal_join_target ON proposal_join (target);

CREATE INDEX proposal_join_proposal ON proposal_join (proposal);

-- Which proposals a joining moved.
CREATE TABLE proposal_join_member (
    joining uuid NOT NULL REFERENCES proposal_join (id),
    proposal uuid NOT NULL REFERENCES proposal (id),
    PRIMARY KEY (joining, proposal)
) /* clustered */;

-- Two groups a person looked at and found to be about different things; the lesser id first.
CREATE TABLE proposal_unlike (
    one uuid NOT NULL REFERENCES proposal (id),
    other uuid NOT NULL REFERENCES proposal (id),
    at bigint NOT NULL,
    made_by uuid NOT NULL,
    PRIMARY KEY (one, other),
    CONSTRAINT proposal_unlike_order CHECK (one < other)
) /* clustered */;

-- The history of a proposal among staff is its lines of the feed.
CREATE INDEX feed_proposal ON feed (subject_id, at) WHERE subject = 'proposal';
