-- Keys may expire, and sessions end after a time without requests.
ALTER TABLE api_keys ADD COLUMN expires_at BIGINT;
ALTER TABLE sessions ADD COLUMN last_used_at BIGINT;

-- An agency that somebody else named as a further issuer has not confirmed that before it says so.
-- Filings from before count as confirmed.
ALTER TABLE filing_issuers ADD COLUMN confirmed BIGINT NOT NULL DEFAULT 1;

-- From where a request came, and how it was answered if it was refused.
ALTER TABLE audit_trail ADD COLUMN address TEXT NOT NULL DEFAULT '';
