-- journal(act text, who text, on text, since int, until int, before int, most int): many { actor_name text?, actor_email text?, object_name text?, object_email text? }
SELECT a.id, a.at, a.actor, a.peer, a.request, a.act, a.kind, a.object, a.before, a.after,
       p.name AS actor_name, p.email AS actor_email, o.name AS object_name, o.email AS object_email
FROM audit a
LEFT JOIN person p ON p.id = a.actor
LEFT JOIN person o ON a.kind = 'person' AND o.id = a.object
WHERE a.id < :before AND a.at >= :since AND a.at < :until
  AND (:act = '' OR a.act = :act)
  AND (:who = '' OR lower(p.name) LIKE :who ESCAPE '\' OR p.email LIKE :who ESCAPE '\')
  AND (:on = '' OR lower(o.name) LIKE :on ESCAPE '\' OR o.email LIKE :on ESCAPE '\')
ORDER BY a.id DESC LIMIT :most;

-- programme_title(id int): one
SELECT title FROM programme WHERE id = :id;

-- cohort_title(id int): one
SELECT c.programme_id, c.label, p.title FROM cohort c JOIN programme p ON p.id = c.programme_id WHERE c.id = :id;

-- programmes(): many
SELECT id, title FROM programme ORDER BY position, id LIMIT 2000;

-- cohorts(): many
SELECT c.id, c.label, p.title FROM cohort c JOIN programme p ON p.id = c.programme_id ORDER BY c.starts_at DESC, c.id LIMIT 2000;
