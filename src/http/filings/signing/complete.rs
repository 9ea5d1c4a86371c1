//! `PUT /v1/filings/{id}/signing/{sid}`: inserts a signature and archives the signed copy.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;

use crate::archive::access::caller::Caller;
use crate::archive::objects::Object;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{NoFiling, NotYours};
use crate::http::filings::signed_copy::{archive_copy, check_number};
use crate::http::filings::signing::bodies::{NewSignature, decoded, decoded_all, refused};
use crate::http::filings::signing::prepare::{check_time, find_own, prepared};
use crate::http::problem::Problem;
use crate::http::problem::signing::SigningProblem;
use crate::http::request::extract::{JsonBody, SigningId};
use crate::signature::signing::check::check;
use crate::signature::signing::preparation::Encoding;
use crate::signature::signing::prepared::PreparedPdf;
use crate::signature::signing::request::SigningRequest;

/// Inserts a signature into the prepared filing and archives the result as its signed copy.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing or signing,
/// `FilingProblem::NotYours` if another agency leads it, and a `SigningProblem` if the signing has
/// expired, the body is invalid, or the signature is not one of the prepared file. Also fails as
/// `archive_copy`.
#[utoipa::path(
    put,
    path = "/v1/filings/{id}/signing/{sid}",
    operation_id = "putSignature",
    tag = "公文",
    summary = "提交签名，归档签署件",
    description = "提交签名系统对备签文件的签名：签名值及证书、CMS或GB/T 38540电子签章。验证签名确为对该文件所签后，写入签名，得到签署件，与直接归档签署件一样核验并保存。证书是否可信见核验结论，不影响归档。",
    params(SigningId),
    request_body(
        content = ref("#/components/schemas/NewSignature"),
        content_type = "application/json"
    ),
    responses(
        (
            status = 200,
            description = "同一签署件已经归档",
            body = ref("#/components/schemas/Record"),
            content_type = "application/json"
        ),
        (
            status = 201,
            description = "已归档；公文的记录",
            body = ref("#/components/schemas/Record"),
            content_type = "application/json"
        ),
        NotYours,
        NoFiling,
        (
            status = 409,
            description = "该发文字号已归档另一份签署件",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 410,
            description = "备签已过期，或公文已经销毁",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "提交内容不正确，签名过长，或不是对该文件的签名",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn put(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    SigningId { id, preparation }: SigningId,
    origin: RequestOrigin,
    body: JsonBody,
) -> Result<Response, Problem> {
    let filing = find_own(&app, &caller, &id).await?;
    check_time(preparation, app.archive.now())?;
    let signature = Signature::read(body.parse()?, preparation.encoding())?;
    // The same signature may be handed in again.
    if filing.signed.is_none() {
        check_number(&app, &filing).await?;
    }
    let prepared = prepared(&app, &caller, &filing, preparation).await?;
    let file = signed(&app, &caller, prepared, signature).await?;
    let object = Object::of(&file).await;
    archive_copy(&app, &caller, &id, file, object, origin.actor(&caller.id)).await
}

/// What the signing system returned.
enum Signature {
    /// A signature value, and the chain of certificates.
    Value(Vec<u8>, Vec<Vec<u8>>),
    /// A CMS container or a seal.
    Container(Vec<u8>),
}

impl Signature {
    fn read(body: NewSignature, encoding: Encoding) -> Result<Self, Problem> {
        let NewSignature { signature, certificates, cms, ses } = body;
        match (signature, cms, ses, encoding) {
            (Some(value), None, None, Encoding::Cms) => {
                let chain = certificates.ok_or_else(|| refused("缺少签名证书certificates。"))?;
                Ok(Self::Value(decoded("signature", &value)?, decoded_all(&chain)?))
            }
            (None, Some(_), None, Encoding::Cms) | (None, None, Some(_), Encoding::Seal)
                if certificates.is_some() =>
            {
                Err(refused("certificates只用于signature。"))
            }
            (None, Some(cms), None, Encoding::Cms) => Ok(Self::Container(decoded("cms", &cms)?)),
            (None, None, Some(seal), Encoding::Seal) => Ok(Self::Container(decoded("ses", &seal)?)),
            (_, _, _, Encoding::Cms) => Err(refused("signature和cms应给出且只给出一项。")),
            (_, _, _, Encoding::Seal) => Err(refused("应给出且只给出ses。")),
        }
    }
}

/// Checks a signature and inserts it, off the async threads.
async fn signed(
    app: &App,
    caller: &Caller,
    prepared: PreparedPdf,
    signature: Signature,
) -> Result<Bytes, Problem> {
    let now = app.archive.now();
    let work = move || {
        let container = match signature {
            Signature::Value(value, chain) => {
                SigningRequest::new(&prepared, chain)?.container(&value)
            }
            Signature::Container(container) => container,
        };
        check(&prepared, &container, now).map_err(SigningProblem::of_reasons)?;
        Ok::<_, SigningProblem>(prepared.signed(&container)?)
    };
    let file = app.verdicts.run(&caller.id, work).await??;
    Ok(file.into())
}
