//! Name constraints (RFC 5280, 4.2.1.10): which names an authority may certify.

use der::asn1::ObjectIdentifier;

use crate::crypto::der::{DerResult, Fields, Malformed, Value, tag};
use crate::x509::certificate::Certificate;
use crate::x509::name::ComparableName;

/// The maximum number of constraints of one extension, and of names of one certificate.
const MAX_NAMES: usize = 256;

const EMAIL_ADDRESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

/// Why a certificate does not satisfy the constraints of an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameError {
    /// A name is excluded, or is not one of the permitted ones.
    NotPermitted,
    /// The constraints cannot be read, or constrain a kind of name that is not supported.
    Unsupported,
}

impl From<Malformed> for NameError {
    fn from(_: Malformed) -> Self {
        Self::Unsupported
    }
}

/// A name, or a constraint of names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum GeneralName {
    Directory(ComparableName),
    Mail(String),
    Dns(String),
    /// Addresses, URIs and others, by tag.
    Other(u8),
}

/// Checks the names of a certificate against the constraints (the value of the extension) of an
/// authority above it.
pub fn check(constraints: &[u8], certificate: &Certificate<'_>) -> Result<(), NameError> {
    let mut fields = Value::only(constraints)?.fields(tag::SEQUENCE)?;
    let permitted = subtrees(fields.optional(tag::context(0))?)?;
    let excluded = subtrees(fields.optional(tag::context(1))?)?;
    fields.end()?;
    for name in names(certificate)? {
        let of_kind = |constraint: &&GeneralName| constraint.is_of_kind(&name);
        if matches!(name, GeneralName::Other(_))
            && permitted.iter().chain(&excluded).any(|constraint| of_kind(&constraint))
        {
            return Err(NameError::Unsupported);
        }
        let mut relevant = permitted.iter().filter(of_kind).peekable();
        let is_permitted =
            relevant.peek().is_none() || relevant.any(|constraint| constraint.contains(&name));
        if !is_permitted || excluded.iter().any(|constraint| constraint.contains(&name)) {
            return Err(NameError::NotPermitted);
        }
    }
    Ok(())
}

/// The names of a certificate: its subject, the mail addresses in it, and its alternative names.
fn names(certificate: &Certificate<'_>) -> DerResult<Vec<GeneralName>> {
    let subject = Value::only(certificate.subject_der)?.fields(tag::SEQUENCE)?;
    let mut names = Vec::new();
    if !subject.is_empty() {
        names.push(GeneralName::Directory(certificate.subject.clone()));
    }
    for part in subject.all(MAX_NAMES)? {
        for attribute in part.fields(tag::SET)?.all(MAX_NAMES)? {
            let mut fields = attribute.fields(tag::SEQUENCE)?;
            if fields.next(tag::OID)?.oid()? == EMAIL_ADDRESS {
                names.push(GeneralName::Mail(text(fields.any()?)?));
            }
        }
    }
    if let Some(alternatives) = certificate.extensions.subject_names {
        let alternatives = Value::only(alternatives)?.fields(tag::SEQUENCE)?.all(MAX_NAMES)?;
        for name in alternatives {
            names.push(GeneralName::read(name)?);
        }
    }
    Ok(names)
}

fn subtrees(list: Option<Value<'_>>) -> DerResult<Vec<GeneralName>> {
    let list = list.map(|list| Fields::of(list.content).all(MAX_NAMES)).transpose()?;
    let read = |subtree: Value<'_>| {
        let mut fields = subtree.fields(tag::SEQUENCE)?;
        let name = GeneralName::read(fields.any()?)?;
        // RFC 5280 does not allow distances.
        fields.end()?;
        Ok(name)
    };
    list.unwrap_or_default().into_iter().map(read).collect()
}

fn text(value: Value<'_>) -> DerResult<String> {
    let text = str::from_utf8(value.content).map_err(|_| Malformed)?;
    Ok(text.to_ascii_lowercase())
}

impl GeneralName {
    fn read(value: Value<'_>) -> DerResult<Self> {
        Ok(match value.tag {
            kind if kind == tag::primitive(1) => Self::Mail(text(value)?),
            kind if kind == tag::primitive(2) => Self::Dns(text(value)?),
            kind if kind == tag::context(4) => Self::Directory(ComparableName::of(value.content)),
            kind => Self::Other(kind),
        })
    }

    fn is_of_kind(&self, name: &Self) -> bool {
        match (self, name) {
            (Self::Other(kind), Self::Other(other)) => kind == other,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }

    /// Whether a constraint includes a name.
    fn contains(&self, name: &Self) -> bool {
        match (self, name) {
            (Self::Directory(constraint), Self::Directory(name)) => constraint.contains(name),
            (Self::Mail(constraint), Self::Mail(name)) => {
                let host = name.rsplit_once('@').map_or("", |(_, host)| host);
                if constraint.contains('@') {
                    name == constraint
                } else if constraint.starts_with('.') {
                    host.ends_with(constraint)
                } else {
                    host == constraint
                }
            }
            (Self::Dns(constraint), Self::Dns(name)) => {
                let above = name.strip_suffix(constraint.trim_start_matches('.'));
                above.is_some_and(|above| {
                    above.is_empty() || constraint.is_empty() || above.ends_with('.')
                })
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::GeneralName::{Dns, Mail};

    #[test]
    fn constraints_contain_names() {
        let mail =
            |constraint: &str, name: &str| Mail(constraint.into()).contains(&Mail(name.into()));
        assert!(mail("example.com", "a@example.com") && mail("a@example.com", "a@example.com"));
        assert!(mail(".example.com", "a@b.example.com") && !mail(".example.com", "a@example.com"));
        assert!(!mail("example.com", "a@b.example.com") && !mail("b@example.com", "a@example.com"));
        let dns = |constraint: &str, name: &str| Dns(constraint.into()).contains(&Dns(name.into()));
        assert!(dns("example.com", "example.com") && dns("example.com", "a.example.com"));
        assert!(dns("", "example.com") && !dns("example.com", "badexample.com"));
    }
}
