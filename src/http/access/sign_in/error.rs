//! Why a sign-in failed.

use std::error::Error;

/// Why a sign-in failed. The messages are for the log.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The provider did not respond, or its response is invalid.
    #[error("the OpenID Connect provider is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The sign-in was rejected.
    #[error("the sign-in was rejected: {0:?}")]
    Rejected(Rejection),
}

/// Why a sign-in was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// The browser did not start the sign-in, or started it too long ago.
    NotStarted,
    /// The provider denied the sign-in with this error code.
    Denied(String),
    /// The ID token is invalid for this sign-in.
    InvalidToken(String),
    /// The ID token has no agency claim.
    NoAgency,
}

impl Rejection {
    /// The explanation for staff, in Chinese.
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::NotStarted => "登录已过期或不是从本页面开始的，请重新登录。",
            Self::Denied(_) => "统一登录服务未同意登录。",
            Self::InvalidToken(_) => {
                "无法核实统一登录服务给出的身份，请重新登录；仍不成功的，请告知管理员。"
            }
            Self::NoAgency => "统一登录服务未给出您所在的机关，请告知管理员。",
        }
    }
}
