-- What was made of a signed copy when it was handed in: a JSON document, an object. Copies handed in
-- before there were verdicts have none, and derivations `extended` or `unverified`.
ALTER TABLE signed_copies ADD COLUMN verdict_sha256 TEXT;
ALTER TABLE signed_copies ADD COLUMN verdict_bytes INTEGER;

-- A PDF handed in is looked up by what it was before it was signed.
CREATE INDEX filings_by_pdf ON filings (pdf_sha256);
