-- What must stand on everything an organisation lets out in a campaign; the issuer is the organisation itself.
CREATE TABLE imprint (
    campaign bigint NOT NULL REFERENCES campaign (no),
    organization bigint NOT NULL REFERENCES organization (no),
    orderer text NOT NULL CHECK (orderer <> ''),
    payer text NOT NULL CHECK (payer <> ''),
    responsible text NOT NULL CHECK (responsible <> ''),
    address text NOT NULL CHECK (address <> ''),
    set_at bigint NOT NULL,
    set_by uuid NOT NULL,
    PRIMARY KEY (campaign, organization)
);

-- Addresses that are not to be written to, as HMAC-SHA256 under the server's own key: the address itself is not kept, and the
-- mark outlives it.
CREATE TABLE address_mark (
    mark bytea NOT NULL,
    kind text NOT NULL CHECK (kind IN ('do_not_contact', 'bounced')),
    at bigint NOT NULL,
    PRIMARY KEY (mark, kind)
) /* clustered */;

-- A letter on its way out. It holds no address and no text: both are read from the feature's own tables when it is sent, so what
-- was deleted or corrected meanwhile is not sent. `about` is the feature's thing (a question), `version` what of it. `handed`:
-- the whole letter is with the relay, whose answer is not known yet; `unsure`: it will not be known, and a person decides.
CREATE TABLE mail_message (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    organization bigint NOT NULL REFERENCES organization (no),
    kind text NOT NULL CHECK (kind <> ''),
    about uuid NOT NULL,
    version bigint NOT NULL,
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    mark bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'sending', 'handed', 'sent', 'unsure', 'stopped', 'failed')),
    attempts bigint NOT NULL CHECK (attempts >= 0),
    reason text NOT NULL,
    queued_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    next_at bigint NOT NULL,
    UNIQUE (kind, about, version, language)
);

CREATE INDEX mail_message_state ON mail_message (state, next_at);

CREATE INDEX mail_message_mark ON mail_message (mark, changed_at);

CREATE INDEX mail_message_about ON mail_message (about);

-- What came in by mail and what became of it, without a word and without an address; `mark` is the SHA-256 of the letter, so that
-- one which the relay delivers twice is taken once.
CREATE TABLE mail_in (
    mark bytea PRIMARY KEY,
    at bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('question', 'reply', 'bounce', 'automatic', 'limited', 'empty')),
    about uuid
);

CREATE INDEX mail_in_at ON mail_in (at);
