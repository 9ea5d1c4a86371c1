//! Validates the signatures of a submitted PDF and reports its changes.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, ObjectId};
use sha2::{Digest, Sha256};

use crate::document::moment::Moment;
use crate::signature::changes::compare::compare;
use crate::signature::changes::comparison::Difference;
use crate::signature::changes::derivation::Derivation;
use crate::signature::changes::page_text::{n_pages, shows};
use crate::signature::changes::what::Change;
use crate::signature::cms::container::{Evidence, Format};
use crate::signature::cms::judge::judge;
use crate::signature::file::File;
use crate::signature::file::cut::Cut;
use crate::signature::file::evidence::evidence;
use crate::signature::file::fault::Fault;
use crate::signature::file::fields::{
    Field, Place, pages_of_annotations, signature_fields, unreachable,
};
use crate::signature::file::unreadable::Unreadable;
use crate::signature::verdict::indication::{Indication, Judgement, Reason, Scheme, SubIndication};
use crate::signature::verdict::report::{
    Coverage, Report, RevisionReport, SignatureReport, TrustInUse,
};
use crate::signature::x509::trust::Trust;

/// The most signatures of one file.
const MOST_SIGNATURES: usize = 200;

/// The SHA-256 of a file at each of its revisions, to find the original in the archive.
///
/// # Errors
/// Fails if the file is rejected as unreadable.
pub fn earlier_sha256(bytes: &[u8]) -> Result<Vec<String>, Unreadable> {
    Ok(File::open(bytes)?.sha256_of_each())
}

/// Validates a file at a moment, and compares it with the original if that is known.
///
/// # Errors
/// Fails if the file is rejected as unreadable, also when the PDF reader panics.
pub fn verify(
    bytes: &[u8],
    original: Option<&[u8]>,
    trust: &Trust,
    at: Moment,
) -> Result<Report, Unreadable> {
    let verified = catch_unwind(AssertUnwindSafe(|| report(bytes, original, trust, at)));
    verified.unwrap_or(Err(Unreadable::Broken))
}

fn report(
    bytes: &[u8],
    original: Option<&[u8]>,
    trust: &Trust,
    at: Moment,
) -> Result<Report, Unreadable> {
    let file = File::open(bytes)?;
    let (newest, differences) = walk(&file)?;
    let changes: Vec<Change> = differences.iter().flat_map(|it| it.changes.clone()).collect();
    let derivation =
        original.map(|original| Derivation::of(&file, &newest, &changes, original)).transpose()?;
    let signatures = signatures(&file, &newest, &changes, trust, at)?;
    Ok(Report {
        sha256: hex::encode(Sha256::digest(bytes)),
        bytes: bytes.len(),
        pages: n_pages(&newest),
        judged_at: at,
        program_version: env!("CARGO_PKG_VERSION"),
        trust: TrustInUse::of(trust),
        passed: Report::holds(&signatures, derivation.as_ref()),
        revisions: revisions(&file, differences),
        derivation,
        signatures,
    })
}

/// The newest document, and the difference of each revision to the one before.
fn walk(file: &File<'_>) -> Result<(Document, Vec<Difference>), Unreadable> {
    let mut differences = vec![Difference::default()];
    let mut newest = file.document(0)?;
    for revision in 1..file.revisions.len() {
        let next = file.document(revision)?;
        differences.push(compare(file, revision, &newest, &next));
        newest = next;
    }
    if file.has_trailing_bytes() {
        let last = differences.len() - 1;
        differences[last].changes.push(Change::behind(last));
    }
    Ok((newest, differences))
}

fn revisions(file: &File<'_>, differences: Vec<Difference>) -> Vec<RevisionReport> {
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

/// A signature with its field, extracted if possible.
struct Found<'a> {
    field: Option<Field>,
    cut: Result<Cut<'a>, Fault>,
}

fn signatures(
    file: &File<'_>,
    newest: &Document,
    changes: &[Change],
    trust: &Trust,
    at: Moment,
) -> Result<Vec<SignatureReport>, Unreadable> {
    let fields = signature_fields(newest);
    let strays = unreachable(newest, &fields);
    let found: Vec<Found<'_>> = found(file, newest, fields)
        .chain(strays.into_iter().map(|_| Found { field: None, cut: Err(Fault::Unreachable) }))
        .take(MOST_SIGNATURES + 1)
        .collect();
    if found.len() > MOST_SIGNATURES {
        return Err(Unreadable::TooComplex);
    }
    let evidence = evidence(newest);
    let mut proofs = BTreeMap::new();
    let mut judgements: Vec<Option<Judgement>> = found.iter().map(|_| None).collect();
    // Document time stamps first, newest first: each proves the existence of the bytes before it.
    let mut order: Vec<(usize, &Cut<'_>)> = found
        .iter()
        .enumerate()
        .filter_map(|(index, one)| Some((index, one.cut.as_ref().ok()?)))
        .collect();
    order.sort_by_key(|(_, cut)| (cut.format != Format::Rfc3161, usize::MAX - cut.end));
    for (index, cut) in order {
        let proven_at = proofs.range(cut.end + 1..).map(|(_, proven_at)| *proven_at).min();
        let evidence = Evidence { proven_at, ..evidence.clone() };
        let judgement = judge(&cut.container(), &evidence, trust, at);
        let is_proof =
            cut.format == Format::Rfc3161 && judgement.indication == Indication::TotalPassed;
        if let (true, Some(timestamp)) = (is_proof, &judgement.timestamp) {
            proofs.insert(cut.end, timestamp.at);
        }
        judgements[index] = Some(judgement);
    }
    let sides = sides_of_annotations(newest);
    let judged = found.into_iter().zip(judgements);
    Ok(judged
        .map(|(one, judgement)| {
            let widgets = one.field.as_ref().map(|field| field.widgets.clone()).unwrap_or_default();
            SignatureReport {
                page: widgets.iter().find_map(|id| sides.get(id).copied()),
                visible: shows(newest, &widgets),
                ..one.report(file, changes, judgement)
            }
        })
        .collect())
}

/// The page of each annotation, from 1.
fn sides_of_annotations(document: &Document) -> BTreeMap<ObjectId, usize> {
    let pages = document.page_iter().enumerate();
    let numbers: BTreeMap<ObjectId, usize> = pages.map(|(index, id)| (id, index + 1)).collect();
    let annotations = pages_of_annotations(document).into_iter();
    annotations.filter_map(|(id, page)| Some((id, *numbers.get(&page)?))).collect()
}

/// The signatures of the fields. A signature shared by two fields is a fault of both.
fn found<'f>(
    file: &'f File<'_>,
    newest: &Document,
    fields: Vec<Field>,
) -> impl Iterator<Item = Found<'f>> {
    let mut once = BTreeSet::new();
    let mut shared = BTreeSet::new();
    for place in fields.iter().filter_map(|field| field.value) {
        if !once.insert(place) {
            shared.insert(place);
        }
    }
    let signed: Vec<(Field, Place)> = fields
        .into_iter()
        .filter_map(|field| Some((field.value?, field)))
        .map(|(p, f)| (f, p))
        .collect();
    let found = signed.into_iter().map(|(field, place)| {
        let cut =
            if shared.contains(&place) { Err(Fault::Shared) } else { file.cut(newest, place) };
        Found { field: Some(field), cut }
    });
    found.collect::<Vec<_>>().into_iter()
}

impl Found<'_> {
    fn report(
        self,
        file: &File<'_>,
        changes: &[Change],
        judgement: Option<Judgement>,
    ) -> SignatureReport {
        let revision = self.cut.as_ref().map(|cut| cut.revision + 1).ok();
        let later_changes: Vec<Change> = changes
            .iter()
            .filter(|change| {
                revision.is_some_and(|revision| change.revision > revision) || change.is_behind()
            })
            .cloned()
            .collect();
        let fault = match self.cut {
            Err(fault) => Some(fault),
            Ok(_) if !later_changes.is_empty() => Some(Fault::ChangedAfterwards),
            Ok(_) => None,
        };
        let coverage = match &self.cut {
            Err(_) => Coverage::Unclear,
            Ok(cut) if cut.revision + 1 == file.revisions.len() && !file.has_trailing_bytes() => {
                Coverage::File
            }
            Ok(_) => Coverage::Revision,
        };
        SignatureReport {
            field: self.field.map(|field| field.name),
            revision,
            coverage,
            page: None,
            visible: false,
            later_changes,
            judgement: failed(judgement, fault),
        }
    }
}

/// Fails a judgement for a fault in how its signature is embedded. The fault takes precedence,
/// because the file does not show what the signature covers.
fn failed(judgement: Option<Judgement>, fault: Option<Fault>) -> Judgement {
    let judgement = judgement.unwrap_or_else(|| Judgement {
        indication: Indication::TotalFailed,
        sub_indication: None,
        scheme: Scheme::Unknown,
        algorithm: None,
        signer: None,
        claimed_at: None,
        timestamp: None,
        reasons: Vec::new(),
    });
    let Some(fault) = fault else { return judgement };
    let reason = Reason { code: fault.code().to_owned(), detail: fault.to_string() };
    let mut reasons = vec![reason];
    reasons.extend(judgement.reasons);
    let sub_indication = match judgement.indication {
        // The signature itself fails: keep that sub-indication.
        Indication::TotalFailed if judgement.sub_indication.is_some() => judgement.sub_indication,
        _ => Some(SubIndication::FormatFailure),
    };
    Judgement { indication: Indication::TotalFailed, sub_indication, reasons, ..judgement }
}
