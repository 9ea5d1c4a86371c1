-- The order of filings: each gets the next number in the transaction that records it, independent of the
-- clock of its server says, and becomes visible in this order. The twin in ../sqlite says the same.
ALTER TABLE filings ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE filings SET seq = o.n
    FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM filings) o
    WHERE o.id = filings.id;
CREATE UNIQUE INDEX filings_by_seq ON filings (seq);

-- Lists are ordered by the sequence, so their indexes are too.
DROP INDEX filings_by_number;
DROP INDEX filings_by_year;
DROP INDEX filings_by_date;
CREATE INDEX filings_by_number ON filings (document_number, seq);
CREATE INDEX filings_by_year ON filings (year, seq);
CREATE INDEX filings_by_date ON filings (document_date, seq);
CREATE INDEX filings_by_posting ON filings (posted_at, seq);
