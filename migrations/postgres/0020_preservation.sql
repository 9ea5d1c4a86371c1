-- Renderers, fixity, retention, holds and disposals. Times are milliseconds since 1970, UTC.
-- The twin of ../sqlite.

-- What decides the bytes of filings: a manifest, which is an object, and the files that remake them.
CREATE TABLE renderers (
    sha256 TEXT PRIMARY KEY,             -- of the manifest
    bytes BIGINT NOT NULL,
    version TEXT NOT NULL,
    released_at BIGINT NOT NULL
);
CREATE TABLE renderer_files (
    renderer_sha256 TEXT NOT NULL REFERENCES renderers (sha256),
    role TEXT NOT NULL,                  -- program, or font: a font of the agency, which is never exported
    name TEXT NOT NULL,                  -- the target of a program, or the file name of a font
    sha256 TEXT NOT NULL,                -- an object
    bytes BIGINT NOT NULL,
    PRIMARY KEY (renderer_sha256, role, name)
);
CREATE INDEX renderer_files_by_object ON renderer_files (sha256);

-- NULL for filings from before: their renderer is unknown.
ALTER TABLE filings ADD COLUMN renderer_sha256 TEXT REFERENCES renderers (sha256);
-- The disposal that destroyed the files of a filing, whose record stays; NULL while the files exist.
ALTER TABLE filings ADD COLUMN disposal_id TEXT;

-- Rounds in which every object is read again. A round continues where it was interrupted.
CREATE TABLE fixity_rounds (
    id TEXT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    next_prefix BIGINT NOT NULL,        -- the first byte of the next SHA-256; 256 when all are checked
    objects BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    finished_at BIGINT,
    report_sha256 TEXT,                  -- an object
    report_bytes BIGINT
);
CREATE INDEX fixity_rounds_by_report ON fixity_rounds (report_sha256);
CREATE TABLE fixity_findings (
    round_id TEXT NOT NULL REFERENCES fixity_rounds (id),
    kind TEXT NOT NULL,                  -- missing, altered, extra, other_length
    name TEXT NOT NULL,                  -- the SHA-256 of the object, or the path of an extra file
    subject TEXT NOT NULL,               -- what names the object; empty if nothing does
    found_at BIGINT NOT NULL,
    PRIMARY KEY (round_id, kind, name, subject)
);

-- 保管期限.
CREATE TABLE retentions (
    filing_id TEXT PRIMARY KEY REFERENCES filings (id),
    class TEXT NOT NULL,                 -- permanent, 30_years, 10_years
    basis TEXT NOT NULL,                 -- the rule that says so
    last_year BIGINT,                   -- the last year in which it is kept; NULL for permanent
    set_by TEXT NOT NULL,
    set_at BIGINT NOT NULL
);

-- A filing with a hold that is not released is not destroyed. It may have several.
CREATE TABLE holds (
    id TEXT PRIMARY KEY,
    matter TEXT NOT NULL,
    basis TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    released_by TEXT,
    released_at BIGINT
);
CREATE TABLE hold_items (
    hold_id TEXT NOT NULL REFERENCES holds (id),
    filing_id TEXT NOT NULL REFERENCES filings (id),
    PRIMARY KEY (hold_id, filing_id)
);
CREATE INDEX hold_items_by_filing ON hold_items (filing_id);

-- 销毁: proposed with an appraisal (鉴定), approved by another, executed while two watch (监销).
CREATE TABLE disposals (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,                 -- proposed, approved, rejected, watched, done
    appraisal TEXT NOT NULL,             -- 鉴定意见
    proposed_by TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT,
    first_watcher TEXT,
    second_watcher TEXT,
    done_at BIGINT,
    register_sha256 TEXT,                -- 销毁清册, an object
    register_bytes BIGINT
);
CREATE INDEX disposals_by_register ON disposals (register_sha256);
CREATE TABLE disposal_items (
    disposal_id TEXT NOT NULL REFERENCES disposals (id),
    filing_id TEXT NOT NULL REFERENCES filings (id),
    decision TEXT NOT NULL,              -- destroy, keep
    last_year BIGINT,                   -- of what is kept longer; NULL for permanent or destroyed
    PRIMARY KEY (disposal_id, filing_id)
);
CREATE INDEX disposal_items_by_filing ON disposal_items (filing_id);

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
    UNION ALL SELECT report_sha256, report_bytes, 'fixity_report', id
        FROM fixity_rounds WHERE report_sha256 IS NOT NULL
    UNION ALL SELECT register_sha256, register_bytes, 'disposal_register', id
        FROM disposals WHERE register_sha256 IS NOT NULL
    UNION ALL SELECT body_sha256, CAST(NULL AS BIGINT), 'batch_line', batch_id
        FROM batch_lines WHERE state = 'waiting'
    -- What verdicts rest on; the other objects of the log are named by their own records.
    UNION ALL SELECT sha256, CAST(NULL AS BIGINT), role, audit_id FROM log_objects
        WHERE role NOT IN ('source', 'pdf', 'signed', 'verdict');
