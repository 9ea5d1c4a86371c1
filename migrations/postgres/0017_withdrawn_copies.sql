-- Signed copies that an administrator withdrew. Their objects stay.
CREATE TABLE withdrawn_copies (
    filing_id TEXT NOT NULL REFERENCES filings (id),
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    derivation TEXT NOT NULL,
    archived_by TEXT NOT NULL,
    archived_at BIGINT NOT NULL,
    verdict_sha256 TEXT,
    verdict_bytes BIGINT,
    withdrawn_by TEXT NOT NULL,
    withdrawn_at BIGINT NOT NULL
);
CREATE INDEX withdrawn_copies_by_filing ON withdrawn_copies (filing_id);
CREATE INDEX withdrawn_copies_by_file ON withdrawn_copies (sha256);
CREATE INDEX withdrawn_copies_by_verdict ON withdrawn_copies (verdict_sha256);
