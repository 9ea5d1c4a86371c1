//! Why nobody was signed in.

use std::error::Error;

/// Why nobody was signed in; what it says is for the log.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The provider does not answer, or not as a provider does.
    #[error("the provider of sign-ins fails")]
    Down(#[source] Box<dyn Error + Send + Sync>),
    /// Something does not hold.
    #[error("the sign-in does not hold: {0:?}")]
    Refused(Unproven),
}

/// What does not hold about a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unproven {
    /// The browser did not begin it, or too long ago.
    NotBegun,
    /// The provider says no; its word for why.
    Denied(String),
    /// The token is not one for this sign-in.
    Token(String),
    /// The token does not name the person's agency.
    NoAgency,
}

impl Unproven {
    /// What staff read.
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::NotBegun => "登录已过期或不是从本页面开始的，请重新登录。",
            Self::Denied(_) => "统一登录服务未同意登录。",
            Self::Token(_) => {
                "无法核实统一登录服务给出的身份，请重新登录；仍不成功的，请告知管理员。"
            }
            Self::NoAgency => "统一登录服务未给出您所在的机关，请告知管理员。",
        }
    }
}
