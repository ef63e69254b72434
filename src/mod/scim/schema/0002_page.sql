-- A directory is read page by page in the order in which its people came.
CREATE INDEX scim_user_page ON scim_user (organisation_id, id);
