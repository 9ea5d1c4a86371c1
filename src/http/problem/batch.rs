//! Problems of batches.

use axum::http::StatusCode;

use crate::generate::BODY_LIMIT;
use crate::http::problem::row::Row;
use crate::jobs::lines::MAX_LINES;
use crate::jobs::webhook::address::AddressError;

/// Why a request about a batch fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchProblem {
    /// No batch with this id is visible to the caller.
    Unknown,
    /// The body is not NDJSON.
    MediaType,
    /// This line, counted from 1, is longer than a filing may be.
    LineTooLong(i64),
    /// The batch has more lines than allowed.
    TooManyLines,
    /// The batch has no lines.
    Empty,
    /// The upload stalled and was discarded.
    Stalled,
    /// The webhook address is not allowed.
    Webhook(AddressError),
    /// The batch is not finished, so its files are incomplete.
    Running,
    /// The batch is finished, so nothing is left to cancel.
    Done,
}

impl BatchProblem {
    /// One of each kind, for the contract.
    pub const ONE_OF_EACH: [Self; 9] = [
        Self::Unknown,
        Self::MediaType,
        Self::LineTooLong(1),
        Self::TooManyLines,
        Self::Empty,
        Self::Stalled,
        Self::Webhook(AddressError::Private),
        Self::Running,
        Self::Done,
    ];

    /// The content of the response.
    pub(crate) fn row(self) -> Row {
        match self {
            Self::Unknown => Row::new(
                StatusCode::NOT_FOUND,
                "batch-not-found",
                "没有这个批次",
                "请核对批次编号。",
            ),
            Self::MediaType => Row::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "不支持的内容类型",
                "请以UTF-8编码的application/x-ndjson提交，一行一份，且不要压缩。",
            ),
            Self::LineTooLong(line) => Row::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body-too-long",
                "提交内容过大",
                format!("第{line}行超过{} MiB，批次未受理。", BODY_LIMIT >> 20),
            ),
            Self::TooManyLines => Row::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-many-lines",
                "批次过大",
                format!("一批不得超过{MAX_LINES}行，请分批提交。"),
            ),
            Self::Empty => Row::new(
                StatusCode::BAD_REQUEST,
                "empty-batch",
                "批次没有内容",
                "请提交至少一份公文，一行一份。",
            ),
            Self::Stalled => Row::new(
                StatusCode::REQUEST_TIMEOUT,
                "body-timeout",
                "提交内容接收超时",
                "未能在规定时间内收到全部提交内容，请重新提交。",
            ),
            Self::Webhook(error) => Row::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "webhook-refused",
                "通知地址不可用",
                webhook_detail(error),
            ),
            Self::Running => Row::new(
                StatusCode::CONFLICT,
                "batch-running",
                "批次尚未结束",
                "请待批次完成或取消后再下载。",
            ),
            Self::Done => Row::new(
                StatusCode::CONFLICT,
                "batch-done",
                "批次已完成",
                "批次已全部处理完毕，无可取消。",
            ),
        }
    }
}

fn webhook_detail(error: AddressError) -> &'static str {
    match error {
        AddressError::NotSetUp => "服务器未设置通知密钥（--webhook-secret），不能发送通知。",
        AddressError::Invalid => "Hongtou-Webhook应为完整的https://地址。",
        AddressError::NotHttps => "通知地址应使用https。",
        AddressError::UnknownHost => "无法解析通知地址的主机名。",
        AddressError::Private => {
            "通知地址不得指向内部网络；确有需要的，由管理员以--webhook-allow列明主机。"
        }
    }
}
