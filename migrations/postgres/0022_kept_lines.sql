-- The documents of a batch that became no filing stay for a while, so that they can be mended.
-- The twin of ../sqlite.
ALTER TABLE batch_lines ADD COLUMN keeps_body BIGINT NOT NULL DEFAULT 0; -- 1 while a line without a filing names its body
CREATE INDEX batch_lines_by_kept_body ON batch_lines (body_sha256) WHERE keeps_body = 1;
-- How many lines of a batch have kept their bodies, and the bytes of these.
ALTER TABLE batches ADD COLUMN kept_lines BIGINT NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN kept_bytes BIGINT NOT NULL DEFAULT 0;

-- As before, with the bodies that are kept.
DROP VIEW named_objects;
CREATE VIEW named_objects (name, bytes, role, subject) AS
    SELECT source_sha256, source_bytes, 'source', id FROM filings WHERE disposal_id IS NULL
    UNION ALL SELECT pdf_sha256, pdf_bytes, 'pdf', id FROM filings WHERE disposal_id IS NULL
    UNION ALL SELECT s.sha256, s.bytes, 'signed', s.filing_id
        FROM signed_copies s JOIN filings f ON f.id = s.filing_id WHERE f.disposal_id IS NULL
    UNION ALL SELECT s.verdict_sha256, s.verdict_bytes, 'verdict', s.filing_id
        FROM signed_copies s JOIN filings f ON f.id = s.filing_id
        WHERE f.disposal_id IS NULL AND s.verdict_sha256 IS NOT NULL
    UNION ALL SELECT w.sha256, w.bytes, 'withdrawn', w.filing_id
        FROM withdrawn_copies w JOIN filings f ON f.id = w.filing_id WHERE f.disposal_id IS NULL
    UNION ALL SELECT w.verdict_sha256, w.verdict_bytes, 'withdrawn_verdict', w.filing_id
        FROM withdrawn_copies w JOIN filings f ON f.id = w.filing_id
        WHERE f.disposal_id IS NULL AND w.verdict_sha256 IS NOT NULL
    UNION ALL SELECT sha256, bytes, 'renderer', sha256 FROM renderers
    UNION ALL SELECT sha256, bytes, role, renderer_sha256 FROM renderer_files
    UNION ALL SELECT report_sha256, report_bytes, 'fixity_report', id
        FROM fixity_rounds WHERE report_sha256 IS NOT NULL
    UNION ALL SELECT register_sha256, register_bytes, 'disposal_register', id
        FROM disposals WHERE register_sha256 IS NOT NULL
    UNION ALL SELECT body_sha256, CAST(NULL AS BIGINT), 'batch_line', batch_id
        FROM batch_lines WHERE state = 'waiting'
    UNION ALL SELECT body_sha256, CAST(NULL AS BIGINT), 'batch_line', batch_id
        FROM batch_lines WHERE keeps_body = 1
    -- What verdicts rest on; the other objects of the log are named by their own records.
    UNION ALL SELECT sha256, CAST(NULL AS BIGINT), role, audit_id FROM log_objects
        WHERE role NOT IN ('source', 'pdf', 'signed', 'verdict');
