-- To the planner a parameter inside a SELECT of its own is no constant: a plan made for these very values would be no
-- better, so after five runs it keeps one for all. Planning takes longer than the look-ups. The LATERAL makes it one
-- look-up a key, whatever was known of the table when the plan was made. (commit.sql has joins that no such rule holds to
-- the index: it is planned at every call, by the size that the table has then.)
SELECT r.version, r.text
FROM unnest((SELECT $1::text[]), (SELECT $2::text[]), (SELECT $3::text[])) WITH ORDINALITY AS k (scope, kind, id, n)
LEFT JOIN LATERAL (
    SELECT version, text FROM clausework_records WHERE scope = k.scope AND kind = k.kind AND id = k.id LIMIT 1
) r ON true
ORDER BY n
