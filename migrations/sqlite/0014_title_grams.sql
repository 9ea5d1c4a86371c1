-- The pairs of neighbouring characters of each title, and its last character alone, with ASCII letters
-- in lower case. A search for part of a title reads the filings with its rarest pair only.
-- The twin in ../postgres says the same.
CREATE TABLE title_grams (
    gram TEXT NOT NULL,
    seq INTEGER NOT NULL,                -- of the filing
    PRIMARY KEY (gram, seq)
) WITHOUT ROWID;
INSERT OR IGNORE INTO title_grams (gram, seq)
    WITH RECURSIVE rests (rest, seq) AS (
        SELECT LOWER(title), seq FROM filings
        UNION ALL
        SELECT SUBSTR(rest, 2), seq FROM rests WHERE LENGTH(rest) > 1
    )
    SELECT DISTINCT SUBSTR(rest, 1, 2), seq FROM rests WHERE rest <> '' ORDER BY 1, 2;
