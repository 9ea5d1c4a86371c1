-- Objects are looked up by their names, to find those that no record names any more. The body of a
-- line is needed only until the line has ended. The twin in ../postgres says the same.
CREATE INDEX filings_by_source ON filings (source_sha256);
CREATE INDEX signed_copies_by_file ON signed_copies (sha256);
CREATE INDEX signed_copies_by_verdict ON signed_copies (verdict_sha256);
CREATE INDEX batch_lines_by_waiting_body ON batch_lines (body_sha256) WHERE state = 'waiting';
