//! What goes wrong, as an HTTP answer: the one place that knows status codes (RFC 9457).

pub mod batch;
pub mod filing;

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
use crate::generate::{GenerateError, Unreadable};
use crate::http::access::refusal::Refusal;
use crate::http::access::sign_in_error::{SignInError, Unproven};
use crate::http::problem::batch::BatchProblem;
use crate::http::problem::filing::FilingProblem;
use crate::http::request::extract::BODY_LIMIT;
use crate::http::request::request_id;
use crate::jobs::error::JobsError;
use crate::render::error::RenderError;
use crate::submission::read::SyntaxCause;
use crate::validate::findings::violation::{Findings, Violation};

/// Why a request has no other answer.
#[derive(Debug)]
pub enum Problem {
    /// The body is not JSON.
    Unreadable(Unreadable),
    /// The body broke off.
    BodyBroken,
    /// The body did not arrive in time.
    BodyDeadline,
    /// The body is longer than allowed.
    BodyTooLong {
        /// How long it may be, in bytes.
        limit: usize,
    },
    /// The body is of a type, charset or coding that is not read here.
    MediaType,
    /// No answer can be of the type asked for.
    NotAcceptable,
    /// The caller may not ask this, or not now.
    MayNot(Refusal),
    /// The parameters in the address are none; the sentence says which.
    Query(String),
    /// The filing has no such side.
    NoSuchPage,
    /// Nobody was signed in.
    SignIn(SignInError),
    /// No such resource.
    NotFound,
    /// The resource has no such method.
    MethodNotAllowed,
    /// The rules refuse what was posted.
    Refused(Findings),
    /// The filing could not be set in type.
    Render(RenderError),
    /// A filing is not kept, found or given.
    Filing(FilingProblem),
    /// Something panicked; the panic hook has logged what.
    Panicked,
    /// No permit, no place in the queue, or no end in time.
    Busy(RunError),
    /// Something about a batch.
    Batch(BatchProblem),
    /// A job could not be taken or looked up.
    Jobs(JobsError),
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
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "不符合规定之处，按内容的先后；仅见于422")]
    errors: Option<&'a [Violation]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "疑点；仅见于422")]
    warnings: Option<&'a [Violation]>,
    #[schemars(description = "请求编号，同X-Request-Id")]
    request_id: &'a str,
}

impl From<GenerateError> for Problem {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::Unreadable(unreadable) => Self::Unreadable(unreadable),
            GenerateError::Refused(findings) => Self::Refused(findings),
            GenerateError::Render(error) => Self::Render(error),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::MayNot(refusal)
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        Self::SignIn(error)
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Panicked => Self::Panicked,
            busy => Self::Busy(busy),
        }
    }
}

impl From<JobsError> for Problem {
    fn from(error: JobsError) -> Self {
        match error {
            JobsError::Archive(error) => error.into(),
            JobsError::NotReceiving => Self::Batch(BatchProblem::GivenUp),
            error => Self::Jobs(error),
        }
    }
}

/// The answer without its body, which names the request and is therefore left to `write_body`.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Logs the problem that an answer carries, once, and writes its body.
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
    if let Some(seconds) = problem.retry_after() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(challenge) = problem.challenge() {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    *response.body_mut() = problem.body(&request_id);
    response
}

impl Problem {
    /// One of each kind, for the contract. The tests hold every answer to the contract, and so find
    /// a kind that is not here.
    pub fn one_of_each() -> Vec<Self> {
        let mut kinds = vec![
            Self::Unreadable(Unreadable { line: 1, column: 1, cause: SyntaxCause::NotJson }),
            Self::BodyBroken,
            Self::BodyDeadline,
            Self::BodyTooLong { limit: BODY_LIMIT },
            Self::MediaType,
            Self::NotAcceptable,
            Self::Query(String::new()),
            Self::NoSuchPage,
            Self::NotFound,
            Self::MethodNotAllowed,
            Self::Refused(Findings::default()),
            Self::SignIn(SignInError::Refused(Unproven::NotBegun)),
            Self::SignIn(SignInError::Down("nobody".into())),
            Self::MayNot(Refusal::NotLocal),
            Self::MayNot(Refusal::NoCredentials),
            Self::MayNot(Refusal::Nobody),
            Self::MayNot(Refusal::CrossSite),
            Self::MayNot(Refusal::TooMany),
            Self::Panicked,
            Self::Busy(RunError::QueueFull),
        ];
        kinds.extend(BatchProblem::ONE_OF_EACH.map(Self::Batch));
        kinds.extend(FilingProblem::one_of_each().into_iter().map(Self::Filing));
        kinds
    }

    /// Its `type`, which callers may rely on.
    pub fn type_name(&self) -> String {
        format!("/problems/{}", self.name_and_title().0)
    }

    /// Its title.
    pub fn title(&self) -> &'static str {
        self.name_and_title().1
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable(_) | Self::BodyBroken | Self::Query(_) => StatusCode::BAD_REQUEST,
            Self::BodyDeadline => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::NotFound | Self::NoSuchPage => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Render(_) | Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            Self::MayNot(refusal) => refusal.status(),
            Self::Batch(problem) => problem.status(),
            Self::Filing(problem) => problem.status(),
            Self::SignIn(SignInError::Refused(_)) => StatusCode::FORBIDDEN,
            Self::SignIn(SignInError::Down(_)) | Self::Busy(_) | Self::Jobs(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    /// The name that ends the problem's `type`, and its title; callers may rely on the name.
    fn name_and_title(&self) -> (&'static str, &'static str) {
        match self {
            Self::Unreadable(_) => ("unreadable-json", "提交内容不是有效的JSON"),
            Self::BodyBroken => ("incomplete-body", "提交内容未收全"),
            Self::BodyDeadline => ("body-timeout", "提交内容接收超时"),
            Self::BodyTooLong { .. } => ("body-too-long", "提交内容过大"),
            Self::MediaType => ("unsupported-media-type", "不支持的内容类型"),
            Self::NotAcceptable => ("not-acceptable", "无法以所要求的类型回复"),
            Self::Query(_) => ("invalid-query", "查询条件不正确"),
            Self::NoSuchPage => ("no-such-page", "没有这一页"),
            Self::NotFound => ("not-found", "没有这个地址"),
            Self::MethodNotAllowed => ("method-not-allowed", "此地址不支持该请求方法"),
            Self::Refused(_) => ("refused", "提交内容不符合规定"),
            Self::Render(_) | Self::Panicked => ("internal", "服务器内部错误"),
            Self::MayNot(refusal) => refusal.name_and_title(),
            Self::SignIn(SignInError::Refused(_)) => ("sign-in-refused", "登录未成功"),
            Self::SignIn(SignInError::Down(_)) => ("sign-in-unavailable", "登录服务暂不可用"),
            Self::Busy(_) | Self::Jobs(_) => ("busy", "服务繁忙"),
            Self::Batch(problem) => problem.name_and_title(),
            Self::Filing(problem) => problem.name_and_title(),
        }
    }

    fn detail(&self) -> String {
        let sentence = match self {
            Self::Unreadable(at) => return at.to_string(),
            Self::Batch(problem) => return problem.detail(),
            Self::Filing(problem) => return problem.detail(),
            Self::MayNot(refusal) => return refusal.detail(),
            Self::SignIn(SignInError::Refused(why)) => return why.sentence().to_owned(),
            Self::SignIn(SignInError::Down(_)) => "暂时无法连接统一登录服务，请稍后重试。",
            Self::Refused(_) => "提交内容有不符合规定之处，请逐项更正后重新提交。",
            Self::BodyBroken => "连接中断，提交内容未收全，请重新提交。",
            Self::BodyDeadline => "未能在规定时间内收到全部提交内容，请重新提交。",
            Self::BodyTooLong { limit } => {
                return format!("提交内容不得超过{} MiB。", limit >> 20);
            }
            Self::MediaType => "请以UTF-8编码的application/json提交，且不要压缩。",
            Self::NotAcceptable => "只能回复application/pdf或application/json，请更正Accept。",
            Self::Query(sentence) => sentence,
            Self::NoSuchPage => "页码超出全文的页数，页数见Hongtou-Pages。",
            Self::NotFound => "请核对请求地址。",
            Self::MethodNotAllowed => "可用的请求方法见Allow。",
            Self::Render(_) | Self::Panicked => {
                "公文未能生成，问题已记入日志，请将请求编号告知管理员。"
            }
            Self::Busy(RunError::RunDeadline) => "未能在规定时间内处理完毕，请稍后重试。",
            Self::Busy(_) | Self::Jobs(_) => "等待处理的请求过多，请稍后重试。",
        };
        sentence.to_owned()
    }

    /// Seconds after which another try may succeed.
    fn retry_after(&self) -> Option<u16> {
        match self {
            // A full queue moves with each rendering that ends.
            Self::Busy(RunError::QueueFull) => Some(5),
            Self::MayNot(refusal) => refusal.retry_after(),
            // The others tell of work that is slower than it should be.
            Self::Busy(_) | Self::Jobs(_) => Some(30),
            Self::Filing(problem) => problem.retry_after(),
            Self::SignIn(SignInError::Down(_)) => Some(10),
            _ => None,
        }
    }

    fn challenge(&self) -> Option<HeaderValue> {
        match self {
            Self::MayNot(refusal) => refusal.challenge(),
            _ => None,
        }
    }

    fn log(&self) {
        match self {
            Self::SignIn(error) => {
                let cause = error.source();
                tracing::warn!(error = %error, cause, "nobody was signed in");
            }
            Self::Render(error) => {
                let cause = error.source();
                tracing::error!(error = %error, cause, "rendering failed");
            }
            Self::Jobs(error) => tracing::error!(?error, "a job could not be taken or looked up"),
            Self::Busy(reason) => tracing::warn!(%reason, "request turned away"),
            Self::Filing(problem) => problem.log(),
            // The panic hook has logged a panic where it happened; the rest is the client's.
            _ => {}
        }
    }

    fn body(&self, request_id: &str) -> Body {
        let findings = match self {
            Self::Refused(findings) => Some(findings),
            _ => None,
        };
        let members = Members {
            r#type: self.type_name(),
            title: self.title(),
            status: self.status().as_u16(),
            detail: self.detail(),
            errors: findings.map(|findings| findings.errors.as_slice()),
            warnings: findings.map(|findings| findings.warnings.as_slice()),
            request_id,
        };
        // Strings and numbers alone always serialize; an empty body would only lose the words.
        serde_json::to_vec(&members).unwrap_or_default().into()
    }
}
