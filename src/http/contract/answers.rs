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
        [("304".to_owned(), same.into()), problem("412", "If-Match不符")].into()
    }
}

/// No part of the file lies where the client wants one.
pub struct OutOfRange;

impl IntoResponses for OutOfRange {
    fn responses() -> Answers {
        [problem("416", "范围超出文件长度")].into()
    }
}

/// The archive holds another one than the client says to replace.
pub struct Replaced;

impl IntoResponses for Replaced {
    fn responses() -> Answers {
        [problem("412", "If-Match不符")].into()
    }
}

/// No filing that the caller may see.
pub struct NoFiling;

impl IntoResponses for NoFiling {
    fn responses() -> Answers {
        [problem("404", "没有这件公文，或无权查看")].into()
    }
}

/// No such filing, or none of it was signed.
pub struct NoSignedCopy;

impl IntoResponses for NoSignedCopy {
    fn responses() -> Answers {
        [problem("404", "没有这件公文或其签署件，或无权查看")].into()
    }
}

/// No batch of the caller's.
pub struct NoBatch;

impl IntoResponses for NoBatch {
    fn responses() -> Answers {
        [problem("404", "没有这个批次")].into()
    }
}

/// A filing of issuers that the caller may not file for.
pub struct NotYours;

impl IntoResponses for NotYours {
    fn responses() -> Answers {
        [problem("403", "发文字号属于其他机关")].into()
    }
}

fn problem(status: &str, description: &str) -> (String, RefOr<Response>) {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content);
    (status.to_owned(), response.build().into())
}
