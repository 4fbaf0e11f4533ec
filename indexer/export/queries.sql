-- Ten questions to an export, for DuckDB. Run them in its directory, with all tables in Parquet.

-- 1. Which licences do the terms of releases rest on?
SELECT licence, terms_class, count(*) AS releases
FROM 'releases.parquet' WHERE presence = 'present'
GROUP BY ALL ORDER BY releases DESC, licence LIMIT 20;

-- 2. What was told, and how loudly, by month?
SELECT strftime(recorded_at, '%Y-%m') AS month, severity, count(*) AS alerts
FROM read_parquet('alerts/**/*.parquet') GROUP BY ALL ORDER BY month, severity;

-- 3. Where does the licence file say another licence than the hub's tag?
SELECT tag.id, tag.licence AS tagged, text.licence AS in_text
FROM 'licences.parquet' AS tag JOIN 'licences.parquet' AS text USING (hub, _id)
WHERE tag.source = 'hub_tag' AND text.source = 'licence_file_text' AND tag.licence <> text.licence
ORDER BY tag.id LIMIT 100;

-- 4. From which bases is most made, and under what do they stand?
SELECT l.base_model, count(*) AS derivatives, any_value(b.licence) AS licence
FROM 'lineage.parquet' AS l LEFT JOIN 'releases.parquet' AS b
  ON b.hub = l.hub AND lower(b.id) = lower(l.base_model)
GROUP BY l.base_model ORDER BY derivatives DESC, l.base_model LIMIT 20;

-- 5. How many releases of each publisher stand behind a gate?
SELECT author, count(*) FILTER (WHERE gated <> 'false') AS gated, count(*) AS releases
FROM 'releases.parquet' GROUP BY author HAVING gated > 0 ORDER BY gated DESC, author LIMIT 20;

-- 6. How many releases meet each framework of openness?
SELECT framework, answer, count(*) AS releases
FROM 'openness.parquet' GROUP BY ALL ORDER BY framework, answer;

-- 7. What did a release declare, and from when to when?
SELECT id, observed_at AS valid_from, valid_to, license, gated, licence
FROM 'observations.parquet' WHERE _id = (SELECT _id FROM 'observations.parquet' ORDER BY sequence DESC LIMIT 1)
ORDER BY sequence;

-- 8. What changes, day by day?
SELECT recorded_at::DATE AS day, kind, count(*) AS changes
FROM (SELECT recorded_at, unnest(kinds) AS kind FROM read_parquet('changes/**/*.parquet'))
GROUP BY ALL ORDER BY day, kind;

-- 9. Which uses were lost most often when terms tightened?
SELECT scenario, count(*) AS times
FROM (SELECT unnest(lost) AS scenario FROM read_parquet('assessments/**/*.parquet')
      WHERE direction IN ('tighter', 'mixed') AND NOT is_reassessment)
GROUP BY scenario ORDER BY times DESC, scenario;

-- 10. Which edited licence texts are most copied?
SELECT base, licence_status, releases, sha256
FROM 'licence_texts.parquet' WHERE licence_status IN ('MODIFIED', 'UNKNOWN_LICENCE')
ORDER BY releases DESC, sha256 LIMIT 20;
