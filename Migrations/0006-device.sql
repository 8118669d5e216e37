-- A phone that signs what it sends: the key was made on it and never leaves it. It ends with its token; what it signed before
-- that is still taken, for review. `public_key` is the uncompressed point of P-256, 65 bytes.
CREATE TABLE device (
    id uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES person (id),
    name text NOT NULL CHECK (name <> ''),
    public_key bytea NOT NULL,
    token uuid NOT NULL UNIQUE REFERENCES api_token (id),
    created_at bigint NOT NULL
);

CREATE INDEX device_person ON device (person);

-- A device numbers what it writes 1, 2, 3 …: what the server lacks of them is on its way, or lost with the phone.
CREATE INDEX inbox_device ON inbox (device, device_n) WHERE device_n IS NOT NULL;

-- A device wrote a number twice, or an operation does not follow the one it names: the phone was set back from a copy, or
-- somebody has its key. The operation counts; a head should ask.
CREATE TABLE device_fork (
    device uuid NOT NULL REFERENCES device (id),
    op uuid NOT NULL,
    n bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (device, op)
);
