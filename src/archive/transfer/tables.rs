//! The tables of an archive, in the order in which their rows can be inserted.

/// A table of the archive.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Columns that tell its rows apart and are never NULL. Rows are copied in their order.
    pub key: &'static [&'static str],
}

/// All tables that a move copies. A row comes after those that it refers to. A test fails if a table of
/// the database is missing here.
pub const TABLES: [Table; 37] = [
    table("renderers", &["sha256"]),
    table("renderer_files", &["renderer_sha256", "role", "name"]),
    table("agency_fonts", &["id"]),
    table("filings", &["id"]),
    table("filing_issuers", &["filing_id", "position"]),
    table("title_grams", &["gram", "seq"]),
    table("signed_copies", &["filing_id"]),
    table("withdrawn_copies", &["filing_id", "sha256", "withdrawn_at"]),
    table("drafts", &["id"]),
    table("draft_versions", &["draft_id", "version"]),
    table("draft_steps", &["draft_id", "position"]),
    table("draft_numbers", &["agency", "agency_code", "year", "serial"]),
    table("sequences", &["agency", "agency_code", "year"]),
    table("retentions", &["filing_id"]),
    table("holds", &["id"]),
    table("hold_items", &["hold_id", "filing_id"]),
    table("disposals", &["id"]),
    table("disposal_items", &["disposal_id", "filing_id"]),
    table("fixity_rounds", &["id"]),
    table("fixity_findings", &["round_id", "kind", "name", "subject"]),
    table("quota_usage", &["agency", "caller"]),
    table("recent_uploads", &["agency", "caller", "hour"]),
    table("idempotency_keys", &["owner", "key"]),
    table("api_keys", &["id"]),
    table("sessions", &["id"]),
    table("batches", &["id"]),
    table("batch_lines", &["batch_id", "line"]),
    table("audit_trail", &["id"]),
    table("log_pending", &["audit_id"]),
    table("log_backlog", &["audit_id"]),
    table("log_objects", &["sha256", "audit_id", "role"]),
    table("log_entries", &["idx"]),
    table("log_head", &["one"]),
    table("log_edge", &["level"]),
    table("log_checkpoints", &["size"]),
    table("log_cosignatures", &["size", "witness"]),
    table("log_stamps", &["size", "authority"]),
];

/// Tables that a move does not copy: its own progress, and the tables of migrations and of the queue,
/// whose tasks are queued again.
pub const NOT_MOVED: [&str; 6] = [
    "move_progress",
    "hongtou_migrations",
    "_sqlx_migrations",
    "sqlite_sequence",
    "Jobs",
    "Workers",
];

const fn table(name: &'static str, key: &'static [&'static str]) -> Table {
    Table { name, key }
}
