//! Signed notes, keys, cosignatures and policies.

use hongtou_log::note::checkpoint::{Checkpoint, CheckpointError};
use hongtou_log::note::keys::{Algorithm, SigningKey, VerifierKey};
use hongtou_log::note::policy::{MalformedPolicy, Policy, Untrusted};
use hongtou_log::note::signed_note::SignedNote;
use hongtou_log::tree::hash::Hash;

const ORIGIN: &str = "archive.example/hongtou/1";

pub fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seeds(name, &[seed; 32], &[seed; 32]).unwrap()
}

pub fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint { origin: ORIGIN.to_owned(), size, root: Hash::leaf(&size.to_be_bytes()) }
}

/// A checkpoint that the log and these witnesses signed.
fn signed(size: u64, witnesses: &[u8]) -> SignedNote {
    let text = checkpoint(size).to_text();
    let mut signatures = key(ORIGIN, 1).sign(&text);
    for seed in witnesses {
        signatures
            .push(key(&format!("witness.example/{seed}"), *seed).cosign(&text, 1_700_000_000));
    }
    SignedNote { text, signatures }
}

fn witness_line(seed: u8) -> String {
    let name = format!("witness.example/{seed}");
    let vkey = key(&name, seed).verifier(Algorithm::Cosignature).to_vkey();
    format!("witness w{seed} {vkey}\n")
}

fn policy(quorum: &str) -> Result<Policy, MalformedPolicy> {
    let log = key(ORIGIN, 1).verifier(Algorithm::Ed25519).to_vkey();
    let witnesses: String = [11, 12, 13, 14].map(witness_line).concat();
    Policy::parse(&format!("log {log}\n{witnesses}{quorum}"))
}

#[test]
fn keys_are_read_back() {
    let log = key(ORIGIN, 1);
    for algorithm in [Algorithm::Ed25519, Algorithm::Sm2, Algorithm::Cosignature] {
        let verifier = log.verifier(algorithm);
        assert_eq!(VerifierKey::parse(&verifier.to_vkey()), Ok(verifier.clone()));
        let renamed = verifier.to_vkey().replacen("archive", "brchive", 1);
        assert!(VerifierKey::parse(&renamed).is_err(), "the id is that of another name");
    }
    let file = SigningKey::file(&[1; 32], &[1; 32]);
    let read = SigningKey::parse_file(ORIGIN, &file).unwrap();
    assert_eq!(read.verifier(Algorithm::Sm2), log.verifier(Algorithm::Sm2));
    assert!(SigningKey::parse_file(ORIGIN, &file.replace("sm2", "sm4")).is_err());
    assert!(SigningKey::parse_file(ORIGIN, "").is_err());
}

#[test]
fn each_signature_is_verified_by_its_key() {
    let note = signed(700, &[11]);
    let log = key(ORIGIN, 1);
    for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
        let keys = [log.verifier(algorithm)];
        assert_eq!(Checkpoint::verify(&note, &keys), Ok(checkpoint(700)));
        let other = [key(ORIGIN, 2).verifier(algorithm)];
        assert_eq!(Checkpoint::verify(&note, &other), Err(CheckpointError::Unsigned));
        let mut changed = note.clone();
        changed.text = checkpoint(701).to_text();
        let error = Checkpoint::verify(&changed, &keys);
        assert_eq!(error, Err(CheckpointError::InvalidSignature));
    }
    assert_eq!(log.sign(&note.text), note.signatures[..2], "signing again gives the same bytes");
}

#[test]
fn notes_are_read_back() {
    let note = signed(700, &[11, 12]);
    assert_eq!(SignedNote::parse(&note.to_text()), Ok(note.clone()));
    let text = note.to_text();
    for wrong in [
        "",
        "text\n",
        "text\n\n",
        &text[..text.len() - 1],
        &text.replace('7', "\t"),
        &text.replace('—', "-"),
    ] {
        assert!(SignedNote::parse(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn checkpoints_that_are_malformed_are_refused() {
    let good = checkpoint(5).to_text();
    assert_eq!(Checkpoint::parse(&good), Ok(checkpoint(5)));
    assert_eq!(Checkpoint::parse(&format!("{good}extension\n")), Ok(checkpoint(5)));
    let wrong = [
        good.replace("\n5\n", "\n05\n"),
        good.replace("\n5\n", "\n+5\n"),
        good.replace("\n5\n", "\n\n"),
        good.replace('=', ""),
        good.trim_end().to_owned(),
        format!("{good}\nextension\n"),
        format!("\n{}", good.split_once('\n').unwrap().1),
        String::new(),
    ];
    for wrong in wrong {
        assert_eq!(Checkpoint::parse(&wrong), Err(CheckpointError::Malformed), "{wrong:?}");
    }
}

#[test]
fn quorums_are_counted() {
    let two_of_three = "group x 2 w11 w12 w13\n";
    let cases: [(&str, &[u8], bool); 12] = [
        ("quorum none\n", &[], true),
        ("quorum w11\n", &[11], true),
        ("quorum w11\n", &[12], false),
        (&format!("{two_of_three}quorum x\n"), &[11], false),
        (&format!("{two_of_three}quorum x\n"), &[11, 11], false),
        (&format!("{two_of_three}quorum x\n"), &[11, 13], true),
        (&format!("{two_of_three}group all all x w14\nquorum all\n"), &[11, 13], false),
        (&format!("{two_of_three}group all all x w14\nquorum all\n"), &[11, 13, 14], true),
        ("group a any w11 w12\nquorum a\n", &[12], true),
        ("group a any w11 w12\nquorum a\n", &[13], false),
        ("  # comment\n\n\tgroup a all w11\nquorum a\n", &[11], true),
        ("quorum w11", &[99], false),
    ];
    for (quorum, witnesses, expected) in cases {
        let verified = policy(quorum).unwrap().verify(&signed(700, witnesses));
        let expected = if expected { Ok(()) } else { Err(Untrusted::NoQuorum) };
        assert_eq!(verified.map(drop), expected, "{quorum} {witnesses:?}");
    }
}

#[test]
fn a_cosignature_that_does_not_verify_is_refused() {
    let mut note = signed(700, &[11]);
    let last = note.signatures.last_mut().unwrap();
    last.signature[7] ^= 1;
    let verified = policy("quorum none\n").unwrap().verify(&note);
    assert_eq!(verified, Err(Untrusted::InvalidCosignature), "its time is signed too");
}

#[test]
fn malformed_policies_are_refused_with_their_line() {
    let cases = [
        ("", 7),
        ("quorum w99\n", 6),
        ("quorum none\nquorum none\n", 7),
        ("group a 0 w11\nquorum a\n", 6),
        ("group a 2 w11\nquorum a\n", 6),
        ("group a any\nquorum a\n", 6),
        ("group a any w11\ngroup b any w11\nquorum a\n", 7),
        ("group none any w11\nquorum none\n", 6),
        ("group w11 any w12\nquorum w11\n", 6),
        ("nonsense\nquorum none\n", 6),
        ("witness x nonsense\nquorum none\n", 6),
    ];
    for (quorum, line) in cases {
        assert_eq!(policy(quorum), Err(MalformedPolicy(line)), "{quorum}");
    }
    let twice = [witness_line(11), witness_line(11), "quorum none".to_owned()].concat();
    assert_eq!(Policy::parse(&twice), Err(MalformedPolicy(2)));
}
