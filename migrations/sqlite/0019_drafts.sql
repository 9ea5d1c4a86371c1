-- Drafts, the numbers that are reserved for them, and their approval. The content of a draft is in the
-- row of its version and not an object, so that deleting a draft removes its bytes.
-- The twin in ../postgres says the same.
CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,                 -- of its last change; two changes at the same moment may share one
    agency TEXT NOT NULL,                -- of its author, and who may see it; empty: of no agency
    state TEXT NOT NULL,                 -- drafting, in_review, returned, in_approval, approved, filed
    version INTEGER NOT NULL,             -- counts its contents, from 1
    title TEXT NOT NULL,
    document_number TEXT NOT NULL,       -- 发文字号 as printed; empty while it is incomplete
    lead_issuer TEXT NOT NULL,           -- 主办机关 as written; empty while it is missing
    agency_code TEXT NOT NULL,           -- 机关代字 as written; empty while it is missing
    year INTEGER,                         -- of the 发文字号
    sha256 TEXT NOT NULL,                -- of the current content
    bytes INTEGER NOT NULL,
    stored_bytes INTEGER NOT NULL,        -- of all its versions
    created_by TEXT NOT NULL,            -- as posted_by
    created_by_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    saved_by TEXT NOT NULL,              -- who saved the current content
    saved_by_name TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    sent_by TEXT,                        -- who sent the content for approval
    source_sha256 TEXT,                  -- of the canonical JSON of the content that was sent
    filing_id TEXT REFERENCES filings (id)
);
CREATE INDEX drafts_by_agency ON drafts (agency, seq, id);
CREATE INDEX drafts_by_seq ON drafts (seq, id);
CREATE INDEX drafts_by_author ON drafts (created_by);

CREATE TABLE draft_versions (
    draft_id TEXT NOT NULL REFERENCES drafts (id),
    version INTEGER NOT NULL,
    content TEXT NOT NULL,               -- the JSON as posted
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    saved_by TEXT NOT NULL,
    saved_by_name TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (draft_id, version)
);

-- 审签 of a draft, step by step.
CREATE TABLE draft_steps (
    draft_id TEXT NOT NULL REFERENCES drafts (id),
    position INTEGER NOT NULL,
    step TEXT NOT NULL,                  -- send, withdraw, return, agree, approve, file
    state TEXT NOT NULL,                 -- of the draft, afterwards
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,                -- of the content
    taken_by TEXT NOT NULL,
    taken_by_name TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    remark TEXT NOT NULL,
    PRIMARY KEY (draft_id, position)
);

-- Numbers that are reserved for a draft. A number that a filing has is in filings.
CREATE TABLE draft_numbers (
    agency TEXT NOT NULL,                -- 主办机关, whose number it is
    agency_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    draft_id TEXT NOT NULL UNIQUE REFERENCES drafts (id),
    taken_by TEXT NOT NULL,
    taken_by_name TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    PRIMARY KEY (agency, agency_code, year, serial)
);

-- How the numbers of a 机关代字 are given in a year.
CREATE TABLE sequences (
    agency TEXT NOT NULL,
    agency_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    start INTEGER NOT NULL,               -- the next number is the lowest free one from here
    first INTEGER NOT NULL,               -- free numbers before it are no gaps
    PRIMARY KEY (agency, agency_code, year)
);
CREATE INDEX filings_by_serial ON filings (lead_issuer, agency_code, year, serial);
