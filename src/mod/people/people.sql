-- by_email(email text): one
SELECT id, name, email, password, lang, confirmed_at FROM person WHERE email = :email AND closed_at IS NULL;

-- by_id(id int): one as by_email
SELECT id, name, email, password, lang, confirmed_at FROM person WHERE id = :id AND closed_at IS NULL;

-- all_people(): many
SELECT id, name, email, confirmed_at FROM person WHERE closed_at IS NULL ORDER BY email;

-- add(id int, name text, email text, password text?, lang text, now int, confirmed int?): exec
INSERT INTO person (id, name, email, password, lang, created_at, confirmed_at)
VALUES (:id, :name, :email, :password, :lang, :now, :confirmed)
ON CONFLICT (email) DO NOTHING;

-- renew(id int, name text, password text?, lang text): exec
UPDATE person SET name = :name, password = :password, lang = :lang WHERE id = :id AND confirmed_at IS NULL;

-- confirm(id int, now int): exec
UPDATE person SET confirmed_at = :now WHERE id = :id AND confirmed_at IS NULL;

-- set_theme(id int, theme text): exec
UPDATE person SET theme = :theme WHERE id = :id;

-- add_token(token blob, person int, purpose text, browser blob, now int, expires int): exec
INSERT INTO mail_token (token_hash, person_id, purpose, browser, created_at, expires_at)
VALUES (:token, :person, :purpose, :browser, :now, :expires);

-- token(token blob, purpose text, now int): one
SELECT t.person_id, t.browser, p.name, p.email, p.password
FROM mail_token t JOIN person p ON p.id = t.person_id
WHERE t.token_hash = :token AND t.purpose = :purpose AND t.expires_at > :now AND t.used_at IS NULL AND p.closed_at IS NULL;

-- use_token(token blob, now int): exec
UPDATE mail_token SET used_at = :now WHERE token_hash = :token AND used_at IS NULL AND expires_at > :now;

-- drop_tokens(person int, purpose text): exec
DELETE FROM mail_token WHERE person_id = :person AND purpose = :purpose;

-- count(): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM person;

-- profile(person int): one { pronoun text, category text, levels int, subjects text, organisation text }
SELECT p.name, p.lang, p.theme, coalesce(f.pronoun, '') AS pronoun, coalesce(f.category, '') AS category,
       coalesce(f.levels, 0) AS levels, coalesce(f.subjects, '') AS subjects, coalesce(f.organisation, '') AS organisation
FROM person p LEFT JOIN profile f ON f.person_id = p.id
WHERE p.id = :person;

-- set_person(person int, name text, lang text, theme text): exec
UPDATE person SET name = :name, lang = :lang, theme = :theme WHERE id = :person;

-- set_profile(person int, pronoun text, category text, levels int, subjects text, organisation text, now int): exec
INSERT INTO profile (person_id, pronoun, category, levels, subjects, organisation, changed_at)
VALUES (:person, :pronoun, :category, :levels, :subjects, :organisation, :now)
ON CONFLICT (person_id) DO UPDATE SET pronoun = excluded.pronoun, category = excluded.category, levels = excluded.levels,
    subjects = excluded.subjects, organisation = excluded.organisation, changed_at = excluded.changed_at;

-- Privacy

-- held_account(person int): many { seen_at int? }
SELECT name, email, lang, theme, created_at, confirmed_at, CASE WHEN seen_day > 0 THEN seen_day * 86400000 END AS seen_at FROM person WHERE id = :person;

-- held_profile(person int): many
SELECT pronoun, category, levels, subjects, organisation, changed_at FROM profile WHERE person_id = :person;

-- held_page(person int): many
SELECT slug, is_open, searchable, headline, about, links, changed_at FROM profile_page WHERE person_id = :person;

-- held_pictures(person int): many
SELECT size, picture, made_at FROM profile_picture WHERE person_id = :person ORDER BY size;

-- forget_account(person int, name text, email text, now int): exec
UPDATE person SET name = :name, email = :email, password = NULL, theme = '', closed_at = :now WHERE id = :person;

-- forget_profile(person int): exec
DELETE FROM profile WHERE person_id = :person;

-- forget_page_items(person int): exec
DELETE FROM profile_page_item WHERE person_id = :person;

-- held_page_items(person int): many
SELECT part, item FROM profile_page_item WHERE person_id = :person ORDER BY part, item;

-- forget_page(person int): exec
DELETE FROM profile_page WHERE person_id = :person;

-- forget_pictures(person int): exec
DELETE FROM profile_picture WHERE person_id = :person;

-- count_unconfirmed(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM person
WHERE confirmed_at IS NULL AND closed_at IS NULL AND created_at < :before
  AND NOT EXISTS (SELECT 1 FROM mail_token t WHERE t.person_id = person.id)
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = person.id AND h.lifted_at IS NULL);

-- drop_unconfirmed(before int): exec
DELETE FROM person
WHERE confirmed_at IS NULL AND closed_at IS NULL AND created_at < :before
  AND NOT EXISTS (SELECT 1 FROM mail_token t WHERE t.person_id = person.id)
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = person.id AND h.lifted_at IS NULL);

-- Brought in from files

-- bring(id int, name text, email text, lang text, search text, now int): exec
INSERT INTO person (id, name, email, lang, search, created_at, confirmed_at)
VALUES (:id, :name, :email, :lang, :search, :now, :now)
ON CONFLICT (email) DO NOTHING;

-- unused(id int): one
SELECT id FROM person WHERE id = :id AND password IS NULL AND closed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM session s WHERE s.person_id = person.id)
  AND NOT EXISTS (SELECT 1 FROM mail_token t WHERE t.person_id = person.id);

-- remove(id int): exec
DELETE FROM person WHERE id = :id;

-- Sign-in and security

-- set_password(person int, password text): exec
UPDATE person SET password = :password WHERE id = :person;

-- clear_password(person int): exec
UPDATE person SET password = NULL WHERE id = :person;

-- move_address(person int, email text): exec
UPDATE person SET email = :email WHERE id = :person AND closed_at IS NULL;

-- address_taken(email text): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM person WHERE email = :email;

-- add_change(id int, person int, old text, new text, confirm blob, now int): exec
INSERT INTO email_change (id, person_id, old_email, new_email, confirm_hash, asked_at)
VALUES (:id, :person, :old, :new, :confirm, :now);

-- end_changes(person int, now int): exec
UPDATE email_change SET ended_at = :now WHERE person_id = :person AND changed_at IS NULL AND ended_at IS NULL;

-- change_asked(person int, after int): one
SELECT id, new_email, asked_at FROM email_change
WHERE person_id = :person AND changed_at IS NULL AND ended_at IS NULL AND asked_at > :after
ORDER BY id DESC LIMIT 1;

-- change_to_confirm(confirm blob, after int): one
SELECT c.id, c.person_id, c.old_email, c.new_email, c.asked_at, p.name, p.lang
FROM email_change c JOIN person p ON p.id = c.person_id
WHERE c.confirm_hash = :confirm AND c.asked_at > :after AND c.changed_at IS NULL AND c.ended_at IS NULL
  AND p.closed_at IS NULL AND p.email = c.old_email;

-- change_made(id int, undo blob, now int): exec
UPDATE email_change SET changed_at = :now, undo_hash = :undo WHERE id = :id AND changed_at IS NULL;

-- change_to_undo(undo blob, after int): one
SELECT c.id, c.person_id, c.old_email, c.new_email, c.asked_at, p.name, p.lang
FROM email_change c JOIN person p ON p.id = c.person_id
WHERE c.undo_hash = :undo AND c.changed_at > :after AND c.ended_at IS NULL AND p.closed_at IS NULL;

-- end_later_changes(person int, id int, now int): exec
UPDATE email_change SET ended_at = :now WHERE person_id = :person AND id >= :id AND ended_at IS NULL;

-- held_changes(person int): many
SELECT old_email, new_email, asked_at, changed_at, ended_at FROM email_change WHERE person_id = :person ORDER BY id;

-- forget_changes(person int): exec
DELETE FROM email_change WHERE person_id = :person;

-- count_old_changes(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM email_change WHERE asked_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = email_change.person_id AND h.lifted_at IS NULL);

-- drop_old_changes(before int): exec
DELETE FROM email_change WHERE asked_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = email_change.person_id AND h.lifted_at IS NULL);

-- role_reach(now int): many { people int, protected int }
SELECT r.role, CAST(count(DISTINCT r.person_id) AS BIGINT) AS people,
       CAST(count(DISTINCT coalesce(s.person_id, k.person_id)) AS BIGINT) AS protected
FROM person_role r LEFT JOIN second_factor s ON s.person_id = r.person_id AND s.confirmed_at IS NOT NULL
LEFT JOIN passkey k ON k.person_id = r.person_id
WHERE r.starts_at <= :now AND (r.ends_at IS NULL OR r.ends_at > :now)
GROUP BY r.role ORDER BY r.role;

-- Merged into another

-- set_aside(id int, email text, now int): exec
UPDATE person SET email = :email, closed_at = :now WHERE id = :id AND closed_at IS NULL;

-- take_back(id int, email text): exec
UPDATE person SET email = :email, closed_at = NULL
WHERE id = :id AND closed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM person q WHERE q.email = :email);

-- Made of their number, so that each load is the same.
-- year_people(base int, count int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO person (id, name, email, password, lang, created_at, confirmed_at)
SELECT :base + i, 'Personne ' || i, 'personne' || i || '@annee.exemple.be', NULL, 'fr', :now - 31536000000 + i * 1000,
       :now - 31536000000 + i * 1000
FROM n;

-- The picture

-- picture(person int, size int): one
SELECT picture FROM profile_picture WHERE person_id = :person AND size = :size;

-- picture_made(person int): one
SELECT made_at FROM profile_picture WHERE person_id = :person ORDER BY size LIMIT 1;

-- set_picture(person int, size int, picture blob, now int): exec
INSERT INTO profile_picture (person_id, size, picture, made_at) VALUES (:person, :size, :picture, :now)
ON CONFLICT (person_id, size) DO UPDATE SET picture = excluded.picture, made_at = excluded.made_at;

-- The page for everyone

-- page(person int): one
SELECT person_id, slug, is_open, searchable, shown, headline, about, links FROM profile_page WHERE person_id = :person;

-- open_page(slug text): one as page
SELECT g.person_id, g.slug, g.is_open, g.searchable, g.shown, g.headline, g.about, g.links
FROM profile_page g JOIN person p ON p.id = g.person_id WHERE g.slug = :slug AND g.is_open = 1 AND p.closed_at IS NULL;

-- page_at(slug text): one
SELECT person_id FROM profile_page WHERE slug = :slug;

-- set_page(person int, slug text, open int, searchable int, shown int, headline text, about text, links text, now int): exec
INSERT INTO profile_page (person_id, slug, is_open, searchable, shown, headline, about, links, changed_at)
VALUES (:person, :slug, :open, :searchable, :shown, :headline, :about, :links, :now)
ON CONFLICT (person_id) DO UPDATE SET slug = excluded.slug, is_open = excluded.is_open, searchable = excluded.searchable,
    shown = excluded.shown, headline = excluded.headline, about = excluded.about, links = excluded.links,
    changed_at = excluded.changed_at;

-- page_items(person int): many
SELECT part, item FROM profile_page_item WHERE person_id = :person;

-- drop_page_items(person int): exec
DELETE FROM profile_page_item WHERE person_id = :person;

-- add_page_item(person int, part text, item int): exec
INSERT INTO profile_page_item (person_id, part, item) VALUES (:person, :part, :item) ON CONFLICT DO NOTHING;
