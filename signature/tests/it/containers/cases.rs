//! The cases of `fixtures/signed/cases.json`: signatures and their expected results.
//!
//! Scripts in that folder made the files with other programs. Every case has a fixed validation time,
//! so that results do not depend on the date.

use std::fs;
use std::path::{Path, PathBuf};

use hongtou_rules::document::moment::Moment;
use hongtou_signature::cms::container::{Container, Format, ValidationData};
use hongtou_signature::cms::validation::validate_signature;
use hongtou_signature::verdict::indication::ValidationResult;
use hongtou_signature::x509::trust::{Policy, RevocationChecking, Trust};
use serde::Deserialize;

/// A case: a signature and its expected result.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) contents: String,
    #[serde(default = "document")]
    pub(crate) covered: String,
    #[serde(default = "cades")]
    pub(crate) format: String,
    #[serde(default = "trusted")]
    pub(crate) trust: Vec<String>,
    #[serde(default)]
    pub(crate) certificates: Vec<String>,
    #[serde(default)]
    pub(crate) crls: Vec<String>,
    #[serde(default)]
    pub(crate) ocsp: Vec<String>,
    /// The prefix of the files of a document security store.
    pub(crate) store: Option<String>,
    #[serde(default = "moment")]
    pub(crate) at: String,
    proof_of_existence: Option<String>,
    policy: Option<String>,
    pub(crate) verdict: String,
    sub_indication: Option<String>,
    #[serde(default)]
    codes: Vec<String>,
    scheme: Option<String>,
    algorithm: Option<String>,
    /// The expected indication of the time stamp.
    timestamp: Option<String>,
    /// A text that a reason must contain.
    says: Option<String>,
    /// Why OpenSSL finds a different result, for `just signatures`.
    #[serde(rename = "openssl")]
    _openssl: Option<String>,
    /// Why pyHanko finds a different result.
    #[serde(rename = "pyhanko")]
    _pyhanko: Option<String>,
}

fn document() -> String {
    "document".to_owned()
}

fn cades() -> String {
    "cades".to_owned()
}

fn trusted() -> Vec<String> {
    ["trust.pem", "root.crl", "sub.crl"].map(str::to_owned).to_vec()
}

fn moment() -> String {
    "2027-01-01T00:00:00Z".to_owned()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/signed")
}

pub(crate) fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(crate) fn file_names() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub(crate) fn cases() -> Vec<Case> {
    serde_json::from_slice(&file("cases.json")).unwrap()
}

/// The input of a case, read from its files.
pub(crate) struct CaseFiles {
    pub(crate) format: Format,
    pub(crate) contents: Vec<u8>,
    pub(crate) covered: Vec<u8>,
    pub(crate) validation_data: ValidationData,
    pub(crate) proof_of_existence: Option<Moment>,
    pub(crate) trust: Trust,
    pub(crate) at: Moment,
}

impl Case {
    pub(crate) fn read(&self) -> CaseFiles {
        let read = |names: &[String]| names.iter().map(|name| file(name)).collect::<Vec<_>>();
        let stored = |suffix: &str| {
            let store = self.store.iter().map(|store| format!("{store}-dss-"));
            let names = store.flat_map(|store| {
                let of_store = move |name: &String| name.starts_with(&store);
                file_names().into_iter().filter(of_store).collect::<Vec<_>>()
            });
            names.filter(|name| name.ends_with(suffix)).map(|name| file(&name)).collect::<Vec<_>>()
        };
        let trust =
            Trust::from_files(self.trust.iter().map(|name| (name.as_str(), file(name)))).unwrap();
        let revocation = match self.policy.as_deref() {
            None => RevocationChecking::Required,
            Some("if_present") => RevocationChecking::IfPresent,
            Some(other) => panic!("no policy {other}"),
        };
        CaseFiles {
            format: format(&self.format),
            contents: file(&self.contents),
            covered: file(&self.covered),
            validation_data: ValidationData {
                certificates: [read(&self.certificates), stored(".cert")].concat(),
                crls: [read(&self.crls), stored(".crl")].concat(),
                ocsp_responses: [read(&self.ocsp), stored(".ocsp")].concat(),
            },
            proof_of_existence: self.proof_of_existence.as_deref().map(instant),
            trust: trust.with_policy(Policy { revocation }),
            at: instant(&self.at),
        }
    }

    /// Whether an expected code contains a word.
    pub(crate) fn has_code(&self, word: &str) -> bool {
        self.codes.iter().any(|code| code.contains(word))
    }

    /// The result if it is not the expected one.
    pub(crate) fn difference(&self) -> Option<String> {
        let result = self.read().validate();
        let json = serde_json::to_value(&result).unwrap();
        let codes: Vec<&str> = result.reasons.iter().map(|reason| &*reason.code).collect();
        let details: String = result.reasons.iter().map(|reason| &*reason.detail).collect();
        let is_as_expected = json["indication"] == self.verdict
            && json["sub_indication"].as_str() == self.sub_indication.as_deref()
            && codes == self.codes
            && json["scheme"] == self.scheme.as_deref().unwrap_or("cms")
            && (self.algorithm.is_none() || result.algorithm == self.algorithm)
            && json["timestamp"]["indication"].as_str() == self.timestamp.as_deref()
            && self.says.as_ref().is_none_or(|words| details.contains(words));
        (!is_as_expected).then(|| format!("{self:?}\n{json:#}"))
    }
}

impl CaseFiles {
    pub(crate) fn validate(&self) -> ValidationResult {
        self.validate_with(&self.contents, &self.covered)
    }

    pub(crate) fn validate_with(&self, contents: &[u8], covered: &[u8]) -> ValidationResult {
        let (before, after) = covered.split_at(covered.len() / 3);
        let container =
            Container { format: self.format.clone(), contents, covered: [before, after] };
        validate_signature(
            &container,
            &self.validation_data,
            self.proof_of_existence,
            &self.trust,
            self.at,
        )
    }
}

pub(crate) fn format(name: &str) -> Format {
    Format::of(match name {
        "cades" => "ETSI.CAdES.detached",
        "pkcs7" => "adbe.pkcs7.detached",
        "pkcs7.sha1" => "adbe.pkcs7.sha1",
        "x509.rsa_sha1" => "adbe.x509.rsa_sha1",
        "rfc3161" => "ETSI.RFC3161",
        "other" => "GM.SM2",
        other => panic!("no format {other}"),
    })
}

fn instant(text: &str) -> Moment {
    Moment(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
}

/// The input of a case of this container that passes.
pub(crate) fn passing(contents: &str) -> CaseFiles {
    let mut cases = cases().into_iter();
    let is_it = |case: &Case| case.contents == contents && case.verdict == "TOTAL-PASSED";
    cases.find(is_it).unwrap_or_else(|| panic!("no case in which {contents} passes")).read()
}
