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

-- add_token(token blob, person int, purpose text, now int, expires int): exec
INSERT INTO mail_token (token_hash, person_id, purpose, created_at, expires_at)
VALUES (:token, :person, :purpose, :now, :expires);

-- token(token blob, purpose text, now int): one
SELECT t.person_id, p.name, p.email
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

-- held_account(person int): many
SELECT name, email, lang, theme, created_at, confirmed_at FROM person WHERE id = :person;

-- held_profile(person int): many
SELECT pronoun, category, levels, subjects, organisation, changed_at FROM profile WHERE person_id = :person;

-- held_page(person int): many
SELECT slug, is_open, searchable, about, changed_at FROM profile_page WHERE person_id = :person;

-- held_pictures(person int): many
SELECT size, picture, made_at FROM profile_picture WHERE person_id = :person ORDER BY size;

-- forget_account(person int, name text, email text, now int): exec
UPDATE person SET name = :name, email = :email, password = NULL, theme = '', closed_at = :now WHERE id = :person;

-- forget_profile(person int): exec
DELETE FROM profile WHERE person_id = :person;

-- forget_page(person int): exec
DELETE FROM profile_page WHERE person_id = :person;

-- forget_pictures(person int): exec
DELETE FROM profile_picture WHERE person_id = :person;

-- count_unconfirmed(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM person
WHERE confirmed_at IS NULL AND closed_at IS NULL AND created_at < :before
  AND NOT EXISTS (SELECT 1 FROM mail_token t WHERE t.person_id = person.id);

-- drop_unconfirmed(before int): exec
DELETE FROM person
WHERE confirmed_at IS NULL AND closed_at IS NULL AND created_at < :before
  AND NOT EXISTS (SELECT 1 FROM mail_token t WHERE t.person_id = person.id);

-- Brought in from files

-- bring(id int, name text, email text, lang text, search text, now int): exec
INSERT INTO person (id, name, email, lang, search, created_at, confirmed_at)
VALUES (:id, :name, :email, :lang, :search, :now, :now)
ON CONFLICT (email) DO NOTHING;

-- unused(id int): one
SELECT id FROM person WHERE id = :id AND password IS NULL AND closed_at IS NULL;

-- remove(id int): exec
DELETE FROM person WHERE id = :id;
