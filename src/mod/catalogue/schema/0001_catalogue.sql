CREATE TABLE programme (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,             -- path, certificate, project, webinar, event, kit
    area TEXT NOT NULL,             -- form, cert, tv, com, ev, lab
    title TEXT NOT NULL,
    subtitle TEXT NOT NULL,
    summary TEXT NOT NULL,          -- Markdown
    aim TEXT NOT NULL,              -- one sentence for cards
    modality TEXT NOT NULL,
    minutes INTEGER NOT NULL,       -- all modules together, 0 unknown
    audience INTEGER NOT NULL,      -- bits, see catalogue.h
    competences INTEGER NOT NULL,   -- bits, see competence.h
    partners TEXT NOT NULL,
    year INTEGER,                   -- since when
    open_enrolment INTEGER NOT NULL,-- 1: one can enrol on line
    sample INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;

-- "needed" of the modules of a lane; must_include is the module's own `required`.
CREATE TABLE programme_rule (
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    lane TEXT NOT NULL,             -- '' = all modules
    needed INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (programme_id, lane)
) STRICT;

CREATE TABLE module (
    id INTEGER PRIMARY KEY,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    slug TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,             -- M1, UE2, AP3
    lane TEXT NOT NULL,             -- atelier_pratique, module_exploratoire, … or ''
    title TEXT NOT NULL,
    brief TEXT NOT NULL,            -- for maps: '|' where the line breaks; '' = the title
    outcome TEXT NOT NULL,          -- what one has made at the end
    modality TEXT NOT NULL,
    minutes_remote INTEGER NOT NULL,
    minutes_onsite INTEGER NOT NULL,
    minutes_own INTEGER NOT NULL,
    minutes_creation INTEGER NOT NULL,
    competences INTEGER NOT NULL,
    places INTEGER NOT NULL,        -- 0 no limit
    required INTEGER NOT NULL,
    listed INTEGER NOT NULL,        -- 1: stands in the catalogue by itself
    sample INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX module_programme ON module (programme_id, position);

CREATE TABLE activity (
    id INTEGER PRIMARY KEY,
    module_id INTEGER NOT NULL REFERENCES module (id),
    kind TEXT NOT NULL,             -- page, video
    title TEXT NOT NULL,
    body TEXT NOT NULL,             -- page: Markdown; video: a sentence
    video TEXT NOT NULL,            -- video: its slug
    minutes INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX activity_module ON activity (module_id, position);

CREATE TABLE cohort (
    id INTEGER PRIMARY KEY,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    module_id INTEGER REFERENCES module (id),  -- NULL: for the whole programme
    label TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    place TEXT NOT NULL,
    places INTEGER NOT NULL,        -- 0 no limit
    taken INTEGER NOT NULL,
    sample INTEGER NOT NULL
) STRICT;
CREATE INDEX cohort_programme ON cohort (programme_id, starts_at);

CREATE TABLE catalogue_entry (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    module_id INTEGER REFERENCES module (id),
    cohort_id INTEGER REFERENCES cohort (id),  -- the next one
    kind TEXT NOT NULL,
    area TEXT NOT NULL,
    title TEXT NOT NULL,
    aim TEXT NOT NULL,
    modality TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    competences INTEGER NOT NULL,
    modules INTEGER NOT NULL,
    starts_at INTEGER,
    facets INTEGER NOT NULL,        -- bits, see entry.c
    search TEXT NOT NULL,           -- folded: small letters, no accents
    sample INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX catalogue_entry_order ON catalogue_entry (position, id, facets, starts_at);
