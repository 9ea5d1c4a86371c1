-- Fonts that an agency has a licence for: the filings that it leads are set in them. Times are
-- milliseconds since 1970, UTC.
-- The twin of ../sqlite.
CREATE TABLE agency_fonts (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,                -- 主办机关
    file_name TEXT NOT NULL,             -- as uploaded, for people
    families TEXT NOT NULL,              -- JSON: the names of its licensed families
    suffix TEXT NOT NULL,                -- ttf, otf or ttc, by its content
    sha256 TEXT NOT NULL,                -- an object, which is never exported
    bytes BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_by TEXT,
    removed_at BIGINT                    -- NULL while it is used
);
CREATE INDEX agency_fonts_by_agency ON agency_fonts (agency) WHERE removed_at IS NULL;
CREATE INDEX agency_fonts_by_object ON agency_fonts (sha256);

-- The renderer with the same program and the fonts of the server; NULL if this is one.
ALTER TABLE renderers ADD COLUMN base_sha256 TEXT;

DROP VIEW named_objects;
-- Every object that a record names, with the length that the record says and what the record is of. An
-- object that is not here is removed; a disposed filing names none.
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
    UNION ALL SELECT sha256, bytes, 'font', id FROM agency_fonts WHERE removed_at IS NULL
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
