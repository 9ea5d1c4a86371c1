//! Why the gate rejects a request.

use axum::http::{HeaderValue, StatusCode};

use crate::archive::access::caller::Role;

/// Why the gate rejects a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessError {
    /// No key exists, and the request does not come from this machine.
    NotLocal,
    /// The request has no credentials.
    NoCredentials,
    /// The key is unknown or revoked.
    InvalidKey,
    /// The caller lacks the role.
    MissingRole(Role),
    /// The route has no access rule.
    NoRule,
    /// A page of another site initiated the request.
    CrossSite,
    /// Too many requests per minute. The client may retry after this many seconds.
    RateLimited(u16),
    /// Too many concurrent requests.
    TooManyConcurrent,
}

impl AccessError {
    /// The status of the response.
    pub fn status(self) -> StatusCode {
        match self {
            Self::NoCredentials | Self::InvalidKey => StatusCode::UNAUTHORIZED,
            Self::NotLocal | Self::MissingRole(_) | Self::NoRule | Self::CrossSite => {
                StatusCode::FORBIDDEN
            }
            Self::RateLimited(_) | Self::TooManyConcurrent => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// The name that ends the problem's `type`, and its title.
    pub fn name_and_title(self) -> (&'static str, &'static str) {
        match self {
            Self::NotLocal => ("local-only", "只接受本机访问"),
            Self::NoCredentials | Self::InvalidKey => ("unauthenticated", "需要有效的密钥"),
            Self::MissingRole(_) | Self::NoRule => ("forbidden", "没有权限"),
            Self::CrossSite => ("cross-site", "不接受其他网站发起的请求"),
            Self::RateLimited(_) | Self::TooManyConcurrent => ("too-many-requests", "请求过多"),
        }
    }

    /// The explanation for staff, in Chinese.
    pub fn detail(self) -> String {
        let sentence = match self {
            Self::NotLocal => {
                "服务尚未设置密钥，只接受本机直接访问。请管理员先以hongtou keys add添加密钥。"
            }
            Self::NoCredentials => "请在Authorization中以Bearer方式提供密钥，或先登录。",
            Self::InvalidKey => "密钥不存在、已撤销或不完整，请核对。",
            Self::MissingRole(role) => {
                return format!("此操作需要{}（{}）权限。", role.title(), role.name());
            }
            Self::NoRule => "此地址不对外开放。",
            Self::CrossSite => "请从本服务的页面操作。",
            Self::RateLimited(_) => "短时间内请求过多，请稍后重试。",
            Self::TooManyConcurrent => "同时进行的请求过多，请待前面的请求完成后重试。",
        };
        sentence.to_owned()
    }

    /// Seconds after which a retry may succeed.
    pub fn retry_after(self) -> Option<u16> {
        match self {
            Self::RateLimited(seconds) => Some(seconds),
            Self::TooManyConcurrent => Some(1),
            _ => None,
        }
    }

    /// The `WWW-Authenticate` header of the response (RFC 6750, 3).
    pub fn challenge(self) -> Option<HeaderValue> {
        let text = match self {
            Self::NoCredentials => "Bearer realm=\"hongtou\"",
            Self::InvalidKey => "Bearer realm=\"hongtou\", error=\"invalid_token\"",
            _ => return None,
        };
        Some(HeaderValue::from_static(text))
    }
}
