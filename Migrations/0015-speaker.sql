-- A lecturer: where one belongs, how far one's word goes, which languages, when there is time, how much. `month_load` is how many
-- events in four weeks are enough; `rest_hours` lie between two of them; `weekdays` is a sum of 1 Monday … 64 Sunday.
CREATE TABLE speaker (
    person uuid PRIMARY KEY REFERENCES person (id),
    unit bigint NOT NULL REFERENCES unit (no),
    level text NOT NULL CHECK (level IN ('city', 'region', 'republic')),
    speaks_kk boolean NOT NULL,
    speaks_ru boolean NOT NULL,
    speaks_en boolean NOT NULL,
    month_load bigint NOT NULL CHECK (month_load BETWEEN 1 AND 60),
    rest_hours bigint NOT NULL CHECK (rest_hours BETWEEN 0 AND 72),
    weekdays bigint NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
    from_minute bigint NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute bigint NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    added_at bigint NOT NULL,
    ended_at bigint,
    CONSTRAINT speaker_language CHECK (speaks_kk OR speaks_ru OR speaks_en),
    CONSTRAINT speaker_hours CHECK (from_minute < to_minute)
);

CREATE INDEX speaker_unit ON speaker (unit);

-- What a lecturer speaks about.
CREATE TABLE speaker_topic (
    person uuid NOT NULL REFERENCES speaker (person),
    campaign bigint NOT NULL,
    topic text NOT NULL,
    PRIMARY KEY (person, campaign, topic),
    FOREIGN KEY (campaign, topic) REFERENCES topic (campaign, code)
) /* clustered */;

-- Where a lecturer is at home beside the own unit: these units and all below them are no distance.
CREATE TABLE speaker_place (
    person uuid NOT NULL REFERENCES speaker (person),
    unit bigint NOT NULL REFERENCES unit (no),
    PRIMARY KEY (person, unit)
) /* clustered */;

-- Days on which a lecturer is away; both belong to it. No reason is kept.
CREATE TABLE speaker_away (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES speaker (person),
    from_day bigint NOT NULL,
    to_day bigint NOT NULL,
    CONSTRAINT speaker_away_days CHECK (to_day >= from_day)
);

CREATE INDEX speaker_away_person ON speaker_away (person, to_day);

-- What a lecturer takes along on a topic, in one language. `version` is the approved one; 0 until there is one.
CREATE TABLE brief (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL,
    topic text NOT NULL,
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'en')),
    version bigint NOT NULL CHECK (version >= 0),
    UNIQUE (campaign, topic, language),
    FOREIGN KEY (campaign, topic) REFERENCES topic (campaign, code)
);

-- Each text of a brief as it was: never changed, checked by a second person. `sources`: lines `title | link` beside the facts of the
-- library it cites.
CREATE TABLE brief_version (
    brief uuid NOT NULL REFERENCES brief (id),
    version bigint NOT NULL CHECK (version >= 1),
    title text NOT NULL CHECK (title <> ''),
    body text NOT NULL CHECK (body <> ''),
    sources text NOT NULL,
    author uuid NOT NULL,
    at bigint NOT NULL,
    checked_by uuid,
    checked_at bigint,
    PRIMARY KEY (brief, version),
    CONSTRAINT brief_second CHECK (checked_by IS NULL OR checked_by <> author),
    CONSTRAINT brief_checked CHECK ((checked_by IS NULL) = (checked_at IS NULL))
);

-- Which version somebody took along to an event.
CREATE TABLE brief_use (
    event uuid NOT NULL REFERENCES event (id),
    person uuid NOT NULL REFERENCES person (id),
    brief uuid NOT NULL,
    version bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (event, person, brief),
    FOREIGN KEY (brief, version) REFERENCES brief_version (brief, version)
) /* clustered */;
