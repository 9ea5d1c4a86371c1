-- The pairs of neighbouring characters of each title, and its last character alone, with ASCII letters
-- in lower case. A search for part of a title reads the filings with its rarest pair only.
-- The twin in ../sqlite says the same.
CREATE TABLE title_grams (
    gram TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,                 -- of the filing
    PRIMARY KEY (gram, seq)
);
INSERT INTO title_grams (gram, seq)
    SELECT DISTINCT SUBSTR(LOWER(f.title COLLATE "C"), place, 2), f.seq
    FROM filings f CROSS JOIN LATERAL generate_series(1, CHAR_LENGTH(f.title)) AS place;
