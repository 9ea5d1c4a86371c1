-- Records of filings, what proves who did what, and batches. Times are milliseconds since 1970, UTC.
-- The twin in ../postgres says the same in its own types; both are read with the same queries.

CREATE TABLE filings (
    id TEXT PRIMARY KEY,                 -- UUID version 7: later filings sort behind earlier ones
    lead_issuer TEXT NOT NULL,           -- 主办机关, whose 发文字号 it is
    document_number TEXT NOT NULL,       -- 发文字号 as printed
    agency_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    revision INTEGER NOT NULL,            -- 1, and one more for each other content under the same number
    title TEXT NOT NULL,
    document_date TEXT NOT NULL,         -- 成文日期, YYYY-MM-DD
    template_version TEXT NOT NULL,      -- of the program that set the pages
    source_sha256 TEXT NOT NULL,         -- of the canonical JSON (RFC 8785), an object
    pdf_sha256 TEXT NOT NULL,            -- of the PDF, an object
    source_bytes INTEGER NOT NULL,
    pdf_bytes INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    warnings TEXT NOT NULL,              -- a JSON list
    posted_by TEXT NOT NULL,             -- the id of a key, a signed-in person, or empty without keys
    posted_at INTEGER NOT NULL,
    UNIQUE (lead_issuer, document_number, revision),
    UNIQUE (lead_issuer, document_number, source_sha256)
);
CREATE INDEX filings_by_number ON filings (document_number);
CREATE INDEX filings_by_year ON filings (year, id);
CREATE INDEX filings_by_date ON filings (document_date, id);

-- 发文机关 in their order; who may see a filing is decided here.
CREATE TABLE filing_issuers (
    filing_id TEXT NOT NULL REFERENCES filings (id),
    position INTEGER NOT NULL,
    issuer TEXT NOT NULL,
    PRIMARY KEY (filing_id, position)
);
CREATE INDEX filing_issuers_by_name ON filing_issuers (issuer, filing_id);

-- The copy that came back signed; a number with one takes no other content.
CREATE TABLE signed_copies (
    filing_id TEXT PRIMARY KEY REFERENCES filings (id),
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    derivation TEXT NOT NULL,            -- extended, unverified
    archived_by TEXT NOT NULL,
    archived_at INTEGER NOT NULL
);

-- What was answered to an Idempotency-Key, for one caller.
CREATE TABLE idempotency_keys (
    owner TEXT NOT NULL,                 -- as posted_by
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,           -- SHA-256 of method, path and body
    resource TEXT,                       -- the id of what came of it; NULL while under way
    started_at INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (started_at);

-- API keys; the secret itself is nowhere. A revoked key stays: the trail names it.
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL,
    roles TEXT NOT NULL,                 -- words with commas between
    agency TEXT,                         -- NULL: any issuer
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    last_used_at INTEGER                 -- to the minute
);

-- Staff who signed in; the cookie's value itself is nowhere.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    token_sha256 TEXT NOT NULL UNIQUE,
    caller TEXT NOT NULL,                -- as posted_by
    key_id TEXT REFERENCES api_keys (id), -- signed in with this key, and lives no longer than it
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    agency TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Every act that changed something. Rows are added; the database refuses to change or delete them.
CREATE TABLE audit_trail (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    caller TEXT NOT NULL,                -- as posted_by
    act TEXT NOT NULL,
    subject TEXT NOT NULL,               -- the id of what was changed
    request_id TEXT NOT NULL
);
CREATE TRIGGER audit_trail_is_not_changed BEFORE UPDATE ON audit_trail
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;
CREATE TRIGGER audit_trail_is_not_deleted BEFORE DELETE ON audit_trail
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;

-- Filings posted together. A batch whose body is still arriving is seen by nobody.
CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,                 -- receiving, queued, running, cancelled, done
    posted_by TEXT NOT NULL,
    agency TEXT,                         -- of who posted it: who may see it, and what it may file
    created_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,         -- when the last lines came in
    started_at INTEGER,
    finished_at INTEGER,
    total INTEGER NOT NULL DEFAULT 0,
    webhook_url TEXT,
    webhook_state TEXT,                  -- waiting, delivered, given_up; NULL without a webhook
    webhook_attempts INTEGER NOT NULL DEFAULT 0,
    webhook_status INTEGER               -- what the last attempt was answered; NULL without an answer
);
CREATE INDEX batches_by_state ON batches (state);

CREATE TABLE batch_lines (
    batch_id TEXT NOT NULL REFERENCES batches (id),
    line INTEGER NOT NULL,               -- as in the body, counted from 1
    body_sha256 TEXT NOT NULL,           -- the line as posted, an object
    state TEXT NOT NULL,                 -- waiting, filed, refused, failed, cancelled
    filing_id TEXT REFERENCES filings (id),
    problem TEXT,                        -- why it became none, as JSON
    PRIMARY KEY (batch_id, line)
);
CREATE INDEX batch_lines_by_state ON batch_lines (batch_id, state);
