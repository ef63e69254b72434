-- Content moves into versions. What stays in programme, module and activity is who they are: their ids are the same in
-- every version, so that completions, cohorts and addresses stay valid whatever is edited.
CREATE TABLE programme_version (
    id INTEGER PRIMARY KEY,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    number INTEGER,                 -- 1, 2, … once published and from then on never changed; NULL: the draft
    base INTEGER,                   -- the number of the version it began as a copy of; NULL: none
    note TEXT NOT NULL,             -- what is new, in the words of who published it
    kind TEXT NOT NULL,
    area TEXT NOT NULL,
    audience INTEGER NOT NULL,      -- bits, see facets.c
    networks INTEGER NOT NULL,      -- bits; 0: all
    languages INTEGER NOT NULL,     -- bits
    partners TEXT NOT NULL,
    year INTEGER,
    open_enrolment INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by INTEGER,             -- person; NULL: the program
    changed_at INTEGER NOT NULL,
    published_at INTEGER,
    published_by INTEGER
) STRICT;
CREATE UNIQUE INDEX programme_version_number ON programme_version (programme_id, number);
CREATE UNIQUE INDEX programme_version_draft ON programme_version (programme_id) WHERE number IS NULL;

-- The tree of a version, one row a node, the programme itself its root. position runs through the whole tree, parents
-- before children.
CREATE TABLE programme_node (
    version_id INTEGER NOT NULL REFERENCES programme_version (id),
    node_id INTEGER NOT NULL,       -- of the programme, the module, the activity; a unit's own
    parent_id INTEGER NOT NULL,     -- node_id; 0 for the root
    level INTEGER NOT NULL,         -- 0 programme, 1 unit, 2 module, 3 activity
    position INTEGER NOT NULL,
    removed_at INTEGER NOT NULL,    -- 0: there. Only in a draft: it can be put back until it is published
    changed_at INTEGER NOT NULL,    -- 0: as in the version it was copied from
    code TEXT NOT NULL,             -- M1, UE2, AP3
    lane TEXT NOT NULL,             -- unit: atelier_pratique, module_exploratoire, … or ''
    kind TEXT NOT NULL,             -- activity: page, video
    title TEXT NOT NULL,
    brief TEXT NOT NULL,            -- for maps: '|' where the line breaks; '' = the title. Programme: its subtitle
    outcome TEXT NOT NULL,          -- one sentence: what one has made at the end; programme: its aim
    objectives TEXT NOT NULL,       -- Markdown
    requirements TEXT NOT NULL,     -- Markdown: what one should bring or know
    body TEXT NOT NULL,             -- Markdown
    video TEXT NOT NULL,            -- activity: its slug
    modality TEXT NOT NULL,
    minutes_remote INTEGER NOT NULL,
    minutes_onsite INTEGER NOT NULL,
    minutes_own INTEGER NOT NULL,
    minutes_creation INTEGER NOT NULL,
    competences INTEGER NOT NULL,   -- bits, see competence.h
    subjects INTEGER NOT NULL,      -- bits, see facets.c; 0: all
    places INTEGER NOT NULL,        -- 0 no limit
    required INTEGER NOT NULL,      -- module: whoever completes the programme has done it
    listed INTEGER NOT NULL,        -- module: stands in the catalogue by itself
    needed INTEGER NOT NULL,        -- programme, unit: how many of its modules are to be done
    whole INTEGER NOT NULL,         -- 1: all of them, and needed follows
    samr TEXT NOT NULL,             -- codes of models.json; '' not said
    aspid TEXT NOT NULL,
    tpack TEXT NOT NULL,
    sample INTEGER NOT NULL,
    PRIMARY KEY (version_id, node_id)
) STRICT;
CREATE INDEX programme_node_level ON programme_node (version_id, level, position);
CREATE INDEX programme_node_parent ON programme_node (version_id, parent_id, position);

-- A module opens when those it needs are completed.
CREATE TABLE programme_need (
    version_id INTEGER NOT NULL REFERENCES programme_version (id),
    node_id INTEGER NOT NULL,
    needs_id INTEGER NOT NULL,
    PRIMARY KEY (version_id, node_id, needs_id)
) STRICT;

-- What level of a competence a node leads to; of any framework.
CREATE TABLE programme_target (
    version_id INTEGER NOT NULL REFERENCES programme_version (id),
    node_id INTEGER NOT NULL,
    framework TEXT NOT NULL,
    code TEXT NOT NULL,
    level INTEGER NOT NULL,         -- 1 … of the framework; 0: not said
    PRIMARY KEY (version_id, node_id, framework, code)
) STRICT;

-- The version that the catalogue shows; NULL: never published. The other columns of programme are its face, written when
-- it is published.
ALTER TABLE programme ADD COLUMN version_id INTEGER REFERENCES programme_version (id);
-- A cohort stays on the version it was planned with.
ALTER TABLE cohort ADD COLUMN version_id INTEGER REFERENCES programme_version (id);

-- An id carries its moment: that is when the first version was made.
INSERT INTO programme_version (id, programme_id, number, base, note, kind, area, audience, networks, languages, partners,
                               year, open_enrolment, created_at, created_by, changed_at, published_at, published_by)
SELECT p.id, p.id, 1, NULL, '', p.kind, p.area, p.audience, 0, 1, p.partners, p.year, p.open_enrolment,
       p.id / 4194304 + 1704067200000, NULL, p.id / 4194304 + 1704067200000, p.id / 4194304 + 1704067200000, NULL
FROM programme p;

INSERT INTO programme_node (version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title,
                            brief, outcome, objectives, requirements, body, video, modality, minutes_remote,
                            minutes_onsite, minutes_own, minutes_creation, competences, subjects, places, required,
                            listed, needed, whole, samr, aspid, tpack, sample)
SELECT p.id, p.id, 0, 0, 0, 0, 0, '', '', '', p.title, p.subtitle, p.aim, '', '', p.summary, '', p.modality,
       CASE WHEN p.modality = 'presentiel' OR EXISTS (SELECT 1 FROM module m WHERE m.programme_id = p.id) THEN 0 ELSE p.minutes END,
       CASE WHEN p.modality <> 'presentiel' OR EXISTS (SELECT 1 FROM module m WHERE m.programme_id = p.id) THEN 0 ELSE p.minutes END,
       0, 0, p.competences, 0, 0, 0, 1,
       coalesce((SELECT r.needed FROM programme_rule r WHERE r.programme_id = p.id AND r.lane = ''), 0),
       CASE WHEN (SELECT r.needed FROM programme_rule r WHERE r.programme_id = p.id AND r.lane = '')
                 = (SELECT count(*) FROM module m WHERE m.programme_id = p.id) THEN 1 ELSE 0 END,
       '', '', '', p.sample
FROM programme p;

-- A lane with a rule becomes a unit. 2^62 is out of reach of ids for centuries: no unit meets a module.
INSERT INTO programme_node (version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title,
                            brief, outcome, objectives, requirements, body, video, modality, minutes_remote,
                            minutes_onsite, minutes_own, minutes_creation, competences, subjects, places, required,
                            listed, needed, whole, samr, aspid, tpack, sample)
SELECT r.programme_id, 4611686018427387904 + min(m.id), r.programme_id, 1, (r.position + 1) * 1000000, 0, 0, '', r.lane, '',
       CASE r.lane WHEN 'atelier_pratique' THEN 'Ateliers pratiques' WHEN 'module_exploratoire' THEN 'Modules exploratoires'
                   WHEN 'module_specialise' THEN 'Modules spécialisés' ELSE r.lane END,
       '', '', '', '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, r.needed,
       CASE WHEN r.needed = count(*) THEN 1 ELSE 0 END, '', '', '', max(m.sample)
FROM programme_rule r JOIN module m ON m.programme_id = r.programme_id AND m.lane = r.lane
WHERE r.lane <> '' GROUP BY r.programme_id, r.lane, r.needed, r.position;

INSERT INTO programme_node (version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title,
                            brief, outcome, objectives, requirements, body, video, modality, minutes_remote,
                            minutes_onsite, minutes_own, minutes_creation, competences, subjects, places, required,
                            listed, needed, whole, samr, aspid, tpack, sample)
SELECT m.programme_id, m.id, coalesce(u.node_id, m.programme_id), 2, coalesce(u.position, 0) + (m.position + 1) * 1000, 0, 0,
       m.code, '', '', m.title, m.brief, m.outcome, '', '', '', '', m.modality, m.minutes_remote, m.minutes_onsite,
       m.minutes_own, m.minutes_creation, m.competences, 0, m.places, m.required, m.listed, 0, 0, '', '', '', m.sample
FROM module m LEFT JOIN programme_node u ON u.version_id = m.programme_id AND u.level = 1 AND u.lane = m.lane;

INSERT INTO programme_node (version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title,
                            brief, outcome, objectives, requirements, body, video, modality, minutes_remote,
                            minutes_onsite, minutes_own, minutes_creation, competences, subjects, places, required,
                            listed, needed, whole, samr, aspid, tpack, sample)
SELECT m.version_id, a.id, a.module_id, 3, m.position + a.position + 1, 0, 0, '', '', a.kind, a.title, '', '', '', '', a.body,
       a.video, '', 0, 0, a.minutes, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '', 0
FROM activity a JOIN programme_node m ON m.node_id = a.module_id AND m.level = 2;

UPDATE programme SET version_id = id;
UPDATE cohort SET version_id = programme_id;

DROP TABLE programme_rule;
DROP INDEX module_programme;
ALTER TABLE module DROP COLUMN code;
ALTER TABLE module DROP COLUMN lane;
ALTER TABLE module DROP COLUMN title;
ALTER TABLE module DROP COLUMN brief;
ALTER TABLE module DROP COLUMN outcome;
ALTER TABLE module DROP COLUMN modality;
ALTER TABLE module DROP COLUMN minutes_remote;
ALTER TABLE module DROP COLUMN minutes_onsite;
ALTER TABLE module DROP COLUMN minutes_own;
ALTER TABLE module DROP COLUMN minutes_creation;
ALTER TABLE module DROP COLUMN competences;
ALTER TABLE module DROP COLUMN places;
ALTER TABLE module DROP COLUMN required;
ALTER TABLE module DROP COLUMN listed;
ALTER TABLE module DROP COLUMN sample;
ALTER TABLE module DROP COLUMN position;
CREATE INDEX module_programme ON module (programme_id);
DROP INDEX activity_module;
ALTER TABLE activity DROP COLUMN kind;
ALTER TABLE activity DROP COLUMN title;
ALTER TABLE activity DROP COLUMN body;
ALTER TABLE activity DROP COLUMN video;
ALTER TABLE activity DROP COLUMN minutes;
ALTER TABLE activity DROP COLUMN position;
CREATE INDEX activity_module ON activity (module_id);
