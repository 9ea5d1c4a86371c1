//! SQL is written in few rooms, and runs only through `Database`.

use crate::house::source::{code_lines, is_identifier};

/// The layers that may contain SQL.
const SQL_LAYERS: [&str; 2] = ["archive", "jobs"];

/// The files that may use pools and run statements themselves: each gives every wait a deadline.
const POOL_FILES: [&str; 2] = ["src/archive/database/", "src/jobs/queue.rs"];

/// How SQL statements begin.
const STATEMENTS: [&str; 8] = [
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
];

/// How the types of pools and connections of sqlx end.
const POOL_SUFFIXES: [&str; 3] = ["Pool", "PoolOptions", "Connection"];

/// How they begin.
const POOL_PREFIXES: [&str; 3] = ["Any", "Pg", "Sqlite"];

/// Adds each line that contains SQL in a layer that may not, and each line outside `POOL_FILES` that
/// uses a pool or runs a statement without `Database`.
pub fn sql(path: &str, layer: &str, text: &str, found: &mut Vec<String>) {
    let may_pool = POOL_FILES.iter().any(|file| path.starts_with(file));
    for (number, line) in code_lines(text) {
        if !SQL_LAYERS.contains(&layer) && STATEMENTS.iter().any(|word| begins_in(line, word)) {
            found.push(format!("{path}:{number}: SQL belongs to {}", SQL_LAYERS.join(" and ")));
        }
        if may_pool {
            continue;
        }
        if let Some(pool) = line.split(|c| !is_identifier(c)).find(|word| is_pool(word)) {
            found.push(format!("{path}:{number}: {pool} belongs to {}", POOL_FILES.join(" and ")));
        }
        if line.contains("sqlx::query") {
            found.push(format!("{path}:{number}: a query runs through `Database`"));
        }
    }
}

/// Whether a word occurs that is not the end of a longer one.
fn begins_in(line: &str, word: &str) -> bool {
    let is_start = |start: usize| !line[..start].ends_with(is_identifier);
    line.match_indices(word).any(|(start, _)| is_start(start))
}

fn is_pool(word: &str) -> bool {
    POOL_PREFIXES
        .iter()
        .filter_map(|prefix| word.strip_prefix(prefix))
        .any(|rest| POOL_SUFFIXES.contains(&rest))
}
