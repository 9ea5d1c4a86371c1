-- The order of batches, independent of the clocks of the servers. Two that begin at the same moment may
-- have the same number. The twin in ../sqlite says the same.
ALTER TABLE batches ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE batches SET seq = o.n
    FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM batches) o
    WHERE o.id = batches.id;
CREATE INDEX batches_by_seq ON batches (seq, id);
