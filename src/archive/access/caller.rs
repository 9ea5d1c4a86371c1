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

/// Who was found behind a request's credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who they are to the archive.
    pub caller: Caller,
    /// What people call them.
    pub name: String,
}

/// What a key or a person is given. Invariant: at least one role, and an admin is bound to no
/// agency: the audit trail, which an admin reads, tells of every agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    roles: Roles,
    agency: Option<String>,
}

/// Why something cannot be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// No role is named.
    #[error("no role is granted")]
    NoRole,
    /// An admin would belong to an agency.
    #[error("an admin belongs to no agency")]
    AdminOfAgency,
    /// The agency's name is empty, has white space around it or is too long.
    #[error("this is no agency's name")]
    AgencyName,
}

/// The longest name of an agency, in characters.
const LONGEST_AGENCY: usize = 100;

impl Grant {
    /// Grants roles, for one agency or for any.
    ///
    /// # Errors
    /// What the invariant forbids.
    pub fn new(roles: Roles, agency: Option<String>) -> Result<Self, GrantError> {
        if let Some(agency) = &agency {
            let is_name = !agency.is_empty()
                && agency.trim() == agency
                && agency.chars().count() <= LONGEST_AGENCY
                && !agency.chars().any(char::is_control);
            if !is_name {
                return Err(GrantError::AgencyName);
            }
        }
        if roles.0.is_empty() {
            return Err(GrantError::NoRole);
        }
        if agency.is_some() && roles.has(Role::Admin) {
            return Err(GrantError::AdminOfAgency);
        }
        Ok(Self { roles, agency })
    }

    /// What may be done.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// The agency it is for.
    pub fn agency(&self) -> Option<&str> {
        self.agency.as_deref()
    }
}

impl Role {
    /// Every role, in the order of their words.
    pub const ALL: [Self; 4] = [Self::Submit, Self::Read, Self::Archive, Self::Admin];

    /// What staff call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Submit => "提交",
            Self::Read => "查阅",
            Self::Archive => "归档",
            Self::Admin => "管理",
        }
    }

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

    /// The words of the roles that were granted.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|role| role.name()).collect()
    }

    /// Whether these roles hold one; an admin has them all.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role) || self.0.contains(&Role::Admin)
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(","))
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

    /// Whether this is anyone.
    pub fn is_anyone(&self) -> bool {
        self.id.is_empty()
    }

    /// Whether this caller may post a filing of these 发文机关: the lead agency's 发文字号 is its own.
    pub fn may_file_for(&self, issuers: &[String]) -> bool {
        self.agency.as_ref().is_none_or(|agency| issuers.first() == Some(agency))
    }
}

#[cfg(test)]
mod tests {
    use super::{Grant, GrantError, Role, Roles};

    #[test]
    fn an_admin_is_bound_to_no_agency() {
        let roles = |text: &str| text.parse::<Roles>().unwrap();
        let agency = || Some("巴中市民政局".to_owned());
        let cases = [
            ("submit,read", agency(), Ok(())),
            ("admin", None, Ok(())),
            ("read,admin", agency(), Err(GrantError::AdminOfAgency)),
            ("", None, Err(GrantError::NoRole)),
            ("read", Some(String::new()), Err(GrantError::AgencyName)),
            ("read", Some("巴中市民政局 ".to_owned()), Err(GrantError::AgencyName)),
            ("read", Some("局".repeat(101)), Err(GrantError::AgencyName)),
        ];
        for (text, agency, expected) in cases {
            assert_eq!(
                Grant::new(roles(text), agency.clone()).map(drop),
                expected,
                "{text} {agency:?}"
            );
        }
        assert!(Roles::new([Role::Admin]).has(Role::Archive));
    }
}
