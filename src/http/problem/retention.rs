//! Problems of retention, holds and disposals.

use axum::http::StatusCode;

use crate::http::problem::row::Row;

/// Why an act on the retention of filings is refused.
#[derive(Debug)]
pub enum RetentionProblem {
    /// The act is refused; the sentence explains why.
    Refused(String),
    /// The files of the filing are destroyed.
    Destroyed,
    /// The 发文字号 is that of a filing whose files are destroyed.
    NumberDestroyed,
}

impl RetentionProblem {
    /// One of each kind, for the contract.
    pub(crate) fn one_of_each() -> [Self; 3] {
        [Self::Refused(String::new()), Self::Destroyed, Self::NumberDestroyed]
    }

    /// The content of the response.
    pub(crate) fn row(&self) -> Row {
        match self {
            Self::Refused(sentence) => Row::new(
                StatusCode::CONFLICT,
                "retention-refused",
                "不符合保管和销毁的规定",
                sentence.clone(),
            ),
            Self::Destroyed => Row::new(
                StatusCode::GONE,
                "filing-destroyed",
                "公文已经销毁",
                "公文的文件已按规定销毁，只留记录。",
            ),
            Self::NumberDestroyed => Row::new(
                StatusCode::CONFLICT,
                "number-destroyed",
                "该发文字号的公文已经销毁",
                "该发文字号的公文已按规定销毁，不能再以此字号提交。",
            ),
        }
    }
}
