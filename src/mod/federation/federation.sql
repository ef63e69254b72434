-- providers(): many
SELECT id, kind, name, issuer, client_id, secret, scopes, domains, inside, state, document, address, keys, fetched_at, problem
FROM identity_provider ORDER BY name, id;

-- provider(id int): one as providers
SELECT id, kind, name, issuer, client_id, secret, scopes, domains, inside, state, document, address, keys, fetched_at, problem
FROM identity_provider WHERE id = :id;

-- doors(): many
SELECT id, kind, name FROM identity_provider WHERE state = 'on' ORDER BY name, id;

-- add_provider(id int, kind text, name text, issuer text, client_id text, secret blob?, scopes text, domains text, inside int, document text, address text, person int, now int): exec
INSERT INTO identity_provider (id, kind, name, issuer, client_id, secret, scopes, domains, inside, state, document, address,
    keys, fetched_at, problem, created_by, created_at)
VALUES (:id, :kind, :name, :issuer, :client_id, :secret, :scopes, :domains, :inside, 'new', :document, :address, '', NULL, '', :person, :now)
ON CONFLICT (kind, issuer, client_id) DO NOTHING;

-- twin(kind text, issuer text, client_id text, id int): one
SELECT id FROM identity_provider WHERE kind = :kind AND issuer = :issuer AND client_id = :client_id AND id <> :id;

-- change_provider(id int, name text, issuer text, client_id text, secret blob?, scopes text, domains text, inside int, state text, document text, address text, keys text): exec
UPDATE identity_provider SET name = :name, issuer = :issuer, client_id = :client_id, secret = :secret, scopes = :scopes,
    domains = :domains, inside = :inside, state = :state, document = :document, address = :address, keys = :keys
WHERE id = :id;

-- set_state(id int, state text): exec
UPDATE identity_provider SET state = :state WHERE id = :id;

-- set_published(id int, document text, keys text, now int): exec
UPDATE identity_provider SET document = :document, keys = :keys, fetched_at = :now, problem = '' WHERE id = :id;

-- set_problem(id int, problem text): exec
UPDATE identity_provider SET problem = :problem WHERE id = :id;

-- set_keys(id int, keys text): exec
UPDATE identity_provider SET keys = :keys WHERE id = :id;

-- mappings(provider int): many
SELECT id, claim, value, organisation, role FROM identity_mapping WHERE provider_id = :provider ORDER BY claim, value, id;

-- add_mapping(id int, provider int, claim text, value text, organisation text, role text): exec
INSERT INTO identity_mapping (id, provider_id, claim, value, organisation, role)
VALUES (:id, :provider, :claim, :value, :organisation, :role);

-- drop_mapping(id int, provider int): exec
DELETE FROM identity_mapping WHERE id = :id AND provider_id = :provider;

-- identity(provider int, subject text): one
SELECT i.id, i.person_id, p.closed_at FROM identity i JOIN person p ON p.id = i.person_id
WHERE i.provider_id = :provider AND i.subject = :subject;

-- anyone(provider int): one
SELECT id FROM identity WHERE provider_id = :provider LIMIT 1;

-- identities_of(person int): many
SELECT i.id, i.label, i.linked_at, i.used_at, p.name, p.state
FROM identity i JOIN identity_provider p ON p.id = i.provider_id WHERE i.person_id = :person ORDER BY p.name, i.id;

-- affiliations_of(person int): many
SELECT a.identity_id, a.organisation, a.role
FROM identity_affiliation a JOIN identity i ON i.id = a.identity_id WHERE i.person_id = :person
ORDER BY a.identity_id, a.organisation, a.role;

-- add_identity(id int, provider int, subject text, person int, label text, now int): exec
INSERT INTO identity (id, provider_id, subject, person_id, label, linked_at, used_at)
VALUES (:id, :provider, :subject, :person, :label, :now, :now)
ON CONFLICT (provider_id, subject) DO NOTHING;

-- use_identity(id int, label text, now int): exec
UPDATE identity SET label = :label, used_at = :now WHERE id = :id;

-- drop_identity(id int, person int): exec
DELETE FROM identity WHERE id = :id AND person_id = :person;

-- own_identity(id int, person int): one
SELECT i.id, p.name FROM identity i JOIN identity_provider p ON p.id = i.provider_id
WHERE i.id = :id AND i.person_id = :person;

-- add_affiliation(identity int, organisation text, role text): exec
INSERT INTO identity_affiliation (identity_id, organisation, role) VALUES (:identity, :organisation, :role)
ON CONFLICT (identity_id, organisation, role) DO NOTHING;

-- drop_affiliations_since(person int, since int): exec
DELETE FROM identity_affiliation WHERE identity_id IN (
    SELECT i.id FROM identity i WHERE i.person_id = :person AND i.linked_at >= :since);

-- drop_identities_since(person int, since int): exec
DELETE FROM identity WHERE person_id = :person AND linked_at >= :since;

-- drop_affiliations(identity int): exec
DELETE FROM identity_affiliation WHERE identity_id = :identity;

-- count_identities(): many { n int }
SELECT provider_id, CAST(count(*) AS BIGINT) AS n FROM identity GROUP BY provider_id;

-- add_arrival(token blob, browser blob, provider int, subject text, name text, email text, proved int, affiliations text, suite text, expires int): exec
INSERT INTO federation_arrival (token_hash, browser, provider_id, subject, name, email, proved, affiliations, suite, expires_at)
VALUES (:token, :browser, :provider, :subject, :name, :email, :proved, :affiliations, :suite, :expires);

-- arrival(token blob, browser blob, now int): one
SELECT a.provider_id, p.name AS provider_name, a.subject, a.name, a.email, a.proved, a.affiliations, a.suite
FROM federation_arrival a JOIN identity_provider p ON p.id = a.provider_id
WHERE a.token_hash = :token AND a.browser = :browser AND a.expires_at > :now AND p.state = 'on';

-- drop_arrival(token blob): exec
DELETE FROM federation_arrival WHERE token_hash = :token;

-- forget_arrivals(now int): exec
DELETE FROM federation_arrival WHERE expires_at <= :now;

-- used(what blob): one
SELECT expires_at FROM federation_used WHERE what = :what;

-- use(what blob, expires int): exec
INSERT INTO federation_used (what, expires_at) VALUES (:what, :expires) ON CONFLICT (what) DO NOTHING;

-- forget_used(now int): exec
DELETE FROM federation_used WHERE expires_at <= :now;

-- held_identities(person int): many
SELECT p.name AS institution, i.label, i.subject, i.linked_at, i.used_at
FROM identity i JOIN identity_provider p ON p.id = i.provider_id WHERE i.person_id = :person ORDER BY i.id;

-- held_affiliations(person int): many
SELECT p.name AS institution, a.organisation, a.role
FROM identity_affiliation a JOIN identity i ON i.id = a.identity_id JOIN identity_provider p ON p.id = i.provider_id
WHERE i.person_id = :person ORDER BY p.name, a.organisation, a.role;

-- held_providers(person int): many
SELECT name, created_at FROM identity_provider WHERE created_by = :person ORDER BY id;

-- forget_affiliations(person int): exec
DELETE FROM identity_affiliation WHERE identity_id IN (SELECT id FROM identity WHERE person_id = :person);

-- forget_identities(person int): exec
DELETE FROM identity WHERE person_id = :person;
