//! The signatures of `fixtures/signed/`, and what is to be held of each.
//!
//! `cases.json` says it; the scripts beside it had other programs make the files. All are judged at
//! fixed moments, so that no verdict changes with the day.

use std::fs;
use std::path::{Path, PathBuf};

use hongtou::document::moment::Moment;
use hongtou::signature::cms::container::{Container, Evidence, Format};
use hongtou::signature::cms::judge::judge;
use hongtou::signature::verdict::indication::Judgement;
use hongtou::signature::x509::trust::{Policy, Revocation, Trust};
use serde::Deserialize;

/// One line of `cases.json`.
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
    /// The files of a document security store, by the beginning of their names.
    pub(crate) store: Option<String>,
    #[serde(default = "moment")]
    pub(crate) at: String,
    proven_at: Option<String>,
    policy: Option<String>,
    pub(crate) verdict: String,
    sub_indication: Option<String>,
    #[serde(default)]
    codes: Vec<String>,
    scheme: Option<String>,
    algorithm: Option<String>,
    /// The indication of the time stamp.
    timestamp: Option<String>,
    /// What a reason names.
    says: Option<String>,
    /// Why OpenSSL judges otherwise, for `just signatures`.
    #[serde(rename = "openssl")]
    _openssl: Option<String>,
    /// Why pyHanko does.
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
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/signed")
}

pub(crate) fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(crate) fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub(crate) fn cases() -> Vec<Case> {
    serde_json::from_slice(&file("cases.json")).unwrap()
}

/// A case with its files read.
pub(crate) struct Scene {
    pub(crate) format: Format,
    pub(crate) contents: Vec<u8>,
    pub(crate) covered: Vec<u8>,
    pub(crate) evidence: Evidence,
    pub(crate) trust: Trust,
    pub(crate) at: Moment,
}

impl Case {
    fn scene(&self) -> Scene {
        let read = |names: &[String]| names.iter().map(|name| file(name)).collect::<Vec<_>>();
        let stored = |suffix: &str| {
            let store = self.store.iter().map(|store| format!("{store}-dss-"));
            let names = store.flat_map(|store| {
                let of_store = move |name: &String| name.starts_with(&store);
                names().into_iter().filter(of_store).collect::<Vec<_>>()
            });
            names.filter(|name| name.ends_with(suffix)).map(|name| file(&name)).collect::<Vec<_>>()
        };
        let trust = Trust::of(self.trust.iter().map(|name| (name.as_str(), file(name)))).unwrap();
        let revocation = match self.policy.as_deref() {
            None => Revocation::Required,
            Some("if_present") => Revocation::IfPresent,
            Some(other) => panic!("no policy {other}"),
        };
        Scene {
            format: format(&self.format),
            contents: file(&self.contents),
            covered: file(&self.covered),
            evidence: Evidence {
                certificates: [read(&self.certificates), stored(".cert")].concat(),
                crls: [read(&self.crls), stored(".crl")].concat(),
                ocsp_responses: [read(&self.ocsp), stored(".ocsp")].concat(),
                proven_at: self.proven_at.as_deref().map(instant),
            },
            trust: trust.with(Policy { revocation }),
            at: instant(&self.at),
        }
    }

    /// In what the verdict is not as the case has it.
    pub(crate) fn fault(&self) -> Option<String> {
        let judgement = self.scene().judge();
        let said = serde_json::to_value(&judgement).unwrap();
        let codes: Vec<&str> = judgement.reasons.iter().map(|reason| &*reason.code).collect();
        let details: String = judgement.reasons.iter().map(|reason| &*reason.detail).collect();
        let is_as_expected = said["indication"] == self.verdict
            && said["sub_indication"].as_str() == self.sub_indication.as_deref()
            && codes == self.codes
            && said["scheme"] == self.scheme.as_deref().unwrap_or("cms")
            && (self.algorithm.is_none() || judgement.algorithm == self.algorithm)
            && said["timestamp"]["indication"].as_str() == self.timestamp.as_deref()
            && self.says.as_ref().is_none_or(|words| details.contains(words));
        (!is_as_expected).then(|| format!("{self:?}\n{said:#}"))
    }
}

impl Scene {
    pub(crate) fn judge(&self) -> Judgement {
        self.judge_with(&self.contents, &self.covered)
    }

    pub(crate) fn judge_with(&self, contents: &[u8], covered: &[u8]) -> Judgement {
        let (before, behind) = covered.split_at(covered.len() / 3);
        let container =
            Container { format: self.format.clone(), contents, covered: [before, behind] };
        judge(&container, &self.evidence, &self.trust, self.at)
    }
}

pub(crate) fn format(name: &str) -> Format {
    Format::of(match name {
        "cades" => "ETSI.CAdES.detached",
        "pkcs7" => "adbe.pkcs7.detached",
        "rfc3161" => "ETSI.RFC3161",
        "other" => "GM.SM2",
        other => panic!("no format {other}"),
    })
}

fn instant(text: &str) -> Moment {
    Moment(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
}

pub(crate) fn passed(contents: &str) -> Scene {
    let mut cases = cases().into_iter();
    let is_it = |case: &Case| case.contents == contents && case.verdict == "TOTAL-PASSED";
    cases.find(is_it).unwrap_or_else(|| panic!("no case in which {contents} passes")).scene()
}
