//! Policies: the keys of logs and witnesses that are trusted, and how many witnesses must have cosigned
//! (c2sp.org/tlog-policy).

use std::collections::BTreeMap;

use crate::note::checkpoint::{Checkpoint, CheckpointError};
use crate::note::keys::{Algorithm, VerifierKey};
use crate::note::signed_note::SignedNote;

/// The quorum that needs no cosignature.
const NONE: &str = "none";

/// Which checkpoints are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The keys of the logs.
    pub logs: Vec<VerifierKey>,
    /// The witnesses.
    pub witnesses: Vec<Witness>,
    // `None` needs no cosignature.
    quorum: Option<Rule>,
}

/// A witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its name in the policy.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
    /// The address that it takes checkpoints at.
    pub url: Option<String>,
}

/// A witness or a group of them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    Witness(VerifierKey),
    Group { threshold: usize, members: Vec<Self> },
}

/// A line of a policy that cannot be read; counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {0} of the policy cannot be read")]
pub struct MalformedPolicy(pub usize);

/// Why a checkpoint is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// The log did not sign it, or not with a trusted key.
    #[error(transparent)]
    Log(#[from] CheckpointError),
    /// A cosignature that names a trusted key does not verify.
    #[error("a cosignature does not verify")]
    InvalidCosignature,
    /// Too few trusted witnesses cosigned it.
    #[error("too few trusted witnesses cosigned the checkpoint")]
    NoQuorum,
}

/// A trusted checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The names of the trusted witnesses that cosigned it.
    pub witnesses: Vec<String>,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Returns `MalformedPolicy` with the first line that breaks the syntax. A file without a quorum has
    /// its error in the line after the last one.
    pub fn parse(text: &str) -> Result<Self, MalformedPolicy> {
        let mut reader = Reader::default();
        let mut number = 0;
        for line in text.split('\n') {
            number += 1;
            let words: Vec<&str> =
                line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            let is_text = !line.contains(|c: char| c.is_control() && c != '\t');
            reader.line(&words).filter(|()| is_text).ok_or(MalformedPolicy(number))?;
        }
        let Reader { logs, witnesses, quorum, .. } = reader;
        Ok(Self { logs, witnesses, quorum: quorum.ok_or(MalformedPolicy(number + 1))? })
    }

    /// Verifies a checkpoint against the policy.
    ///
    /// # Errors
    /// Returns an `Untrusted` that says why it is not trusted.
    pub fn verify(&self, note: &SignedNote) -> Result<Trusted, Untrusted> {
        let checkpoint = Checkpoint::verify(note, &self.logs)?;
        let mut cosigned = Vec::new();
        for witness in &self.witnesses {
            let signatures = note.signatures.iter().filter(|one| witness.key.is_of(one));
            for signature in signatures {
                if !witness.key.verifies(&note.text, signature) {
                    return Err(Untrusted::InvalidCosignature);
                }
                cosigned.push(witness);
            }
        }
        cosigned.dedup();
        if self.quorum.as_ref().is_some_and(|rule| !rule.holds(&cosigned)) {
            return Err(Untrusted::NoQuorum);
        }
        let witnesses = cosigned.iter().map(|witness| witness.name.clone()).collect();
        Ok(Trusted { checkpoint, witnesses })
    }
}

impl Rule {
    fn holds(&self, cosigned: &[&Witness]) -> bool {
        match self {
            Self::Witness(key) => cosigned.iter().any(|witness| witness.key == *key),
            Self::Group { threshold, members } => {
                members.iter().filter(|member| member.holds(cosigned)).count() >= *threshold
            }
        }
    }
}

/// The lines that were read.
#[derive(Default)]
struct Reader {
    logs: Vec<VerifierKey>,
    witnesses: Vec<Witness>,
    /// The witnesses and groups by name.
    rules: BTreeMap<String, Rule>,
    /// The names that a group contains. A witness counts in one group only.
    members: Vec<String>,
    quorum: Option<Option<Rule>>,
}

impl Reader {
    /// Reads a line. Returns `None` if it breaks the syntax.
    fn line(&mut self, words: &[&str]) -> Option<()> {
        match words {
            [] => Some(()),
            [first, ..] if first.starts_with('#') => Some(()),
            ["log", vkey] | ["log", vkey, _] => self.log(vkey),
            ["witness", name, vkey] => self.witness(name, vkey, None),
            ["witness", name, vkey, url] => self.witness(name, vkey, Some(url)),
            ["group", name, threshold, members @ ..] => self.group(name, threshold, members),
            ["quorum", name] => self.quorum(name),
            _ => None,
        }
    }

    fn log(&mut self, vkey: &str) -> Option<()> {
        let key = VerifierKey::parse(vkey).ok()?;
        let is_new = self.logs.iter().all(|other| other.public_key != key.public_key);
        (is_new && key.algorithm != Algorithm::Cosignature).then(|| self.logs.push(key))
    }

    fn witness(&mut self, name: &str, vkey: &str, url: Option<&str>) -> Option<()> {
        let key = VerifierKey::parse(vkey).ok()?;
        let is_new = self.witnesses.iter().all(|other| other.key.public_key != key.public_key);
        if !is_new || key.algorithm != Algorithm::Cosignature {
            return None;
        }
        self.define(name, Rule::Witness(key.clone()))?;
        let url = url.map(str::to_owned);
        self.witnesses.push(Witness { name: name.to_owned(), key, url });
        Some(())
    }

    fn group(&mut self, name: &str, threshold: &str, members: &[&str]) -> Option<()> {
        let threshold = match threshold {
            "any" => 1,
            "all" => members.len(),
            number => number.parse().ok()?,
        };
        if !(1..=members.len()).contains(&threshold) {
            return None;
        }
        let members: Option<Vec<Rule>> = members.iter().map(|one| self.member(one)).collect();
        self.define(name, Rule::Group { threshold, members: members? })
    }

    fn quorum(&mut self, name: &str) -> Option<()> {
        let rule = if name == NONE { None } else { Some(self.rules.get(name)?.clone()) };
        self.quorum.replace(rule).is_none().then_some(())
    }

    fn define(&mut self, name: &str, rule: Rule) -> Option<()> {
        let is_free = name != NONE && !self.rules.contains_key(name);
        is_free.then(|| drop(self.rules.insert(name.to_owned(), rule)))
    }

    fn member(&mut self, name: &str) -> Option<Rule> {
        let rule = self.rules.get(name)?.clone();
        let is_first = self.members.iter().all(|member| member != name);
        is_first.then(|| {
            self.members.push(name.to_owned());
            rule
        })
    }
}
