//! Changed signatures, seals, time stamps, certificates, revocation lists and OCSP responses.

use std::collections::BTreeSet;

use hongtou_signature::verdict::indication::{Indication, ValidationResult};
use hongtou_signature::x509::trust::Trust;

use crate::containers::cases::{Case, CaseFiles, cases, file, file_names};
use crate::mutations::chance::Chance;
use crate::mutations::values::Node;
use crate::mutations::watch::watched;

/// Changed containers in the usual test, which takes some seconds.
const CONTAINERS: usize = 1500;

/// Who signed and when, as far as it is signed.
type Statement = (String, Option<i64>);

fn statement(result: &ValidationResult) -> Statement {
    let authority = result.timestamp.as_ref().and_then(|timestamp| timestamp.authority.as_ref());
    let signer = result.signer.as_ref().or(authority).unwrap();
    (signer.certificate_sha256.clone(), result.claimed_at.map(|time| time.0))
}

fn passes(result: &ValidationResult) -> bool {
    result.indication == Indication::TotalPassed
}

/// What the unchanged files say that pass.
fn true_statements(cases: &[CaseFiles]) -> BTreeSet<Statement> {
    let results = cases.iter().map(CaseFiles::validate);
    results.filter(passes).map(|result| statement(&result)).collect()
}

/// The files of the folder in DER.
fn donors() -> Vec<Node> {
    let names = file_names().into_iter();
    let names = names.filter(|name| [".p7s", ".der", ".crl"].iter().any(|end| name.ends_with(end)));
    names.filter_map(|name| Node::read(&file(&name))).collect()
}

fn changed(bytes: &[u8], chance: &mut Chance, donors: &mut [Node]) -> Option<Vec<u8>> {
    let mut node = Node::read(bytes)?;
    for _ in 0..=chance.below(3) {
        let donor = chance.below(donors.len());
        node.change(chance, &mut donors[donor]);
    }
    Some(node.written())
}

/// The certificates, lists or responses that a file brings along.
fn validation_data<'a>(files: &'a mut CaseFiles, chance: &mut Chance) -> &'a mut Vec<Vec<u8>> {
    match chance.below(3) {
        0 => &mut files.validation_data.certificates,
        1 => &mut files.validation_data.crls,
        _ => &mut files.validation_data.ocsp_responses,
    }
}

/// With a changed container, the same statements are true as before. With another document, none is.
#[test]
fn changed_containers_say_nothing_new() {
    let cases: Vec<Case> = cases();
    let read: Vec<CaseFiles> = cases.iter().map(Case::read).collect();
    let known = true_statements(&read);
    let mut donors = donors();
    let mut n_passed = 0;
    Chance::repeat("containers", CONTAINERS, |chance| {
        let mut files = chance.choose(&cases).read();
        let items = validation_data(&mut files, chance);
        if !items.is_empty() && chance.one_in(2) {
            let index = chance.below(items.len());
            items[index] = changed(&items[index], chance, &mut donors).unwrap();
        } else if let Some(contents) = changed(&files.contents, chance, &mut donors) {
            files.contents = contents;
        }
        let result = watched(|| files.validate());
        if passes(&result) {
            n_passed += 1;
            assert!(known.contains(&statement(&result)), "{result:#?}");
        }
        let mut other = files.covered.clone();
        let at = chance.below(other.len());
        other[at] ^= 1 << chance.below(8);
        let result = watched(|| files.validate_with(&files.contents, &other));
        assert!(!passes(&result), "another document at {at}: {result:#?}");
    });
    assert!(n_passed > 0, "no change leaves a signature valid");
}

/// A revoked certificate stays revoked if the lists and responses that say so are damaged.
#[test]
fn changed_revocation_information_clears_nobody() {
    let mut donors = donors();
    let is_revoked = |case: &Case| case.has_code("revoked") && !passes(&case.read().validate());
    let mut cases: Vec<Case> = cases().into_iter().filter(is_revoked).collect();
    // Some pass without any list, by their policy or because the trust folder has an older one.
    cases.retain(|case| {
        let mut files = case.read();
        files.validation_data.crls.clear();
        files.validation_data.ocsp_responses.clear();
        !passes(&files.validate())
    });
    assert!(cases.len() > 5, "{} cases", cases.len());
    Chance::repeat("revocation", CONTAINERS / 3, |chance| {
        let mut files = chance.choose(&cases).read();
        let data = &mut files.validation_data;
        let items = [&mut data.crls, &mut data.ocsp_responses];
        for item in items.into_iter().flatten() {
            *item = changed(item, chance, &mut donors).unwrap();
        }
        let result = watched(|| files.validate());
        assert!(!passes(&result), "{result:#?}");
    });
}

/// A changed file of the trust folder is read or refused.
#[test]
fn changed_trust_is_read_or_refused() {
    let names: Vec<String> = file_names().into_iter().filter(|it| it.ends_with(".crl")).collect();
    let mut items: Vec<Vec<u8>> = names.iter().map(|name| file(name)).collect();
    let pem = Trust::from_files([("trust.pem", file("trust.pem"))]).unwrap();
    items.extend(pem.certificates().map(<[u8]>::to_vec));
    let mut donors = donors();
    Chance::repeat("trust", CONTAINERS, |chance| {
        let item = changed(&items[chance.below(items.len())], chance, &mut donors).unwrap();
        let _ = watched(|| Trust::from_files([("changed", item)]));
    });
}
