//! Verdicts on signatures that other programs made, and on what was made of them.
//!
//! The signatures lie in `fixtures/signed/`, with the scripts that made them; `cases.json` says what
//! is to be held of each. All are judged at fixed moments, so that no verdict changes with the day.

use std::fs;
use std::path::{Path, PathBuf};

use hongtou::document::moment::Moment;
use hongtou::signature::container::{Container, Evidence, Format};
use hongtou::signature::judge::judge;
use hongtou::signature::trust::{Policy, Revocation, Trust, TrustError};
use hongtou::signature::verdict::{Indication, Judgement};
use proptest::prelude::*;
use serde::Deserialize;

/// One line of `cases.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    contents: String,
    #[serde(default = "document")]
    covered: String,
    #[serde(default = "cades")]
    format: String,
    #[serde(default = "trusted")]
    trust: Vec<String>,
    #[serde(default)]
    certificates: Vec<String>,
    #[serde(default)]
    crls: Vec<String>,
    #[serde(default)]
    ocsp: Vec<String>,
    /// The files of a document security store, by the beginning of their names.
    store: Option<String>,
    #[serde(default = "moment")]
    at: String,
    proven_at: Option<String>,
    policy: Option<String>,
    verdict: String,
    sub_indication: Option<String>,
    #[serde(default)]
    codes: Vec<String>,
    scheme: Option<String>,
    algorithm: Option<String>,
    /// The indication of the time stamp.
    timestamp: Option<String>,
    /// What a reason names.
    says: Option<String>,
    /// Why OpenSSL judges otherwise, for `.ci/signatures`.
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

fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn cases() -> Vec<Case> {
    serde_json::from_slice(&file("cases.json")).unwrap()
}

/// A case with its files read.
struct Scene {
    format: Format,
    contents: Vec<u8>,
    covered: Vec<u8>,
    evidence: Evidence,
    trust: Trust,
    at: Moment,
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
    fn fault(&self) -> Option<String> {
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
    fn judge(&self) -> Judgement {
        self.judge_with(&self.contents, &self.covered)
    }

    fn judge_with(&self, contents: &[u8], covered: &[u8]) -> Judgement {
        let (before, behind) = covered.split_at(covered.len() / 3);
        let container =
            Container { format: self.format.clone(), contents, covered: [before, behind] };
        judge(&container, &self.evidence, &self.trust, self.at)
    }
}

fn format(name: &str) -> Format {
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

fn passed(contents: &str) -> Scene {
    let mut cases = cases().into_iter();
    let is_it = |case: &Case| case.contents == contents && case.verdict == "TOTAL-PASSED";
    cases.find(is_it).unwrap_or_else(|| panic!("no case in which {contents} passes")).scene()
}

#[test]
fn each_signature_gets_its_verdict() {
    let wrong: Vec<String> = cases().iter().filter_map(Case::fault).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_lies_about_unused() {
    let cases = cases();
    let used = |name: &str| {
        cases.iter().any(|case| {
            let lists = [&case.trust, &case.certificates, &case.crls, &case.ocsp];
            case.contents == name
                || case.covered == name
                || lists.iter().any(|list| list.iter().any(|other| other == name))
                || case.store.as_ref().is_some_and(|store| name.starts_with(&format!("{store}-")))
        })
    };
    let scripts = |name: &str| name.ends_with(".py") || name == "cases.json" || name == "README.md";
    let unused: Vec<String> =
        names().into_iter().filter(|name| !scripts(name) && !used(name)).collect();
    assert_eq!(unused, Vec::<String>::new());
}

/// The zeros that pad `/Contents` are no part of it; anything else there is.
#[test]
fn only_zeros_may_stand_behind_a_container() {
    let scene = passed("p256.p7s");
    let padded = [&scene.contents[..], &[0; 64]].concat();
    assert_eq!(scene.judge_with(&padded, &scene.covered).indication, Indication::TotalPassed);
    for behind in [&[1][..], &[0, 0, 0x30], b"0\0"] {
        let longer = [&scene.contents[..], behind].concat();
        let judgement = scene.judge_with(&longer, &scene.covered);
        assert_eq!(judgement.reasons[0].code, "bytes_behind_signature");
    }
}

/// What is cut off anywhere is refused, and nothing panics.
#[test]
fn no_beginning_of_a_container_passes() {
    for name in ["p256.p7s", "b-t-1.p7s", "seal-4.der", "timestamp.der"] {
        let scene = passed(name);
        let end = scene.contents.iter().rposition(|byte| *byte != 0).unwrap();
        for length in 0..end {
            let judgement = scene.judge_with(&scene.contents[..length], &scene.covered);
            assert_eq!(judgement.indication, Indication::TotalFailed, "{name} to {length}");
        }
    }
}

/// No byte of a covered file can be another.
#[test]
fn no_changed_byte_of_the_document_passes() {
    for name in ["p256.p7s", "seal-4.der", "timestamp.der"] {
        let scene = passed(name);
        for index in 0..scene.covered.len() {
            let mut covered = scene.covered.clone();
            covered[index] ^= 1;
            let judgement = scene.judge_with(&scene.contents, &covered);
            assert_eq!(judgement.reasons[0].code, "document_changed", "{name} at {index}");
        }
    }
}

/// Where in a container a part lies that something signs.
fn part(scene: &Scene, bytes: &[u8]) -> std::ops::Range<usize> {
    let start = scene.contents.windows(bytes.len()).position(|window| window == bytes).unwrap();
    start..start + bytes.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// A container with a byte changed anywhere never panics, and never passes for another signer,
    /// digest or algorithm. What may be changed and still passes is signed by nobody: certificates
    /// and attributes that the verdict does not rest on.
    #[test]
    fn a_changed_container_passes_for_nothing_else(
        which in 0_usize..6,
        at in any::<prop::sample::Index>(),
        change in 1_u8..,
    ) {
        let name = ["p256.p7s", "rsa-pss.p7s", "sm2.p7s", "seal-4.der", "timestamp.der", "b-t-1.p7s"][which];
        let scene = passed(name);
        let original = scene.judge();
        let mut contents = scene.contents.clone();
        let index = at.index(contents.len());
        contents[index] ^= change;
        let judgement = scene.judge_with(&contents, &scene.covered);
        if judgement.indication == Indication::TotalPassed {
            prop_assert_eq!(&judgement.signer, &original.signer);
            prop_assert_eq!(&judgement.algorithm, &original.algorithm);
            prop_assert_eq!(&judgement.claimed_at, &original.claimed_at);
        }
    }

    /// Bytes from anywhere never panic and never pass.
    #[test]
    fn noise_never_passes(noise in prop::collection::vec(any::<u8>(), 0..400), format_index in 0_usize..4) {
        let scene = passed("p256.p7s");
        let names = ["cades", "pkcs7", "rfc3161", "other"];
        let scene = Scene { format: format(names[format_index]), ..scene };
        let judgement = scene.judge_with(&noise, &scene.covered);
        prop_assert_ne!(judgement.indication, Indication::TotalPassed);
        let sequence = [&[0x30, 0x82, 0x01, 0x00][..], &noise].concat();
        let judgement = scene.judge_with(&sequence, &scene.covered);
        prop_assert_ne!(judgement.indication, Indication::TotalPassed);
    }
}

/// Every bit of what is signed counts: the signer's certificate, the attributes and the signature.
#[test]
fn no_changed_bit_of_what_is_signed_passes() {
    let scene = passed("p256.p7s");
    let signer = part(&scene, &file("p256-signer.der"));
    // The last value of the container is the signature; attributes and algorithm are before it.
    let digest = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
    let attributes = part(&scene, &digest).start - 2..scene.contents.len();
    for range in [signer, attributes] {
        for index in range {
            for bit in 0..8 {
                let mut contents = scene.contents.clone();
                contents[index] ^= 1 << bit;
                let judgement = scene.judge_with(&contents, &scene.covered);
                assert_ne!(judgement.indication, Indication::TotalPassed, "bit {bit} of {index}");
            }
        }
    }
}

#[test]
fn trusted_files_are_certificates_and_lists_in_any_form() {
    let pem = file("trust.pem");
    let crl = file("root.crl");
    let of = |files: Vec<(&str, Vec<u8>)>| Trust::of(files);
    let both = of(vec![("a", pem.clone()), ("b", crl.clone())]).unwrap();
    assert_eq!((both.certificates().count(), both.crls().count()), (1, 1));

    // The same items have the same fingerprint, whatever files they came in.
    let der = both.certificates().next().unwrap().to_vec();
    let text = [b"subject=\nissuer=\n".as_slice(), &pem, b"\nmore\n", &pem].concat();
    for files in [
        vec![("b", crl.clone()), ("a", pem.clone())],
        vec![("all", [der.clone(), crl.clone(), der.clone()].concat())],
        vec![("text", text), ("list", crl.clone())],
    ] {
        assert_eq!(of(files).unwrap().sha256(), both.sha256());
    }
    assert_ne!(of(vec![("a", pem.clone())]).unwrap().sha256(), both.sha256());
    assert_eq!(both.sha256().len(), 64);

    for (name, bytes) in [
        ("empty", Vec::new()),
        ("text", b"no certificate".to_vec()),
        ("cut", der[..der.len() - 1].to_vec()),
        ("behind", [&der[..], b"x"].concat()),
        ("key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_vec()),
        ("signature", file("p256.p7s")),
    ] {
        let error = of(vec![("good", pem.clone()), (name, bytes)]).unwrap_err();
        assert!(matches!(&error, TrustError::Unreadable { name: named } if named == name));
    }
}
