-- A door round: who goes from door to door where, in whose name, on which days and at which hours.
CREATE TABLE canvass_round (
    id uuid PRIMARY KEY,
    campaign bigint NOT NULL REFERENCES campaign (no),
    unit bigint NOT NULL REFERENCES unit (no),
    organization bigint NOT NULL REFERENCES organization (no),
    class text NOT NULL CHECK (class IN ('information', 'campaigning')),
    name_kk text NOT NULL CHECK (name_kk <> ''),
    name_ru text NOT NULL CHECK (name_ru <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    first_day bigint NOT NULL,
    last_day bigint NOT NULL,
    opens_minute bigint NOT NULL CHECK (opens_minute BETWEEN 0 AND 1439),
    closes_minute bigint NOT NULL CHECK (closes_minute BETWEEN 1 AND 1440),
    paused boolean NOT NULL,
    CONSTRAINT canvass_round_days CHECK (first_day <= last_day),
    CONSTRAINT canvass_round_hours CHECK (opens_minute < closes_minute)
);

CREATE INDEX canvass_round_unit ON canvass_round (unit);

CREATE INDEX canvass_round_campaign ON canvass_round (campaign, first_day);

-- A door of a settlement, or a landmark where there are no streets. No person, no outcome, no moment: the id comes from the
-- settlement and `normal`, the address in one spelling. `mark` is the same under the server's key, for the do-not-contact list.
CREATE TABLE canvass_address (
    id uuid PRIMARY KEY,
    unit bigint NOT NULL REFERENCES unit (no),
    street text NOT NULL,
    house text NOT NULL,
    flat text NOT NULL,
    landmark text NOT NULL,
    normal text NOT NULL,
    sort_key bytea NOT NULL,
    mark bytea NOT NULL,
    UNIQUE (unit, normal),
    CONSTRAINT canvass_address_kind CHECK ((landmark = '') = (street <> '') AND (street <> '') = (house <> '')),
    CONSTRAINT canvass_address_flat CHECK (flat = '' OR house <> '')
);

CREATE INDEX canvass_address_mark ON canvass_address (mark);

-- The doors of a round, and all that is kept of each: whether to come back or done. Which outcome it was is nowhere here.
CREATE TABLE canvass_place (
    round uuid NOT NULL REFERENCES canvass_round (id),
    address uuid NOT NULL REFERENCES canvass_address (id),
    state text NOT NULL CHECK (state IN ('fresh', 'come_back', 'done')),
    PRIMARY KEY (round, address)
) /* clustered */;

CREATE INDEX canvass_place_address ON canvass_place (address);

-- Two or more who go together. There is no count by team or person anywhere.
CREATE TABLE canvass_team (
    id uuid PRIMARY KEY,
    round uuid NOT NULL REFERENCES canvass_round (id),
    number bigint NOT NULL CHECK (number >= 1),
    UNIQUE (round, number)
);

-- Who goes in a team. `shown_name` is what residents may read of the person, as the person agreed.
CREATE TABLE canvass_member (
    team uuid NOT NULL REFERENCES canvass_team (id),
    person uuid NOT NULL REFERENCES person (id),
    shown_name text NOT NULL,
    PRIMARY KEY (team, person)
) /* clustered */;

CREATE INDEX canvass_member_person ON canvass_member (person);

-- Doors given to a team for some days. `code` is what residents check it by. From `secret` phone, paper and server work out the
-- same operation id for a visit; it goes when no visit can come any more, and with it the last way from an operation to a door.
CREATE TABLE canvass_list (
    id uuid PRIMARY KEY,
    round uuid NOT NULL REFERENCES canvass_round (id),
    team uuid NOT NULL REFERENCES canvass_team (id),
    number bigint NOT NULL CHECK (number >= 1),
    from_day bigint NOT NULL,
    until_day bigint NOT NULL,
    ended_day bigint,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    secret bytea,
    UNIQUE (round, number),
    CONSTRAINT canvass_list_days CHECK (from_day <= until_day),
    CONSTRAINT canvass_list_secret CHECK (secret IS NULL OR length(secret) = 16)
);

CREATE INDEX canvass_list_team ON canvass_list (team, until_day);

-- A row of a list. `visits` has a bit for each of three attempts that is known, so that no visit counts twice.
CREATE TABLE canvass_door (
    list uuid NOT NULL REFERENCES canvass_list (id),
    row_no bigint NOT NULL CHECK (row_no >= 1),
    address uuid NOT NULL REFERENCES canvass_address (id),
    visits bigint NOT NULL CHECK (visits BETWEEN 0 AND 7),
    PRIMARY KEY (list, row_no),
    UNIQUE (list, address)
) /* clustered */;

CREATE INDEX canvass_door_address ON canvass_door (address);

-- The only place where outcomes are: how many visits of a round ended so on a day.
CREATE TABLE canvass_count (
    round uuid NOT NULL REFERENCES canvass_round (id),
    day bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('nobody', 'locked', 'later', 'unsafe', 'talked', 'declined', 'do_not_visit', 'empty', 'no_house')),
    visits bigint NOT NULL CHECK (visits >= 1),
    PRIMARY KEY (round, day, outcome)
) /* clustered */;

-- What goes beside outcomes: leaflets left and doors that had a question, of a round on a day.
CREATE TABLE canvass_beside (
    round uuid NOT NULL REFERENCES canvass_round (id),
    day bigint NOT NULL,
    leaflets bigint NOT NULL CHECK (leaflets >= 0),
    questions bigint NOT NULL CHECK (questions >= 0),
    PRIMARY KEY (round, day)
) /* clustered */;

-- Addresses nobody is to be sent to, each as HMAC-SHA256 under the server's key. Belongs to no address row: it holds when the
-- address is erased and when it is imported again. Taken back only with a reason; the row stays.
CREATE TABLE do_not_contact (
    mark bytea PRIMARY KEY,
    since_day bigint NOT NULL,
    taken_back_day bigint,
    reason text CHECK (reason IN ('mistake', 'resident_asked')),
    CONSTRAINT do_not_contact_taken_back CHECK ((taken_back_day IS NULL) = (reason IS NULL))
) /* clustered */;

-- Operations of devices that told again, in other bytes, what the inbox has (a visit that was entered from paper first). They
-- count nothing; they hold their place in the device's numbers and its chain.
CREATE TABLE inbox_again (
    device text NOT NULL,
    device_n bigint NOT NULL,
    op uuid NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (device, device_n)
) /* clustered */;
