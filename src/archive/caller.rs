//! Who asks, and what they may.

use std::fmt;
use std::str::FromStr;

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Post filings, checks, previews and batches.
    Submit,
    /// List and read filings and batches.
    Read,
    /// Hand in signed copies.
    Archive,
    /// All of it, and the audit trail.
    Admin,
}

/// The roles of a caller; written as words with commas between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles(Vec<Role>);

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no role")]
pub struct UnknownRole(pub String);

/// Whoever asks: a key, a person who signed in, or anyone on loopback while there are no keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The id of the key or of the person; empty for anyone.
    pub id: String,
    /// What they may.
    pub roles: Roles,
    /// The agency they belong to. They see filings that it issues, alone or with others, and post
    /// those that it leads. `None` is bound to no agency.
    pub agency: Option<String>,
}

impl Role {
    /// Every role, in the order of their words.
    pub const ALL: [Self; 4] = [Self::Submit, Self::Read, Self::Archive, Self::Admin];

    /// The word for it in JSON, SQL and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Read => "read",
            Self::Archive => "archive",
            Self::Admin => "admin",
        }
    }
}

impl Roles {
    /// All of these, once each.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// Whether these roles hold one; an admin has them all.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role) || self.0.contains(&Role::Admin)
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|role| role.name()).collect();
        f.write_str(&names.join(","))
    }
}

impl FromStr for Roles {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let roles = words.map(|word| {
            let role = Role::ALL.into_iter().find(|role| role.name() == word);
            role.ok_or_else(|| UnknownRole(word.to_owned()))
        });
        Ok(Self::new(roles.collect::<Result<Vec<_>, _>>()?))
    }
}

impl Caller {
    /// Anyone, while there are no keys: bound to no agency, and an admin.
    pub fn anyone() -> Self {
        Self { id: String::new(), roles: Roles::new([Role::Admin]), agency: None }
    }

    /// Whether this caller may post a filing of these 发文机关: the lead agency's 发文字号 is its own.
    pub fn may_file_for(&self, issuers: &[String]) -> bool {
        self.agency.as_ref().is_none_or(|agency| issuers.first() == Some(agency))
    }

    /// Whether this caller may see a filing of these 发文机关.
    pub fn may_see(&self, issuers: &[String]) -> bool {
        self.agency.as_ref().is_none_or(|agency| issuers.contains(agency))
    }
}
