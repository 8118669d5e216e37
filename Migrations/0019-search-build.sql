-- How a search space was built, and how far building it anew has come: `jarshy reindex` fills a space named with a plus beside
-- the one that answers, and lets it take its place. `version` says how texts were taken apart in the one that answers;
-- `building` and `done`, the last document put in, stand while a new one is being built.
CREATE TABLE search_build (
    name text PRIMARY KEY,
    version bigint NOT NULL CHECK (version >= 0),
    building bigint,
    done uuid,
    CONSTRAINT search_build_done CHECK (done IS NULL OR building IS NOT NULL)
);

-- Documents that were changed and wait for the index; taken together every few seconds.
CREATE TABLE search_pending (
    id uuid PRIMARY KEY,
    space text NOT NULL CHECK (space <> ''),
    document uuid NOT NULL
);
