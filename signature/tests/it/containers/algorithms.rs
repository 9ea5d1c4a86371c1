//! Signatures of every supported algorithm: a changed document or signature value never passes.

use hongtou_signature::verdict::indication::Indication;

use crate::containers::cases::{file_names, passing};

/// The signatures of `algorithms.py` that this program does not verify or does not trust.
const NOT_PASSING: [&str; 6] = [
    "digest",
    "digest-of-other",
    "ed448",
    "brainpool-sha512",
    "names-other-signer",
    "names-other-issuer",
];

#[test]
fn changed_signatures_do_not_pass() {
    let mut n_signatures = 0;
    for name in file_names() {
        let label = name.strip_prefix("algorithm-").and_then(|rest| rest.strip_suffix(".p7s"));
        if label.is_none_or(|label| label.starts_with("chain-") || NOT_PASSING.contains(&label)) {
            continue;
        }
        n_signatures += 1;
        let files = passing(&name);
        let mut covered = files.covered.clone();
        covered[7] ^= 1;
        let result = files.validate_with(&files.contents, &covered);
        assert_eq!(result.reasons[0].code, "document_changed", "{name}");
        // The signature value is the last value.
        let end = files.contents.len();
        for index in (end - 60..end).step_by(3) {
            let mut contents = files.contents.clone();
            contents[index] ^= 1 << (index % 8);
            let result = files.validate_with(&contents, &files.covered);
            assert_eq!(result.indication, Indication::TotalFailed, "{name} at {index}");
        }
    }
    assert_eq!(n_signatures, 12);
}
