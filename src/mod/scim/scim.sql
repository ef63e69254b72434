-- Users

-- user(organisation int, id int): one
SELECT id, person_id, user_name, external_id, display_name, formatted, given_name, family_name, lang, active, version,
       created_at, changed_at
FROM scim_user WHERE organisation_id = :organisation AND id = :id;

-- emails(user int): many
SELECT value, type, is_primary FROM scim_email WHERE user_id = :user ORDER BY place;

-- emails_of(users text): many @sqlite
SELECT e.user_id, e.value, e.type, e.is_primary FROM scim_email e
WHERE e.user_id IN (SELECT j.value FROM json_each(:users) j) ORDER BY e.user_id, e.place;

-- emails_of(users text): many @pgsql
SELECT e.user_id, e.value, e.type, e.is_primary FROM scim_email e
WHERE e.user_id = ANY (CAST(string_to_array(trim(BOTH '[]' FROM :users), ',') AS BIGINT[])) ORDER BY e.user_id, e.place;

-- user_by_key(organisation int, key text): one
SELECT id FROM scim_user WHERE organisation_id = :organisation AND user_key = :key;

-- user_by_external(organisation int, external text): one
SELECT id FROM scim_user WHERE organisation_id = :organisation AND external_id = :external;

-- user_by_person(organisation int, person int): one
SELECT id FROM scim_user WHERE organisation_id = :organisation AND person_id = :person;

-- store_user(id int, organisation int, person int, user_name text, user_key text, external text?, display text, display_key text, formatted text, formatted_key text, given text, given_key text, family text, family_key text, lang text, active int, now int): exec
INSERT INTO scim_user (id, organisation_id, person_id, user_name, user_key, external_id, display_name, display_key, formatted,
    formatted_key, given_name, given_key, family_name, family_key, lang, active, version, created_at, changed_at)
VALUES (:id, :organisation, :person, :user_name, :user_key, :external, :display, :display_key, :formatted, :formatted_key,
    :given, :given_key, :family, :family_key, :lang, :active, 1, :now, :now)
ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, user_name = excluded.user_name, user_key = excluded.user_key,
    external_id = excluded.external_id, display_name = excluded.display_name, display_key = excluded.display_key,
    formatted = excluded.formatted, formatted_key = excluded.formatted_key, given_name = excluded.given_name,
    given_key = excluded.given_key, family_name = excluded.family_name, family_key = excluded.family_key, lang = excluded.lang,
    active = excluded.active, version = scim_user.version + 1, changed_at = excluded.changed_at;

-- add_email(user int, place int, organisation int, value text, type text, main int): exec
INSERT INTO scim_email (user_id, place, organisation_id, value, type, is_primary)
VALUES (:user, :place, :organisation, :value, :type, :main);

-- drop_emails(user int): exec
DELETE FROM scim_email WHERE user_id = :user;

-- drop_member_of(user int): exec
DELETE FROM scim_member WHERE user_id = :user;

-- drop_user(id int): exec
DELETE FROM scim_user WHERE id = :id;

-- What a person belongs to

-- belongs_below(organisation int, person int, now int): many
SELECT m.id, m.organisation_id, m.role, m.starts_at, o.name
FROM membership m JOIN organisation_above a ON a.below_id = m.organisation_id AND a.above_id = :organisation
JOIN organisation o ON o.id = m.organisation_id
WHERE m.person_id = :person AND (m.ends_at IS NULL OR m.ends_at > :now) ORDER BY m.id;

-- is_below(organisation int, above int): one
SELECT depth FROM organisation_above WHERE below_id = :organisation AND above_id = :above;

-- kept_elsewhere(person int, organisation int, above int): one
SELECT u.id FROM scim_user u JOIN organisation_above b ON b.above_id = u.organisation_id AND b.below_id = :organisation
JOIN organisation_above c ON c.below_id = u.organisation_id AND c.above_id = :above AND c.depth > 0
WHERE u.person_id = :person AND u.active = 1 LIMIT 1;

-- targets_of(user int): many
SELECT t.organisation_id FROM scim_member m JOIN scim_target t ON t.group_id = m.group_id
WHERE m.user_id = :user ORDER BY t.organisation_id;

-- other_target(person int, group int, organisation int): one
SELECT m.group_id FROM scim_member m JOIN scim_target t ON t.group_id = m.group_id
JOIN scim_user u ON u.id = m.user_id
WHERE u.person_id = :person AND u.active = 1 AND m.group_id <> :group AND t.organisation_id = :organisation LIMIT 1;

-- Groups

-- group(organisation int, id int): one { target int? }
SELECT g.id, g.display_name, g.external_id, g.version, g.created_at, g.changed_at, t.organisation_id AS target
FROM scim_group g LEFT JOIN scim_target t ON t.group_id = g.id WHERE g.organisation_id = :organisation AND g.id = :id;

-- group_by_key(organisation int, key text): one
SELECT id FROM scim_group WHERE organisation_id = :organisation AND display_key = :key;

-- group_by_external(organisation int, external text): one
SELECT id FROM scim_group WHERE organisation_id = :organisation AND external_id = :external;

-- add_group(id int, organisation int, name text, key text, external text?, now int): exec
INSERT INTO scim_group (id, organisation_id, display_name, display_key, external_id, version, created_at, changed_at)
VALUES (:id, :organisation, :name, :key, :external, 1, :now, :now);

-- change_group(id int, name text, key text, external text?, now int): exec
UPDATE scim_group SET display_name = :name, display_key = :key, external_id = :external, version = version + 1, changed_at = :now
WHERE id = :id;

-- touch_group(id int, now int): exec
UPDATE scim_group SET version = version + 1, changed_at = :now WHERE id = :id;

-- touch_groups_of(user int, now int): exec
UPDATE scim_group SET version = version + 1, changed_at = :now
WHERE id IN (SELECT m.group_id FROM scim_member m WHERE m.user_id = :user);

-- drop_group(id int): exec
DELETE FROM scim_group WHERE id = :id;

-- drop_target(id int): exec
DELETE FROM scim_target WHERE group_id = :id;

-- set_target(id int, organisation int): exec
INSERT INTO scim_target (group_id, organisation_id) VALUES (:id, :organisation);

-- named(above int, pattern text): many
SELECT o.id, o.name FROM organisation o JOIN organisation_above a ON a.below_id = o.id AND a.above_id = :above AND a.depth > 0
WHERE o.closed_at IS NULL AND o.search LIKE :pattern ESCAPE '\' ORDER BY o.id LIMIT 20;

-- members(group int): many
SELECT u.id, u.person_id, u.active, u.display_name, u.user_name FROM scim_member m JOIN scim_user u ON u.id = m.user_id
WHERE m.group_id = :group ORDER BY u.id;

-- member(group int, user int): one
SELECT u.person_id, u.active FROM scim_member m JOIN scim_user u ON u.id = m.user_id
WHERE m.group_id = :group AND m.user_id = :user;

-- member_counts(groups text): many { n int } @sqlite
SELECT m.group_id, count(*) AS n FROM scim_member m
WHERE m.group_id IN (SELECT j.value FROM json_each(:groups) j) GROUP BY m.group_id ORDER BY m.group_id;

-- member_counts(groups text): many { n int } @pgsql
SELECT m.group_id, count(*) AS n FROM scim_member m
WHERE m.group_id = ANY (CAST(string_to_array(trim(BOTH '[]' FROM :groups), ',') AS BIGINT[]))
GROUP BY m.group_id ORDER BY m.group_id;

-- members_of(groups text): many @sqlite
SELECT m.group_id, u.id, u.display_name, u.user_name FROM scim_member m JOIN scim_user u ON u.id = m.user_id
WHERE m.group_id IN (SELECT j.value FROM json_each(:groups) j) ORDER BY m.group_id, u.id;

-- members_of(groups text): many @pgsql
SELECT m.group_id, u.id, u.display_name, u.user_name FROM scim_member m JOIN scim_user u ON u.id = m.user_id
WHERE m.group_id = ANY (CAST(string_to_array(trim(BOTH '[]' FROM :groups), ',') AS BIGINT[])) ORDER BY m.group_id, u.id;

-- add_member(group int, user int): exec
INSERT INTO scim_member (group_id, user_id) VALUES (:group, :user) ON CONFLICT DO NOTHING;

-- drop_member(group int, user int): exec
DELETE FROM scim_member WHERE group_id = :group AND user_id = :user;

-- drop_members(group int): exec
DELETE FROM scim_member WHERE group_id = :group;

-- What the programs did

-- note_day(client int, day int, added int, changed int, withdrawn int, refused int, now int): exec
INSERT INTO scim_day (client_id, day, added, changed, withdrawn, refused, last_at)
VALUES (:client, :day, :added, :changed, :withdrawn, :refused, :now)
ON CONFLICT (client_id, day) DO UPDATE SET added = scim_day.added + excluded.added, changed = scim_day.changed + excluded.changed,
    withdrawn = scim_day.withdrawn + excluded.withdrawn, refused = scim_day.refused + excluded.refused, last_at = excluded.last_at;

-- days(client int, most int): many
SELECT day, added, changed, withdrawn, refused, last_at FROM scim_day WHERE client_id = :client ORDER BY day DESC LIMIT :most;

-- totals(organisation int): one { active int, withdrawn int, groups int, bound int }
SELECT (SELECT count(*) FROM scim_user u WHERE u.organisation_id = :organisation AND u.active = 1) AS active,
       (SELECT count(*) FROM scim_user u WHERE u.organisation_id = :organisation AND u.active = 0) AS withdrawn,
       (SELECT count(*) FROM scim_group g WHERE g.organisation_id = :organisation) AS groups,
       (SELECT count(*) FROM scim_group g JOIN scim_target t ON t.group_id = g.id WHERE g.organisation_id = :organisation) AS bound;

-- count_old_days(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM scim_day WHERE last_at < :before;

-- drop_old_days(before int): exec
DELETE FROM scim_day WHERE last_at < :before;

-- Privacy

-- held_users(person int): many
SELECT o.name, u.user_name, u.external_id, u.display_name, u.formatted, u.given_name, u.family_name, u.lang, u.active, u.created_at, u.changed_at
FROM scim_user u JOIN organisation o ON o.id = u.organisation_id WHERE u.person_id = :person ORDER BY u.id;

-- held_emails(person int): many
SELECT e.value, e.type FROM scim_email e JOIN scim_user u ON u.id = e.user_id WHERE u.person_id = :person ORDER BY e.user_id, e.place;

-- held_groups(person int): many
SELECT g.display_name, o.name FROM scim_member m JOIN scim_user u ON u.id = m.user_id JOIN scim_group g ON g.id = m.group_id
JOIN organisation o ON o.id = g.organisation_id WHERE u.person_id = :person ORDER BY g.id;

-- forget_members(person int): exec
DELETE FROM scim_member WHERE user_id IN (SELECT u.id FROM scim_user u WHERE u.person_id = :person);

-- forget_emails(person int): exec
DELETE FROM scim_email WHERE user_id IN (SELECT u.id FROM scim_user u WHERE u.person_id = :person);

-- forget_users(person int): exec
DELETE FROM scim_user WHERE person_id = :person;
