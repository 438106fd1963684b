SELECT version, text
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (scope, kind, id, n)
LEFT JOIN clausework_records USING (scope, kind, id)
ORDER BY n
