//! Why a caller may not ask what they ask.

use axum::http::{HeaderValue, StatusCode};

use crate::archive::access::caller::Role;

/// Why a caller may not ask what they ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no key yet, and the request is not from this machine.
    NotLocal,
    /// No credentials came with the request.
    NoCredentials,
    /// The key is unknown or revoked.
    BadKey,
    /// The caller lacks the role.
    Lacks(Role),
    /// The contract names nobody who may use the route.
    Nobody,
    /// Another site's page made the browser ask.
    CrossSite,
    /// Too many requests in a short time; after so many seconds there is room again.
    TooOften(u16),
    /// Too many requests at once.
    TooMany,
}

impl Refusal {
    /// The status of the answer.
    pub fn status(self) -> StatusCode {
        match self {
            Self::NoCredentials | Self::BadKey => StatusCode::UNAUTHORIZED,
            Self::NotLocal | Self::Lacks(_) | Self::Nobody | Self::CrossSite => {
                StatusCode::FORBIDDEN
            }
            Self::TooOften(_) | Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// The name that ends the problem's `type`, and its title.
    pub fn name_and_title(self) -> (&'static str, &'static str) {
        match self {
            Self::NotLocal => ("local-only", "只接受本机访问"),
            Self::NoCredentials | Self::BadKey => ("unauthenticated", "需要有效的密钥"),
            Self::Lacks(_) | Self::Nobody => ("forbidden", "没有权限"),
            Self::CrossSite => ("cross-site", "不接受其他网站发起的请求"),
            Self::TooOften(_) | Self::TooMany => ("too-many-requests", "请求过多"),
        }
    }

    /// What staff read.
    pub fn detail(self) -> String {
        let sentence = match self {
            Self::NotLocal => {
                "服务尚未设置密钥，只接受本机直接访问。请管理员先以hongtou keys add添加密钥。"
            }
            Self::NoCredentials => "请在Authorization中以Bearer方式提供密钥，或先登录。",
            Self::BadKey => "密钥不存在、已撤销或不完整，请核对。",
            Self::Lacks(role) => {
                return format!("此操作需要{}（{}）权限。", role.title(), role.name());
            }
            Self::Nobody => "此地址不对外开放。",
            Self::CrossSite => "请从本服务的页面操作。",
            Self::TooOften(_) => "短时间内请求过多，请稍后重试。",
            Self::TooMany => "同时进行的请求过多，请待前面的请求完成后重试。",
        };
        sentence.to_owned()
    }

    /// Seconds after which another try may succeed.
    pub fn retry_after(self) -> Option<u16> {
        match self {
            Self::TooOften(seconds) => Some(seconds),
            Self::TooMany => Some(1),
            _ => None,
        }
    }

    /// How to come with credentials (RFC 6750, 3).
    pub fn challenge(self) -> Option<HeaderValue> {
        let text = match self {
            Self::NoCredentials => "Bearer realm=\"hongtou\"",
            Self::BadKey => "Bearer realm=\"hongtou\", error=\"invalid_token\"",
            _ => return None,
        };
        Some(HeaderValue::from_static(text))
    }
}
