//! `POST /v1/filings`: generates and stores a filing, and responds with its PDF or its record.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::IgnoredAny;

use crate::archive::access::caller::{Caller, Identity};
use crate::archive::drafts::file::FromDraft;
use crate::archive::filings::records::FilingRecord;
use crate::archive::filings::store::Stored;
use crate::archive::id::Id;
use crate::generate::cache::Generator;
use crate::generate::store::{store, store_draft};
use crate::generate::typesetters::AgencyTypesetter;
use crate::generate::{Generated, accept};
use crate::http::access::caller::{NamedCaller, RequestOrigin};
use crate::http::app::App;
use crate::http::contract::responses::{NoDraft, NotYours};
use crate::http::filings::disposition::attachment;
use crate::http::filings::record::Record;
use crate::http::problem::Problem;
use crate::http::problem::draft::DraftProblem;
use crate::http::problem::filing::FilingProblem;
use crate::http::request::bodies::HashedBody;
use crate::http::request::conditions::etag;
use crate::http::request::extract::JsonBody;
use crate::http::request::idempotency::{IdempotencyKey, Once, fingerprint, run_once};
use crate::http::request::negotiation::Representation;

/// The number of warnings of a filing.
pub const HONGTOU_WARNINGS: HeaderName = HeaderName::from_static("hongtou-warnings");

/// The draft that a filing is made from.
pub const HONGTOU_DRAFT: HeaderName = HeaderName::from_static("hongtou-draft");

/// Who makes a filing, and from which draft.
struct Request {
    author: Identity,
    draft: Option<Id>,
    origin: RequestOrigin,
}

/// The metadata of a PDF for the headers of its response.
struct PdfHeaders<'a> {
    id: &'a str,
    document_number: &'a str,
    year: i64,
    serial: i64,
    sha256: &'a str,
    n_warnings: usize,
}

/// Generates and stores a filing, or finds it stored.
///
/// # Errors
/// Returns `Problem::Unreadable` or `Problem::Refused` if the body is not a valid filing,
/// `FilingProblem::NotYours` if the 发文字号 belongs to another agency, `FilingProblem::NumberSigned`
/// if it has a signed copy, a `DraftProblem` if an approved draft is missing or the draft cannot become
/// this filing, `Problem::Busy` if no permit is available in time, and `FilingProblem::Archive` if the
/// archive fails.
#[utoipa::path(
    post,
    path = "/v1/filings",
    operation_id = "postFiling",
    tag = "公文",
    summary = "生成公文并保存",
    description = "由提交的内容生成公文并保存，按Accept回复PDF（默认）或其记录（application/json）。\
                   同一内容再次提交，得到同一公文；同一发文字号提交其他内容，保存为新的修订，\
                   签署件归档后则予拒绝。",
    params((
        "Idempotency-Key" = Option<String>, Header,
        description = "防止重复提交的键，1至255个字符，保留48小时；同一键再次提交同一内容，得到同一结果",
        pattern = r#"^([A-Za-z0-9!#$%&'*+.^_`|~:/=-]{1,255}|"([ !#-\[\]-~]|\\["\\]){1,255}"(;.*)?)$"#,
        example = "8e03978e-40d5-43e8-bc93-6894a57f9324"
    ), (
        "Hongtou-Draft" = Option<String>, Header,
        description = "由此草稿生成，写草稿的编号；草稿随即记为已生成，其字号随即使用。启用审签时须有此项，有direct角色的除外"
    )),
    request_body(content = ref("#/components/schemas/Submission"), content_type = "application/json"),
    responses(
        (
            status = 201,
            description = "公文的PDF，或其记录；地址见Location",
            content(
                (Vec<u8> = "application/pdf"),
                (ref("#/components/schemas/Record") = "application/json")
            )
        ),
        (
            status = 406,
            description = "Accept既不含application/pdf也不含application/json",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        NotYours,
        NoDraft,
        (
            status = 409,
            description = "该发文字号的签署件已经归档，或已由草稿取用；草稿尚未签发，内容与签发的不一致，或已生成其他公文；或同一请求正在处理",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "内容不符合规定，逐项列出；或Idempotency-Key已用于其他请求",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    NamedCaller(author): NamedCaller,
    representation: Representation,
    key: IdempotencyKey,
    origin: RequestOrigin,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let caller = author.caller.clone();
    let draft = draft_of(&headers)?;
    if draft.is_none() && app.access.requires_approval_of(&caller) {
        return Err(DraftProblem::ApprovalRequired.into());
    }
    let body = body.hash().await?;
    let request = match &draft {
        Some(draft) => format!("POST /v1/filings {draft}"),
        None => "POST /v1/filings".to_owned(),
    };
    let fingerprint = fingerprint(&request, body.sha256());
    let work = generate_and_store(Arc::clone(&app), Request { author, draft, origin }, body);
    let once = run_once(&app, &caller.id, key, &fingerprint, |_| work).await?;
    let mut response = match (representation, once) {
        (Representation::Pdf, Once::Now((generated, stored))) => {
            new_pdf(&app, &generated, &stored).await?
        }
        (Representation::Pdf, Once::Before(id)) => {
            earlier_pdf(&app, &find_filing(&app, &caller, &id).await?).await?
        }
        (Representation::Record, Once::Now((_, Stored { id, .. })) | Once::Before(id)) => {
            record(&find_filing(&app, &caller, &id).await?)?
        }
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

/// The draft that a request names.
///
/// # Errors
/// Returns `DraftProblem::Unknown` if the header is not the id of one draft.
fn draft_of(headers: &HeaderMap) -> Result<Option<Id>, Problem> {
    let mut values = headers.get_all(HONGTOU_DRAFT).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return match headers.contains_key(HONGTOU_DRAFT) {
            true => Err(DraftProblem::Unknown.into()),
            false => Ok(None),
        };
    };
    let id = value.to_str().ok().and_then(Id::parse).ok_or(DraftProblem::Unknown)?;
    Ok(Some(id))
}

/// Generates a filing and stores it. No rendering permit is held while the archive is awaited.
async fn generate_and_store(
    app: Arc<App>,
    Request { author, draft, origin }: Request,
    body: HashedBody,
) -> Result<(String, (Arc<Generated>, Stored)), Problem> {
    let caller = &author.caller;
    let requires_approval = app.access.requires_approval_of(caller);
    if let Some(id) = &draft {
        // Before anything is rendered; the transaction checks it again.
        let draft = app.archive.draft(caller, id).await?.ok_or(DraftProblem::Unknown)?;
        if draft.filing_id.is_none() && !draft.position().may_be_filed(requires_approval) {
            return Err(DraftProblem::NotApproved.into());
        }
    }
    let typesetters = app.generator.typesetters();
    let (typesetter, body) =
        typesetters.of_body(&app.archive, caller.agency.as_deref(), body).await?;
    let archive = typesetter.archive(&app.archive);
    // A cached filing need not wait for a rendering permit.
    let generated = match app.generator.cached(&typesetter, body.sha256()) {
        Some(generated) if caller.may_file_for(&generated.document.issuers) => generated,
        // A caller of another agency waits as long as without the cache: a faster refusal would tell
        // that somebody has posted this body.
        Some(_) | None => {
            let (generator, caller) = (app.generator.clone(), caller.clone());
            let id = caller.id.clone();
            let work = move || generate(&generator, &typesetter, &caller, &body);
            app.renders.run(&id, work).await??
        }
    };
    let actor = origin.actor(&caller.id);
    let stored = match &draft {
        Some(id) => {
            let draft = FromDraft { id, author: &author, requires_approval };
            store_draft(&generated, &archive, actor, draft).await?
        }
        None => store(&generated, &archive, caller.agency.as_deref(), actor).await?,
    };
    Ok((stored.id.clone(), (generated, stored)))
}

/// Validates a body once, authorizes the caller, and only then typesets.
fn generate(
    generator: &Generator,
    typesetter: &AgencyTypesetter,
    caller: &Caller,
    body: &HashedBody,
) -> Result<Arc<Generated>, Problem> {
    let accepted = accept(body, typesetter.typesetter().coverage())?;
    if !caller.may_file_for(&accepted.filing.document().issuers) {
        return Err(FilingProblem::NotYours.into());
    }
    generator.render(typesetter, body.sha256(), accepted).map_err(Problem::Render)
}

async fn find_filing(app: &App, caller: &Caller, id: &str) -> Result<FilingRecord, Problem> {
    let id = Id::parse(id).ok_or(Problem::NotFound)?;
    app.archive.filing(caller, &id).await?.ok_or(Problem::NotFound)
}

async fn new_pdf(app: &App, generated: &Generated, stored: &Stored) -> Result<Response, Problem> {
    // An earlier version of the program may have printed the same content.
    let bytes = if stored.pdf_sha256 == generated.pdf_sha256 {
        generated.pdf.clone()
    } else {
        app.archive.objects.get(&stored.pdf_sha256).await?
    };
    let number = &generated.document.document_number;
    let headers = PdfHeaders {
        id: &stored.id,
        document_number: &number.to_string(),
        year: i64::from(number.year()),
        serial: i64::from(number.serial()),
        sha256: &stored.pdf_sha256,
        n_warnings: generated.warnings.len(),
    };
    Ok(pdf(&headers, bytes))
}

async fn earlier_pdf(app: &App, filed: &FilingRecord) -> Result<Response, Problem> {
    let bytes = app.archive.objects.get(&filed.pdf.sha256).await?;
    let headers = PdfHeaders {
        id: &filed.id,
        document_number: &filed.document_number,
        year: filed.year,
        serial: filed.serial,
        sha256: &filed.pdf.sha256,
        n_warnings: n_warnings(filed),
    };
    Ok(pdf(&headers, bytes))
}

fn pdf(about: &PdfHeaders<'_>, bytes: Bytes) -> Response {
    let &PdfHeaders { id, document_number, year, serial, sha256, n_warnings } = about;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::LOCATION, format!("/v1/filings/{id}")),
        (header::ETAG, etag(sha256)),
        (header::CONTENT_DISPOSITION, attachment(document_number, year, serial, ".pdf")),
        (HONGTOU_WARNINGS, n_warnings.to_string()),
    ];
    (StatusCode::CREATED, headers, bytes).into_response()
}

// Without `ETag`, which would have to name these bytes; the SHA-256 is that of the PDF.
fn record(filed: &FilingRecord) -> Result<Response, Problem> {
    let location = format!("/v1/filings/{}", filed.id);
    let mut response = Record::of(filed)?.created(StatusCode::CREATED, location);
    response.headers_mut().insert(HONGTOU_WARNINGS, HeaderValue::from(n_warnings(filed)));
    Ok(response)
}

fn n_warnings(filed: &FilingRecord) -> usize {
    serde_json::from_str::<Vec<IgnoredAny>>(&filed.warnings).unwrap_or_default().len()
}
