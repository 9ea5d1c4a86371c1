//! Signed notes (c2sp.org/signed-note).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The most signatures of a note; more are refused.
const SIGNATURES: usize = 100;

/// The most bytes of a note.
const NOTE_BYTES: usize = 1 << 20;

/// A text and the lines of its signatures. None of them is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    /// The text, which ends with a line feed.
    pub text: String,
    /// The signatures.
    pub signatures: Vec<NoteSignature>,
}

/// A signature of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub key_id: [u8; 4],
    /// The bytes of the signature, without the id of the key.
    pub signature: Vec<u8>,
}

/// The text is not a signed note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a signed note")]
pub struct MalformedNote;

impl SignedNote {
    /// Parses a note.
    ///
    /// # Errors
    /// Returns `MalformedNote` if the text is too long or is not a text, an empty line and at least one
    /// line of a signature.
    pub fn parse(note: &str) -> Result<Self, MalformedNote> {
        let is_control = |c: char| c < ' ' && c != '\n';
        if note.len() > NOTE_BYTES || note.contains(is_control) {
            return Err(MalformedNote);
        }
        let end = note.rfind("\n\n").ok_or(MalformedNote)?;
        let (text, lines) = (&note[..=end], &note[end + 2..]);
        let signatures = parse_signatures(lines)?;
        if signatures.is_empty() {
            return Err(MalformedNote);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The note as text.
    pub fn to_text(&self) -> String {
        let lines: String = self.signatures.iter().map(NoteSignature::to_line).collect();
        format!("{}\n{lines}", self.text)
    }
}

/// Parses lines of signatures, each with its line feed.
///
/// # Errors
/// Returns `MalformedNote` if a line is not one of a signature, or there are too many.
pub fn parse_signatures(lines: &str) -> Result<Vec<NoteSignature>, MalformedNote> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let lines = lines.strip_suffix('\n').ok_or(MalformedNote)?;
    let signatures: Option<Vec<NoteSignature>> = lines.split('\n').map(parse_line).collect();
    signatures.filter(|signatures| signatures.len() <= SIGNATURES).ok_or(MalformedNote)
}

fn parse_line(line: &str) -> Option<NoteSignature> {
    let (name, base64) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(base64).ok()?;
    let (key_id, signature) = bytes.split_first_chunk::<4>()?;
    let is_signed = is_key_name(name) && !signature.is_empty();
    is_signed.then(|| NoteSignature {
        name: name.to_owned(),
        key_id: *key_id,
        signature: signature.to_vec(),
    })
}

/// Whether a text can be the name of a key: it has no space and no `+`, and is not empty.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

impl NoteSignature {
    /// The line of the signature, with its line feed.
    pub fn to_line(&self) -> String {
        let bytes = [&self.key_id[..], &self.signature].concat();
        format!("— {} {}\n", self.name, STANDARD.encode(bytes))
    }
}
