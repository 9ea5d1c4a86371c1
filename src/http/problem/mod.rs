//! Turns errors into HTTP responses (RFC 9457).

pub mod row;
pub mod batch;
pub mod filing;
pub mod draft;
pub mod font;
pub mod import;
pub mod retention;
pub mod signing;
mod conversions;
mod requests;

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::generate::permits::RunError;
use crate::generate::{BODY_LIMIT, UnreadableJson};
use crate::http::access::error::AccessError;
use crate::http::access::sign_in::error::{Rejection, SignInError};
use crate::http::problem::batch::BatchProblem;
use crate::http::problem::draft::{CurrentVersion, DraftProblem};
use crate::http::problem::filing::FilingProblem;
use crate::http::problem::font::FontProblem;
use crate::http::problem::import::ImportProblem;
use crate::http::problem::requests::{
    QUEUE_TOO_LONG, access_row, body_row, busy_row, too_complex_row,
};
use crate::http::problem::retention::RetentionProblem;
use crate::http::problem::row::Row;
use crate::http::problem::signing::SigningProblem;
use crate::http::request::bodies::BodyError;
use crate::http::request::request_id;
use crate::jobs::error::JobsError;
use crate::render::error::RenderError;
use crate::submission::bounds::Bound;
use crate::submission::read::SyntaxCause;
use crate::validate::findings::violation::{Findings, Violation};

/// Why a request fails.
#[derive(Debug)]
pub enum Problem {
    /// The body is not JSON.
    Unreadable(UnreadableJson),
    /// The body was not received.
    Body(BodyError),
    /// The type, charset or encoding of the body is not supported.
    MediaType,
    /// None of the types in `Accept` can be sent.
    NotAcceptable,
    /// The gate rejected the request.
    Access(AccessError),
    /// The request does not name one valid host.
    Host,
    /// The query is invalid; the sentence explains why.
    Query(String),
    /// A member of the body is invalid; the sentence explains why.
    InvalidBody(String),
    /// The key cannot be added as described; the sentence explains why.
    Key(&'static str),
    /// The filing has no such page.
    NoSuchPage,
    /// The sign-in failed.
    SignIn(SignInError),
    /// No such resource.
    NotFound,
    /// The resource does not support the method.
    MethodNotAllowed,
    /// The body breaks rules.
    Refused(Findings),
    /// The filing could not be typeset.
    Render(RenderError),
    /// A problem of a filing or an uploaded PDF.
    Filing(FilingProblem),
    /// A problem of importing a file.
    Import(ImportProblem),
    /// A problem of a font.
    Font(FontProblem),
    /// The handler panicked; the panic hook has logged it.
    Panicked,
    /// The queue is full or a deadline passed.
    Busy(RunError),
    /// A problem of a batch.
    Batch(BatchProblem),
    /// A problem of a draft.
    Draft(DraftProblem),
    /// The queue of jobs failed.
    Jobs(JobsError),
    /// A problem of retention, holds or disposals.
    Retention(RetentionProblem),
    /// A problem of signing.
    Signing(SigningProblem),
}

/// The members of `application/problem+json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem", description = "未能完成请求的原因（RFC 9457）")]
pub struct Members<'a> {
    #[schemars(description = "问题的类型，不会更改")]
    r#type: String,
    #[schemars(description = "问题的名称")]
    title: &'static str,
    #[schemars(description = "HTTP状态码")]
    status: u16,
    #[schemars(description = "给经办人看的说明")]
    #[schemars(with = "String")]
    detail: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "不符合规定之处，按内容的先后；仅见于422")]
    errors: Option<&'a [Violation]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "疑点；仅见于422")]
    warnings: Option<&'a [Violation]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "草稿现在的版本；仅见于412")]
    current: Option<&'a CurrentVersion>,
    #[schemars(description = "请求编号，同X-Request-Id")]
    request_id: &'a str,
}

/// The response without its body: `write_body` adds it, since it contains the id of the request.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Logs the problem that a response carries and writes its body.
pub async fn write_body(request: Request, next: Next) -> Response {
    let request_id = request_id::of(request.extensions()).to_owned();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() else {
        return response;
    };
    problem.log();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = problem.row().retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(challenge) = problem.challenge() {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    *response.body_mut() = problem.body(&request_id);
    response
}

impl Problem {
    /// One of each kind, for the contract. The tests compare every response with the contract, so
    /// they fail if a kind is missing here.
    pub fn one_of_each() -> Vec<Self> {
        let mut kinds = vec![
            Self::Unreadable(UnreadableJson { line: 1, column: 1, cause: SyntaxCause::NotJson }),
            Self::Body(BodyError::Incomplete),
            Self::Body(BodyError::Deadline),
            Self::Body(BodyError::TooLong { limit: BODY_LIMIT }),
            Self::Body(BodyError::TooComplex(Bound::Values)),
            Self::MediaType,
            Self::NotAcceptable,
            Self::Host,
            Self::Query(String::new()),
            Self::InvalidBody(String::new()),
            Self::Key(""),
            Self::NoSuchPage,
            Self::NotFound,
            Self::MethodNotAllowed,
            Self::Refused(Findings::default()),
            Self::SignIn(SignInError::Rejected(Rejection::NotStarted)),
            Self::SignIn(SignInError::Unavailable("an example".into())),
            Self::Access(AccessError::NoCredentials),
            Self::Access(AccessError::NoRule),
            Self::Access(AccessError::CrossSite),
            Self::Access(AccessError::TooManyConcurrent),
            Self::Panicked,
            Self::Busy(RunError::QueueFull),
        ];
        kinds.extend(BatchProblem::ONE_OF_EACH.map(Self::Batch));
        kinds.extend(DraftProblem::one_of_each().into_iter().map(Self::Draft));
        kinds.extend(FilingProblem::one_of_each().into_iter().map(Self::Filing));
        kinds.extend(FontProblem::one_of_each().map(Self::Font));
        kinds.extend(ImportProblem::one_of_each().map(Self::Import));
        kinds.extend(RetentionProblem::one_of_each().map(Self::Retention));
        kinds.extend(SigningProblem::one_of_each().map(Self::Signing));
        kinds
    }

    /// The `type`. Clients rely on it.
    pub fn type_name(&self) -> String {
        format!("/problems/{}", self.row().name)
    }

    /// The title.
    pub fn title(&self) -> &'static str {
        self.row().title
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.row().status
    }

    /// The content of the response.
    #[expect(clippy::too_many_lines, reason = "a table with one row per problem")]
    fn row(&self) -> Row {
        match self {
            Self::Unreadable(UnreadableJson { cause: SyntaxCause::TooComplex(bound), .. }) => {
                too_complex_row(*bound)
            }
            Self::Unreadable(unreadable) => Row::new(
                StatusCode::BAD_REQUEST,
                "unreadable-json",
                "提交内容不是有效的JSON",
                unreadable.to_string(),
            ),
            Self::Body(error) => body_row(*error),
            Self::MediaType => Row::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "不支持的内容类型",
                "请以UTF-8编码的application/json提交，且不要压缩。",
            ),
            Self::NotAcceptable => Row::new(
                StatusCode::NOT_ACCEPTABLE,
                "not-acceptable",
                "无法以所要求的类型回复",
                "只能回复application/pdf或application/json，请更正Accept。",
            ),
            Self::Access(error) => access_row(*error),
            Self::Host => Row::new(
                StatusCode::BAD_REQUEST,
                "invalid-host",
                "请求头Host不正确",
                "请求须有一个且仅有一个正确的Host。",
            ),
            Self::Query(sentence) => Row::new(
                StatusCode::BAD_REQUEST,
                "invalid-query",
                "查询条件不正确",
                sentence.clone(),
            ),
            Self::InvalidBody(sentence) => Row::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-body",
                "提交内容不正确",
                sentence.clone(),
            ),
            Self::Key(sentence) => {
                Row::new(StatusCode::BAD_REQUEST, "invalid-key", "密钥未能添加", *sentence)
            }
            Self::NoSuchPage => Row::new(
                StatusCode::NOT_FOUND,
                "no-such-page",
                "没有这一页",
                "页码超出全文的页数，页数见Hongtou-Pages。",
            ),
            Self::SignIn(SignInError::Rejected(why)) => {
                Row::new(StatusCode::FORBIDDEN, "sign-in-refused", "登录未成功", why.sentence())
            }
            Self::SignIn(SignInError::Unavailable(_)) => Row::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "sign-in-unavailable",
                "登录服务暂不可用",
                "暂时无法连接统一登录服务，请稍后重试。",
            )
            .retry_after(10),
            Self::NotFound => {
                Row::new(StatusCode::NOT_FOUND, "not-found", "没有这个地址", "请核对请求地址。")
            }
            Self::MethodNotAllowed => Row::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "此地址不支持该请求方法",
                "可用的请求方法见Allow。",
            ),
            Self::Refused(_) => Row::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "refused",
                "提交内容不符合规定",
                "提交内容有不符合规定之处，请逐项更正后重新提交。",
            ),
            Self::Render(_) | Self::Panicked => Row::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "服务器内部错误",
                "公文未能生成，问题已记入日志，请将请求编号告知管理员。",
            ),
            Self::Filing(problem) => problem.row(),
            Self::Import(problem) => problem.row(),
            Self::Font(problem) => problem.row(),
            // A full queue shrinks whenever a rendering ends.
            Self::Busy(RunError::QueueFull) => busy_row(QUEUE_TOO_LONG).retry_after(5),
            // The other causes are work that is slower than it should be.
            Self::Busy(RunError::RunDeadline) => {
                busy_row("未能在规定时间内处理完毕，请稍后重试。").retry_after(30)
            }
            Self::Busy(_) | Self::Jobs(_) => busy_row(QUEUE_TOO_LONG).retry_after(30),
            Self::Batch(problem) => problem.row(),
            Self::Draft(problem) => problem.row(),
            Self::Retention(problem) => problem.row(),
            Self::Signing(problem) => problem.row(),
        }
    }

    fn challenge(&self) -> Option<HeaderValue> {
        match self {
            Self::Access(error) => error.challenge(),
            _ => None,
        }
    }

    fn log(&self) {
        match self {
            Self::SignIn(error) => {
                let cause = error.source();
                tracing::warn!(error = %error, cause, "a sign-in failed");
            }
            Self::Render(error) => {
                let cause = error.source();
                tracing::error!(error = %error, cause, "rendering failed");
            }
            Self::Jobs(error) => tracing::error!(?error, "the queue of jobs failed"),
            Self::Busy(reason) => tracing::warn!(%reason, "a request was rejected"),
            Self::Filing(problem) => problem.log(),
            Self::Import(problem) => problem.log(),
            // The panic hook has logged panics; the rest are the client's faults.
            _ => {}
        }
    }

    fn body(&self, request_id: &str) -> Body {
        let findings = match self {
            Self::Refused(findings) => Some(findings),
            _ => None,
        };
        let row = self.row();
        let members = Members {
            r#type: self.type_name(),
            title: row.title,
            status: row.status.as_u16(),
            detail: row.detail,
            errors: findings.map(|findings| findings.errors.as_slice()),
            warnings: findings.map(|findings| findings.warnings.as_slice()),
            current: match self {
                Self::Draft(problem) => problem.current(),
                _ => None,
            },
            request_id,
        };
        // Strings and numbers always serialize.
        serde_json::to_vec(&members).unwrap_or_default().into()
    }
}
