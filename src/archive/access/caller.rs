//! Callers and what they may do.

use std::fmt;
use std::str::FromStr;

/// A permission of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Post filings, checks, previews and batches.
    Submit,
    /// List and read filings and batches.
    Read,
    /// Archive signed copies.
    Archive,
    /// Agree to drafts as their reviewer, or return them (审核).
    Review,
    /// Approve drafts as their signatory, or return them (签发).
    Approve,
    /// Post filings that need no approval, because another system has approved them.
    Direct,
    /// Read the metrics, and nothing else.
    Metrics,
    /// Everything, including the audit trail.
    Admin,
}

/// A set of roles. Its text form is the names, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles(Vec<Role>);

/// A text that is not the name of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a role")]
pub struct UnknownRole(pub String);

/// The id of the caller with the local token, which is also the id in that token.
pub const LOCAL: &str = "local";

/// Who sends a request: a key, a signed-in person, or the holder of the local token as long as there
/// are no keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The id of the key or of the person; `LOCAL` for the holder of the local token.
    pub id: String,
    /// What they may do.
    pub roles: Roles,
    /// The agency they belong to: they see the filings that it issues, alone or jointly, and post
    /// those of which it is the lead agency. `None` means every agency.
    pub agency: Option<String>,
}

/// An authenticated caller with a display name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The caller.
    pub caller: Caller,
    /// The display name.
    pub name: String,
}

/// The roles of a key or a person, for one agency or for all. Invariant: there is at least one role,
/// and an admin belongs to no agency, because the audit trail covers all agencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    roles: Roles,
    agency: Option<String>,
}

/// Why something cannot be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// There is no role.
    #[error("no role is granted")]
    NoRole,
    /// An admin would belong to an agency.
    #[error("an admin belongs to no agency")]
    AdminOfAgency,
    /// The agency's name is empty, has white space around it or is too long.
    #[error("this is not the name of an agency")]
    AgencyName,
}

/// The longest name of an agency, in characters.
const MAX_AGENCY_NAME: usize = 100;

impl Grant {
    /// Grants roles, for one agency or for all.
    ///
    /// # Errors
    /// Returns `GrantError::AgencyName` for an invalid name, `GrantError::NoRole` without a role, and
    /// `GrantError::AdminOfAgency` for an admin of one agency.
    pub fn new(roles: Roles, agency: Option<String>) -> Result<Self, GrantError> {
        if agency.as_ref().is_some_and(|agency| !Self::is_agency_name(agency)) {
            return Err(GrantError::AgencyName);
        }
        if roles.0.is_empty() {
            return Err(GrantError::NoRole);
        }
        if agency.is_some() && roles.has(Role::Admin) {
            return Err(GrantError::AdminOfAgency);
        }
        Ok(Self { roles, agency })
    }

    /// Whether a text may be the name of an agency.
    pub fn is_agency_name(text: &str) -> bool {
        !text.is_empty()
            && text.trim() == text
            && text.chars().count() <= MAX_AGENCY_NAME
            && !text.chars().any(char::is_control)
    }

    /// The granted roles.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// The agency, or `None` for all.
    pub fn agency(&self) -> Option<&str> {
        self.agency.as_deref()
    }
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::Submit,
        Self::Read,
        Self::Archive,
        Self::Review,
        Self::Approve,
        Self::Direct,
        Self::Metrics,
        Self::Admin,
    ];

    /// Its Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Submit => "提交",
            Self::Read => "查阅",
            Self::Archive => "归档",
            Self::Review => "审核",
            Self::Approve => "签发",
            Self::Direct => "直接生成",
            Self::Metrics => "监测",
            Self::Admin => "管理",
        }
    }

    /// Its name in JSON, in SQL and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Read => "read",
            Self::Archive => "archive",
            Self::Review => "review",
            Self::Approve => "approve",
            Self::Direct => "direct",
            Self::Metrics => "metrics",
            Self::Admin => "admin",
        }
    }
}

impl Roles {
    /// A set of these roles.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// The names of the roles.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|role| role.name()).collect()
    }

    /// Whether approval does not concern the caller. Only a key that was given the role for it is
    /// exempt, and not every admin.
    pub fn are_exempt_from_approval(&self) -> bool {
        self.0.contains(&Role::Direct)
    }

    /// Whether these roles include a role. An admin has every role.
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
    /// The holder of the local token: an admin.
    pub fn local() -> Self {
        Self { id: LOCAL.to_owned(), roles: Roles::new([Role::Admin]), agency: None }
    }

    /// Whether this is the holder of the local token.
    pub fn is_local(&self) -> bool {
        self.id == LOCAL
    }

    /// Whether this caller may post a filing of these 发文机关. Its 发文字号 belongs to the first one, the
    /// lead agency.
    pub fn may_file_for(&self, issuers: &[String]) -> bool {
        self.agency.as_ref().is_none_or(|agency| issuers.first() == Some(agency))
    }
}

#[cfg(test)]
mod tests {
    use super::{Grant, GrantError, Role, Roles};

    #[test]
    fn only_valid_grants_are_created() {
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
