//! Responses that several routes share, for the contract.

use std::collections::BTreeMap;

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{IntoResponses, PartialSchema};

type Responses = BTreeMap<String, RefOr<Response>>;

/// The results of `If-Match` and `If-None-Match`.
pub struct Conditional;

impl IntoResponses for Conditional {
    fn responses() -> Responses {
        let same = ResponseBuilder::new().description("与客户端已有的相同").build();
        let mut responses = Replaced::responses();
        responses.insert("304".to_owned(), same.into());
        responses
    }
}

/// A PDF, whole or in part.
pub struct PdfFile;

impl IntoResponses for PdfFile {
    fn responses() -> Responses {
        // The contract replaces the schemas of binary types.
        file("application/pdf", String::schema(), String::schema())
    }
}

/// The source of a filing, whole or in part.
pub struct SourceFile;

impl IntoResponses for SourceFile {
    fn responses() -> Responses {
        let submission = RefOr::Ref(Ref::from_schema_name("Submission"));
        file("application/json", submission, String::schema())
    }
}

/// The ZIP of a batch, whole or in part.
pub struct ZipFile;

impl IntoResponses for ZipFile {
    fn responses() -> Responses {
        file("application/zip", String::schema(), String::schema())
    }
}

fn file(media_type: &str, whole: RefOr<Schema>, part: RefOr<Schema>) -> Responses {
    let response = |description: &str, schema| {
        let content = ContentBuilder::new().schema(Some(schema)).build();
        ResponseBuilder::new().description(description).content(media_type, content).build().into()
    };
    [
        ("200".to_owned(), response("文件；ETag由其内容得出", whole)),
        ("206".to_owned(), response("文件的一部分", part)),
    ]
    .into()
}

/// Defines types of responses that are one problem each.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident $status:literal $description:literal;)+) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> Responses {
                [problem($status, $description)].into()
            }
        }
    )+};
}

problems! {
    /// `Range` is beyond the end of the file.
    OutOfRange "416" "范围超出文件长度";
    /// `If-Match` does not match.
    Replaced "412" "If-Match不符";
    /// The caller may see no such filing.
    NoFiling "404" "没有这件公文，或无权查看";
    /// The caller may see no such filing, or it has no signed copy.
    NoSignedCopy "404" "没有这件公文或其签署件，或无权查看";
    /// The caller may see no such filing, or it has no such file or no receipt.
    NoReceipt "404" "没有这件公文或其回执，或无权查看";
    /// The log has no such file.
    NoLogFile "404" "存证日志没有这个文件";
    /// The caller may see no such batch.
    NoBatch "404" "没有这个批次";
    /// The caller may see no such draft.
    NoDraft "404" "没有这份草稿，或无权查看";
    /// The draft cannot change now.
    DraftFixed "409" "草稿正在审签，或已生成公文";
    /// The files of the filing are destroyed.
    Destroyed "410" "公文已经销毁";
    /// The rules of disposals refuse the act.
    DisposalRefused "409" "不符合保管和销毁的规定，或须由他人办理";
    /// The caller may not file for the lead agency.
    NotYours "403" "发文字号属于其他机关";
}

fn problem(status: &str, description: &str) -> (String, RefOr<Response>) {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content);
    (status.to_owned(), response.build().into())
}
