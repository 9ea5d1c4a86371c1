//! Answers that several routes may give, as their contracts name them.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Ref, RefOr};

type Answers = BTreeMap<String, RefOr<Response>>;

/// The client has what it asks for, or wanted another one.
pub struct Conditional;

impl IntoResponses for Conditional {
    fn responses() -> Answers {
        let same = ResponseBuilder::new().description("与客户端已有的相同").build();
        let mut answers = Replaced::responses();
        answers.insert("304".to_owned(), same.into());
        answers
    }
}

/// Types of answers that are one problem each.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident $status:literal $description:literal;)+) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> Answers {
                [problem($status, $description)].into()
            }
        }
    )+};
}

problems! {
    /// No part of the file lies where the client wants one.
    OutOfRange "416" "范围超出文件长度";
    /// The archive holds another one than the client says to replace.
    Replaced "412" "If-Match不符";
    /// No filing that the caller may see.
    NoFiling "404" "没有这件公文，或无权查看";
    /// No such filing, or none of it was signed.
    NoSignedCopy "404" "没有这件公文或其签署件，或无权查看";
    /// No batch of the caller's.
    NoBatch "404" "没有这个批次";
    /// A filing of issuers that the caller may not file for.
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
