-- Facts of the library that a version of a brief rests on, with the version of the fact that was read. A fact that has changed
-- since, or whose source has, marks the brief until a newer version is written.
CREATE TABLE brief_fact (
    brief uuid NOT NULL,
    version bigint NOT NULL,
    fact uuid NOT NULL REFERENCES fact (id),
    fact_version bigint NOT NULL,
    PRIMARY KEY (brief, version, fact),
    FOREIGN KEY (brief, version) REFERENCES brief_version (brief, version)
) /* clustered */;

CREATE INDEX brief_fact_fact ON brief_fact (fact);
