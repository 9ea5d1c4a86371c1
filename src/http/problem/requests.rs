//! Problems of any request: its body, its caller, and a busy server.

use axum::http::StatusCode;

use crate::http::access::error::AccessError;
use crate::http::problem::row::Row;
use crate::http::request::bodies::BodyError;
use crate::submission::bounds::Bound;

pub(super) const QUEUE_TOO_LONG: &str = "等待处理的请求过多，请稍后重试。";

pub(super) fn busy_row(detail: &'static str) -> Row {
    Row::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "服务繁忙", detail)
}

pub(super) fn body_row(error: BodyError) -> Row {
    match error {
        BodyError::Incomplete => Row::new(
            StatusCode::BAD_REQUEST,
            "incomplete-body",
            "提交内容未收全",
            "连接中断，提交内容未收全，请重新提交。",
        ),
        BodyError::Deadline => Row::new(
            StatusCode::REQUEST_TIMEOUT,
            "body-timeout",
            "提交内容接收超时",
            "未能在规定时间内收到全部提交内容，请重新提交。",
        ),
        BodyError::TooLong { limit } => Row::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-long",
            "提交内容过大",
            format!("提交内容不得超过{} MiB。", limit >> 20),
        ),
        BodyError::TooComplex(bound) => too_complex_row(bound),
        BodyError::NoShare => access_row(AccessError::TooManyConcurrent),
        BodyError::NoMemory => busy_row(QUEUE_TOO_LONG).retry_after(5),
    }
}

pub(super) fn too_complex_row(bound: Bound) -> Row {
    Row::new(StatusCode::PAYLOAD_TOO_LARGE, "too-complex", "提交内容过于复杂", bound.to_string())
}

pub(super) fn access_row(error: AccessError) -> Row {
    let (name, title) = error.name_and_title();
    let row = Row::new(error.status(), name, title, error.detail());
    Row { retry_after: error.retry_after(), ..row }
}
