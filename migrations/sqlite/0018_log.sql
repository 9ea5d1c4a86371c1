-- The log that others can check. The twin in ../postgres says the same.

-- Entries of acts that have no number yet.
CREATE TABLE log_pending (
    audit_id TEXT PRIMARY KEY,
    entry TEXT NOT NULL                  -- canonical JSON (RFC 8785)
);

-- Rows of the audit trail from before the log. Each gets an entry and a number once.
CREATE TABLE log_backlog (
    audit_id TEXT PRIMARY KEY
);
INSERT INTO log_backlog (audit_id) SELECT id FROM audit_trail;

-- The objects that entries name, numbered or not.
CREATE TABLE log_objects (
    sha256 TEXT NOT NULL,
    audit_id TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (sha256, audit_id, role)
);

-- Entries with their numbers, from 0 without a gap. After a restore, the audit trail may lack the row.
CREATE TABLE log_entries (
    idx INTEGER PRIMARY KEY,
    audit_id TEXT NOT NULL UNIQUE,
    entry TEXT NOT NULL
);

-- How far each step has come: numbered, in the tree, under a checkpoint that is in the store.
CREATE TABLE log_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    origin TEXT NOT NULL,
    vkey TEXT NOT NULL,                  -- the public key that signs its checkpoints
    sequenced INTEGER NOT NULL,
    integrated INTEGER NOT NULL,
    published INTEGER NOT NULL
);

-- The right edge of the tree of `integrated` leaves: the hashes of the partial tile of each level.
CREATE TABLE log_edge (
    level INTEGER PRIMARY KEY,
    hashes TEXT NOT NULL
);

-- Every checkpoint that was signed. No size has two.
CREATE TABLE log_checkpoints (
    size INTEGER PRIMARY KEY,
    note TEXT NOT NULL,
    signed_at INTEGER NOT NULL
);

-- The signatures of witnesses, each a line of the note.
CREATE TABLE log_cosignatures (
    size INTEGER NOT NULL,
    witness TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (size, witness)
);

-- The time stamps of checkpoints (RFC 3161), objects of the log.
CREATE TABLE log_stamps (
    size INTEGER NOT NULL,
    authority TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    stamped_at INTEGER NOT NULL,
    PRIMARY KEY (size, authority)
);
