-- Where an institution's SAML metadata are fetched from; empty: they were handed in.
ALTER TABLE identity_provider ADD COLUMN address TEXT NOT NULL DEFAULT '';
