-- Lists of an agency follow an index of its own, so that they do not slow down with the filings of
-- others. The twin in ../postgres says the same.
ALTER TABLE filing_issuers ADD COLUMN seq INTEGER NOT NULL DEFAULT 0; -- of the filing
UPDATE filing_issuers SET seq = (SELECT f.seq FROM filings f WHERE f.id = filing_id);
DROP INDEX filing_issuers_by_name;
CREATE INDEX filing_issuers_by_list ON filing_issuers (issuer, confirmed, seq);
CREATE INDEX batches_by_poster ON batches (posted_by, seq, id);
CREATE INDEX batches_by_agency ON batches (agency, seq, id);

-- What is stored for each lead agency, and by each caller: one of the two is empty.
CREATE TABLE quota_usage (
    agency TEXT NOT NULL,
    caller TEXT NOT NULL,                -- as posted_by
    filings INTEGER NOT NULL,
    bytes INTEGER NOT NULL,              -- of sources, PDFs, signed copies and their verdicts
    PRIMARY KEY (agency, caller)
);
INSERT INTO quota_usage (agency, caller, filings, bytes)
    SELECT agency, caller, SUM(filings), SUM(bytes) FROM (
        SELECT lead_issuer AS agency, '' AS caller, 1 AS filings, source_bytes + pdf_bytes AS bytes
            FROM filings
        UNION ALL SELECT '', posted_by, 1, source_bytes + pdf_bytes FROM filings
        UNION ALL SELECT f.lead_issuer, '', 0, s.bytes + COALESCE(s.verdict_bytes, 0)
            FROM signed_copies s JOIN filings f ON f.id = s.filing_id
        UNION ALL SELECT '', archived_by, 0, bytes + COALESCE(verdict_bytes, 0) FROM signed_copies
        UNION ALL SELECT f.lead_issuer, '', 0, w.bytes + COALESCE(w.verdict_bytes, 0)
            FROM withdrawn_copies w JOIN filings f ON f.id = w.filing_id
        UNION ALL SELECT '', archived_by, 0, bytes + COALESCE(verdict_bytes, 0) FROM withdrawn_copies
    ) amounts GROUP BY agency, caller;

-- The bytes of batch lines that were uploaded in each hour. They are collected after a day.
CREATE TABLE recent_uploads (
    agency TEXT NOT NULL,
    caller TEXT NOT NULL,
    hour INTEGER NOT NULL,               -- hours since 1970
    bytes INTEGER NOT NULL,
    PRIMARY KEY (agency, caller, hour)
);

-- CRC-32 of the PDF, for ZIPs; NULL until the first ZIP with a filing of an earlier version.
ALTER TABLE filings ADD COLUMN pdf_crc32 INTEGER;

-- How far `hongtou archive move` into this archive has come. Empty unless it is the target of a move.
CREATE TABLE move_progress (
    part TEXT PRIMARY KEY,               -- a table, the first digits of objects, or 'source' or 'end'
    value TEXT NOT NULL
);
