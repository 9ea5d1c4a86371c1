//! Validates the signatures of a submitted PDF and reports its changes.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, ObjectId};
use sha2::{Digest, Sha256};

use crate::changes::change::Change;
use crate::changes::compare::compare;
use crate::changes::comparison::Difference;
use crate::changes::derivation::Derivation;
use crate::changes::page_text::{has_seal_picture, is_visible, n_pages};
use crate::cms::container::Format;
use crate::cms::validation::validate_signature;
use crate::file::PdfFile;
use crate::file::embedded_signature::EmbeddedSignature;
use crate::file::fields::{
    Field, SignatureLocation, pages_of_annotations, signature_fields, unreachable_signatures,
};
use crate::file::pdf_defect::PdfDefect;
use crate::file::unreadable_pdf::UnreadablePdf;
use crate::file::validation_data::validation_data;
use crate::verdict::finding::Finding;
use crate::verdict::indication::{Indication, Reason, Scheme, SubIndication, ValidationResult};
use crate::verdict::report::{Coverage, Report, RevisionReport, SignatureReport, TrustInUse};
use crate::x509::trust::Trust;
use hongtou_rules::document::moment::Moment;

/// A file with more signatures is rejected.
const MAX_SIGNATURES: usize = 200;

/// The SHA-256 of a file at each of its revisions, to find the original in the archive.
///
/// # Errors
/// Fails if the file is rejected as unreadable.
pub fn revision_sha256s(bytes: &[u8]) -> Result<Vec<String>, UnreadablePdf> {
    Ok(PdfFile::open(bytes)?.revision_sha256s())
}

/// Validates a file at a validation time, and compares it with the original if that is known.
///
/// # Errors
/// Fails if the file is rejected as unreadable, also when the PDF reader panics.
pub fn verify(
    bytes: &[u8],
    original: Option<&[u8]>,
    trust: &Trust,
    validation_time: Moment,
) -> Result<Report, UnreadablePdf> {
    let verified =
        catch_unwind(AssertUnwindSafe(|| report(bytes, original, trust, validation_time)));
    verified.unwrap_or(Err(UnreadablePdf::Broken))
}

fn report(
    bytes: &[u8],
    original: Option<&[u8]>,
    trust: &Trust,
    validation_time: Moment,
) -> Result<Report, UnreadablePdf> {
    let file = PdfFile::open(bytes)?;
    let (newest, differences) = compare_revisions(&file)?;
    let changes: Vec<Change> = differences.iter().flat_map(|it| it.changes.clone()).collect();
    let derivation = original
        .map(|original| Derivation::of(&file, &newest, &differences, original))
        .transpose()?;
    let signatures = signatures(&file, &newest, &changes, trust, validation_time)?;
    let is_signed = signatures.iter().any(|signature| !signature.is_blank);
    let derivation = match is_signed {
        true => derivation,
        false => derivation.map(Derivation::with_blank_signatures),
    };
    Ok(Report {
        sha256: hex::encode(Sha256::digest(bytes)),
        bytes: bytes.len(),
        pages: n_pages(&newest),
        validation_time,
        program_version: env!("CARGO_PKG_VERSION"),
        trust: TrustInUse::of(trust),
        passed: Report::passes(&signatures, derivation.as_ref()),
        // With a signature, the pages need not be searched.
        has_seal_picture: !is_signed && original.is_some() && has_seal_picture(&newest),
        revisions: revisions(&file, differences),
        derivation,
        signatures,
    })
}

/// The newest document, and the difference of each revision to the previous one.
fn compare_revisions(file: &PdfFile<'_>) -> Result<(Document, Vec<Difference>), UnreadablePdf> {
    let mut differences = vec![Difference::default()];
    let mut newest = file.document(0)?;
    file.check_hybrids(0, &newest)?;
    for revision in 1..file.revisions.len() {
        let next = file.document(revision)?;
        file.check_hybrids(revision, &next)?;
        differences.push(compare(file, revision, &newest, &next));
        newest = next;
    }
    if file.has_trailing_bytes() {
        let last = differences.len() - 1;
        differences[last].changes.push(Change::trailing_bytes(last));
    }
    Ok((newest, differences))
}

fn revisions(file: &PdfFile<'_>, differences: Vec<Difference>) -> Vec<RevisionReport> {
    let pairs = file.revisions.iter().zip(differences).enumerate();
    pairs
        .map(|(index, (revision, Difference { additions, changes }))| RevisionReport {
            revision: index + 1,
            end: revision.end,
            additions: additions.into_iter().collect(),
            changes,
        })
        .collect()
}

/// A signature of the file: its field if there is one, and its container or why it has none.
struct FoundSignature<'a> {
    field: Option<Field>,
    embedded: Result<EmbeddedSignature<'a>, PdfDefect>,
}

fn signatures(
    file: &PdfFile<'_>,
    newest: &Document,
    changes: &[Change],
    trust: &Trust,
    validation_time: Moment,
) -> Result<Vec<SignatureReport>, UnreadablePdf> {
    let fields = signature_fields(newest);
    let unreachable = unreachable_signatures(newest, &fields);
    let found: Vec<FoundSignature<'_>> = signatures_of_fields(file, newest, fields)
        .into_iter()
        .chain(
            unreachable
                .into_iter()
                .map(|_| FoundSignature { field: None, embedded: Err(PdfDefect::Unreachable) }),
        )
        .take(MAX_SIGNATURES + 1)
        .collect();
    if found.len() > MAX_SIGNATURES {
        return Err(UnreadablePdf::TooComplex);
    }
    let results = validate_all(&found, newest, trust, validation_time);
    let pages = page_numbers_of_annotations(newest);
    let reports = found.into_iter().zip(results);
    Ok(reports
        .map(|(found, result)| {
            let widgets =
                found.field.as_ref().map(|field| field.widgets.clone()).unwrap_or_default();
            SignatureReport {
                page: widgets.iter().find_map(|id| pages.get(id).copied()),
                visible: is_visible(newest, &widgets),
                ..found.report(file, changes, result)
            }
        })
        .collect())
}

/// The result for each signature; `None` if it has no container.
fn validate_all(
    found: &[FoundSignature<'_>],
    newest: &Document,
    trust: &Trust,
    validation_time: Moment,
) -> Vec<Option<ValidationResult>> {
    let validation_data = validation_data(newest);
    let mut results: Vec<Option<ValidationResult>> = found.iter().map(|_| None).collect();
    // The times of valid document time stamps, by the end of the bytes that they cover.
    let mut proofs_of_existence = BTreeMap::new();
    // Document time stamps first, newest first: each proves the existence of the bytes before it.
    let mut order: Vec<(usize, &EmbeddedSignature<'_>)> = found
        .iter()
        .enumerate()
        .filter_map(|(index, one)| Some((index, one.embedded.as_ref().ok()?)))
        .collect();
    order.sort_by_key(|(_, one)| (one.format != Format::Rfc3161, usize::MAX - one.end));
    for (index, one) in order {
        let proof_of_existence = proofs_of_existence.range(one.end + 1..).map(|(_, at)| *at).min();
        let result = validate_signature(
            &one.container(),
            &validation_data,
            proof_of_existence,
            trust,
            validation_time,
        );
        let is_proof =
            one.format == Format::Rfc3161 && result.indication == Indication::TotalPassed;
        if let (true, Some(timestamp)) = (is_proof, &result.timestamp) {
            proofs_of_existence.insert(one.end, timestamp.at);
        }
        results[index] = Some(result);
    }
    results
}

/// The page of each annotation, from 1.
fn page_numbers_of_annotations(document: &Document) -> BTreeMap<ObjectId, usize> {
    let pages = document.page_iter().enumerate();
    let numbers: BTreeMap<ObjectId, usize> = pages.map(|(index, id)| (id, index + 1)).collect();
    let annotations = pages_of_annotations(document).into_iter();
    annotations.filter_map(|(id, page)| Some((id, *numbers.get(&page)?))).collect()
}

/// The signatures of the signed fields. Several fields may show one signature, as a 骑缝章 that spans
/// pages does. A later revision cannot add such a field: `changes/` finds that its value is not new.
fn signatures_of_fields<'f>(
    file: &'f PdfFile<'_>,
    newest: &Document,
    fields: Vec<Field>,
) -> Vec<FoundSignature<'f>> {
    let mut signed: Vec<(SignatureLocation, Field)> = Vec::new();
    let mut seen: BTreeMap<SignatureLocation, usize> = BTreeMap::new();
    for field in fields {
        let Some(location) = field.value else { continue };
        if let Some(index) = seen.get(&location) {
            let first = &mut signed[*index].1;
            first.name = format!("{}、{}", first.name, field.name);
            first.widgets.extend(field.widgets);
        } else {
            seen.insert(location, signed.len());
            signed.push((location, field));
        }
    }
    let found = signed.into_iter().map(|(location, field)| {
        let embedded = file.embedded_signature(newest, location);
        FoundSignature { field: Some(field), embedded }
    });
    found.collect()
}

impl FoundSignature<'_> {
    fn report(
        self,
        file: &PdfFile<'_>,
        changes: &[Change],
        result: Option<ValidationResult>,
    ) -> SignatureReport {
        let revision = self.embedded.as_ref().map(|one| one.revision + 1).ok();
        let is_blank = self.embedded.as_ref().is_ok_and(EmbeddedSignature::is_blank);
        let later_changes: Vec<Change> = changes
            .iter()
            .filter(|change| {
                revision.is_some_and(|revision| change.revision > revision)
                    || change.is_trailing_bytes()
            })
            .cloned()
            .collect();
        let defect = match self.embedded {
            Err(defect) => Some(defect),
            Ok(_) if !later_changes.is_empty() => Some(PdfDefect::ChangedAfterwards),
            Ok(_) => None,
        };
        let coverage = match &self.embedded {
            Err(_) => Coverage::Unclear,
            Ok(one) if one.revision + 1 == file.revisions.len() && !file.has_trailing_bytes() => {
                Coverage::File
            }
            Ok(_) => Coverage::Revision,
        };
        let mut validation = with_defect(result, defect);
        if file.is_encrypted() {
            validation.reasons.push(Finding::EncryptedFile.reason());
        }
        SignatureReport {
            field: self.field.map(|field| field.name),
            revision,
            coverage,
            page: None,
            visible: false,
            is_blank,
            later_changes,
            validation,
        }
    }
}

/// Adds a defect to a result, which fails then. The defect comes first: with it, the file does not
/// show what the signature covers.
fn with_defect(result: Option<ValidationResult>, defect: Option<PdfDefect>) -> ValidationResult {
    let result = result.unwrap_or_else(|| ValidationResult {
        indication: Indication::TotalFailed,
        sub_indication: None,
        scheme: Scheme::Unknown,
        algorithm: None,
        signer: None,
        claimed_at: None,
        timestamp: None,
        reasons: Vec::new(),
    });
    let Some(defect) = defect else { return result };
    let reason = Reason { code: defect.code().to_owned(), detail: defect.to_string() };
    let mut reasons = vec![reason];
    reasons.extend(result.reasons);
    let sub_indication = match result.indication {
        // The signature itself fails, so its sub-indication is kept.
        Indication::TotalFailed if result.sub_indication.is_some() => result.sub_indication,
        _ => Some(SubIndication::FormatFailure),
    };
    ValidationResult { indication: Indication::TotalFailed, sub_indication, reasons, ..result }
}
