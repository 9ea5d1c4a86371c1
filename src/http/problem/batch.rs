//! What goes wrong with batches, beside what goes wrong with every request.

use axum::http::StatusCode;

use crate::http::problem::Problem;
use crate::jobs::address::AddressError;
use crate::jobs::lines::LINES;

/// Why a request about a batch has no other answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchProblem {
    /// No batch of this id that the caller sees.
    Unknown,
    /// The body is no NDJSON.
    MediaType,
    /// A line, counted from 1, is longer than a filing may be.
    LineTooLong(i64),
    /// More lines than a batch may have.
    TooManyLines,
    /// No line at all.
    Empty,
    /// The upload was silent for so long that it was given up.
    GivenUp,
    /// A webhook may not go there.
    Webhook(AddressError),
    /// It is not over, and its files are not all there.
    Running,
    /// It is done: there is nothing left to cancel.
    Done,
}

impl From<BatchProblem> for Problem {
    fn from(problem: BatchProblem) -> Self {
        Self::Batch(problem)
    }
}

impl BatchProblem {
    /// One of each kind, for the contract.
    pub const ONE_OF_EACH: [Self; 9] = [
        Self::Unknown,
        Self::MediaType,
        Self::LineTooLong(1),
        Self::TooManyLines,
        Self::Empty,
        Self::GivenUp,
        Self::Webhook(AddressError::Private),
        Self::Running,
        Self::Done,
    ];

    /// Its status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::Empty => StatusCode::BAD_REQUEST,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::LineTooLong(_) | Self::TooManyLines => StatusCode::PAYLOAD_TOO_LARGE,
            Self::GivenUp => StatusCode::REQUEST_TIMEOUT,
            Self::Webhook(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Running | Self::Done => StatusCode::CONFLICT,
        }
    }

    /// The name that ends the problem's `type`, and its title.
    pub fn name_and_title(self) -> (&'static str, &'static str) {
        match self {
            Self::Unknown => ("batch-not-found", "没有这个批次"),
            Self::MediaType => ("unsupported-media-type", "不支持的内容类型"),
            Self::LineTooLong(_) => ("body-too-long", "提交内容过大"),
            Self::TooManyLines => ("too-many-lines", "批次过大"),
            Self::Empty => ("empty-batch", "批次没有内容"),
            Self::GivenUp => ("body-timeout", "提交内容接收超时"),
            Self::Webhook(_) => ("webhook-refused", "通知地址不可用"),
            Self::Running => ("batch-running", "批次尚未结束"),
            Self::Done => ("batch-done", "批次已完成"),
        }
    }

    /// A sentence for staff.
    pub fn detail(self) -> String {
        match self {
            Self::Unknown => "请核对批次编号。".to_owned(),
            Self::MediaType => {
                "请以UTF-8编码的application/x-ndjson提交，一行一份，且不要压缩。".to_owned()
            }
            Self::LineTooLong(line) => format!("第{line}行超过8 MiB，批次未受理。"),
            Self::TooManyLines => format!("一批不得超过{LINES}行，请分批提交。"),
            Self::Empty => "请提交至少一份公文，一行一份。".to_owned(),
            Self::GivenUp => "未能在规定时间内收到全部提交内容，请重新提交。".to_owned(),
            Self::Webhook(error) => match error {
                AddressError::NotSetUp => {
                    "服务器未设置通知密钥（--webhook-secret），不能发送通知。"
                }
                AddressError::NoAddress => "Hongtou-Webhook应为完整的https://地址。",
                AddressError::NotHttps => "通知地址应使用https。",
                AddressError::Unknown => "无法解析通知地址的主机名。",
                AddressError::Private => {
                    "通知地址不得指向内部网络；确有需要的，由管理员以--webhook-allow列明主机。"
                }
            }
            .to_owned(),
            Self::Running => "请待批次完成或取消后再下载。".to_owned(),
            Self::Done => "批次已全部处理完毕，无可取消。".to_owned(),
        }
    }
}
