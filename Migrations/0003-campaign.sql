-- A campaign and its words and measures, all data. `stamp` is random and new with every change (see Shelf).
CREATE TABLE campaign (
    no bigint PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    code text NOT NULL UNIQUE,
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL,
    about_kk text NOT NULL,
    about_ru text NOT NULL,
    about_en text NOT NULL,
    first_day bigint NOT NULL,
    last_day bigint NOT NULL,
    vote_day bigint,
    quiet_from_day bigint,
    event_metric text NOT NULL,
    sample boolean NOT NULL,
    stamp bigint NOT NULL,
    CONSTRAINT campaign_days CHECK (last_day >= first_day),
    CONSTRAINT campaign_quiet CHECK (quiet_from_day IS NULL OR (vote_day IS NOT NULL AND quiet_from_day <= vote_day))
);

-- For whom something is held: a property of an event, never of a person.
CREATE TABLE audience (
    campaign bigint NOT NULL REFERENCES campaign (no),
    code text NOT NULL,
    position bigint NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL,
    PRIMARY KEY (campaign, code)
);

-- By what way people are reached.
CREATE TABLE channel (
    campaign bigint NOT NULL REFERENCES campaign (no),
    code text NOT NULL,
    position bigint NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL,
    PRIMARY KEY (campaign, code)
);

-- `slot` says which of the sixteen columns m0 … m15 of reports, ledger and roll-ups holds the metric; it never changes.
-- A metric about people carries no target and ranks nothing. A warning asks about large values only.
CREATE TABLE metric (
    campaign bigint NOT NULL REFERENCES campaign (no),
    code text NOT NULL,
    slot bigint NOT NULL CHECK (slot BETWEEN 0 AND 15),
    position bigint NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL,
    word_kk text NOT NULL,
    word_ru text NOT NULL,
    word_en text NOT NULL,
    additive boolean NOT NULL,
    about text NOT NULL CHECK (about IN ('work', 'people')),
    target boolean NOT NULL,
    lowest bigint NOT NULL,
    highest bigint NOT NULL,
    at_most text,
    ask_above bigint,
    ask_above_metric text,
    ask_capacity boolean NOT NULL,
    ask_settlement_share bigint,
    ask_history_times bigint,
    ask_history_above bigint,
    PRIMARY KEY (campaign, code),
    UNIQUE (campaign, slot),
    CONSTRAINT metric_people_no_target CHECK (about = 'work' OR NOT target),
    CONSTRAINT metric_bounds CHECK (lowest >= 0 AND highest >= lowest)
);

-- Kinds of things held. `channel` is the one assumed when nothing else is said.
CREATE TABLE activity (
    campaign bigint NOT NULL REFERENCES campaign (no),
    code text NOT NULL,
    position bigint NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL,
    channel text NOT NULL,
    PRIMARY KEY (campaign, code),
    FOREIGN KEY (campaign, channel) REFERENCES channel (campaign, code)
);

-- Other channels an activity may go by, offered after its own in this order.
CREATE TABLE activity_channel (
    campaign bigint NOT NULL,
    activity text NOT NULL,
    channel text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (campaign, activity, channel),
    FOREIGN KEY (campaign, activity) REFERENCES activity (campaign, code),
    FOREIGN KEY (campaign, channel) REFERENCES channel (campaign, code)
);

-- Which metrics an activity asks for, in this order.
CREATE TABLE activity_metric (
    campaign bigint NOT NULL,
    activity text NOT NULL,
    metric text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (campaign, activity, metric),
    FOREIGN KEY (campaign, activity) REFERENCES activity (campaign, code),
    FOREIGN KEY (campaign, metric) REFERENCES metric (campaign, code)
);
