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
