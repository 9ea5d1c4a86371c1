//! `POST /v1/filings/{id}/signing`: prepares a filing for a signature.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::archive::access::caller::Caller;
use crate::archive::filings::records::FilingRecord;
use crate::archive::id::Id;
use crate::document::moment::Moment;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::contract::responses::{Destroyed, NoFiling, NotYours};
use crate::http::filings::read::{check_exists, find_filing};
use crate::http::filings::signed_copy::check_number;
use crate::http::filings::signing::bodies::{
    DocumentDigest, NewSigning, Signing, ToBeSigned, decoded_all, encoded, refused,
};
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;
use crate::http::problem::signing::SigningProblem;
use crate::http::request::extract::{FilingId, JsonBody};
use crate::signature::signing::preparation::{Encoding, Preparation};
use crate::signature::signing::prepared::PreparedPdf;
use crate::signature::signing::request::SigningRequest;

/// How long a prepared signing may be completed.
const LIFETIME_MS: i64 = 24 * 60 * 60 * 1000;

/// How far the clocks of servers that share an archive may differ.
const CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;

/// Prepares a filing for a signature. Nothing is stored: the id says how the file was prepared, and the
/// same preparation gives the same bytes.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing, `FilingProblem::NotYours` if
/// another agency leads it, `FilingProblem::OtherSigned` if its signed copy is archived, a
/// `SigningProblem` if the body is invalid, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    post,
    path = "/v1/filings/{id}/signing",
    operation_id = "postSigning",
    tag = "公文",
    summary = "备签",
    description = "在公文的PDF之后追加一个不显示的签名域，并给出待签的杂凑值；原件一字节不动。由签名系统签署后，以PUT提交签名。服务不保存私钥，也不接受私钥。备签不保存任何内容，24小时内有效。",
    params(FilingId),
    request_body(content = ref("#/components/schemas/NewSigning"), content_type = "application/json"),
    responses(
        (
            status = 201,
            description = "已备签；Location为提交签名的地址",
            body = ref("#/components/schemas/Signing"),
            content_type = "application/json"
        ),
        NotYours,
        NoFiling,
        Destroyed,
        (
            status = 409,
            description = "该发文字号已归档签署件",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "提交内容不正确，或证书不能使用",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    body: JsonBody,
) -> Result<Response, Problem> {
    let filing = find_own(&app, &caller, &id).await?;
    check_number(&app, &filing).await?;
    let NewSigning { container, contents_max, certificates } = body.parse()?;
    let encoding = Encoding::from(container);
    let certificates = certificates.as_deref().map(decoded_all).transpose()?;
    if certificates.is_some() && encoding == Encoding::Seal {
        return Err(refused("电子签章自带证书，certificates只用于cms。"));
    }
    let space = match contents_max {
        Some(space) => usize::try_from(space).unwrap_or(usize::MAX),
        None => encoding.usual_space(),
    };
    let preparation = Preparation::new(encoding, space, app.archive.now())
        .ok_or_else(|| refused("contents_max应为4096至262144。"))?;
    let original = app.archive.objects.get(&filing.pdf.sha256).await?;
    let work = move || {
        let prepared = PreparedPdf::new(&original, preparation)?;
        let request =
            certificates.map(|chain| SigningRequest::new(&prepared, chain)).transpose()?;
        Ok::<_, Problem>(signing(preparation, &prepared, request.as_ref()))
    };
    let signing = app.verdicts.run(&caller.id, work).await??;
    let location = format!("/v1/filings/{id}/signing/{preparation}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(signing)).into_response())
}

/// Finds a filing that the caller may sign.
pub(super) async fn find_own(app: &App, caller: &Caller, id: &Id) -> Result<FilingRecord, Problem> {
    let filing = find_filing(app, caller, id).await?;
    if !caller.may_file_for(&filing.issuers) {
        return Err(FilingProblem::NotYours.into());
    }
    check_exists(&filing)?;
    Ok(filing)
}

/// Refuses a preparation that is too old, or that was made up for a later time.
pub(super) fn check_time(preparation: Preparation, Moment(now): Moment) -> Result<(), Problem> {
    let Moment(signed_at) = preparation.signed_at();
    if signed_at > now + CLOCK_SKEW_MS {
        return Err(Problem::NotFound);
    }
    if signed_at + LIFETIME_MS < now {
        return Err(SigningProblem::Expired.into());
    }
    Ok(())
}

/// Prepares the PDF of a filing, off the async threads.
pub(super) async fn prepared(
    app: &App,
    caller: &Caller,
    filing: &FilingRecord,
    preparation: Preparation,
) -> Result<PreparedPdf, Problem> {
    let original = app.archive.objects.get(&filing.pdf.sha256).await?;
    let work = move || PreparedPdf::new(&original, preparation);
    Ok(app.verdicts.run(&caller.id, work).await??)
}

/// Describes a prepared PDF, whose digests it computes.
fn signing(
    preparation: Preparation,
    prepared: &PreparedPdf,
    request: Option<&SigningRequest>,
) -> Signing {
    let digest = |algorithm, hash_algorithm_oid, digest: Vec<u8>| DocumentDigest {
        algorithm,
        hash_algorithm_oid,
        digest: encoded(&digest),
    };
    let Moment(signed_at) = preparation.signed_at();
    Signing {
        id: preparation.to_string(),
        container: preparation.encoding().into(),
        document_digests: vec![
            digest("SHA-256", "2.16.840.1.101.3.4.2.1", prepared.sha256()),
            digest("SM3", "1.2.156.10197.1.401", prepared.sm3()),
        ],
        to_be_signed: request.map(|request| ToBeSigned {
            data: encoded(request.data_to_be_signed()),
            hash: request.hash().as_deref().map(encoded),
            hash_algorithm_oid: request.hash_algorithm(),
            sign_algorithm_oid: request.signature_algorithm(),
        }),
        byte_range: prepared.byte_range(),
        contents_max: preparation.space(),
        expires_at: Moment(signed_at + LIFETIME_MS),
    }
}
