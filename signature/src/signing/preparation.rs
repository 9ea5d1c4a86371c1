//! How a PDF is prepared for a signature: the encoding, the space for it, and the time.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use hongtou_rules::document::moment::Moment;

/// What will be stored in `/Contents`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// A CMS container with the attributes of PAdES (`ETSI.CAdES.detached`).
    Cms,
    /// An electronic seal (GB/T 38540). PDF/A does not provide for seals, and the standard defines no
    /// `/SubFilter`; this is one that makers of seals use.
    Seal,
}

/// How a PDF is prepared. The same preparation of the same file always gives the same bytes, so it
/// need not be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preparation {
    encoding: Encoding,
    // Invariant: in `SPACE`.
    space: usize,
    // Invariant: not negative.
    seconds: i64,
}

/// The space that may be reserved for a signature, in bytes.
pub const SPACE: RangeInclusive<usize> = 4096..=262_144;

impl Encoding {
    /// The name of the encoding, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cms => "cms",
            Self::Seal => "ses",
        }
    }

    /// The space that is reserved by default, in bytes. Seals contain a picture.
    pub fn usual_space(self) -> usize {
        match self {
            Self::Cms => 16_384,
            Self::Seal => 65_536,
        }
    }

    /// `/Filter` and `/SubFilter` of the signature dictionary.
    pub(crate) fn filters(self) -> [&'static str; 2] {
        match self {
            Self::Cms => ["Adobe.PPKLite", "ETSI.CAdES.detached"],
            Self::Seal => ["GM.PKILite", "GM.SM2"],
        }
    }
}

impl Preparation {
    /// A preparation with the time of signing, which is rounded down to seconds. Returns `None` if the
    /// space is not in `SPACE`, or the time is before 1970.
    pub fn new(encoding: Encoding, space: usize, signed_at: Moment) -> Option<Self> {
        let seconds = signed_at.0.div_euclid(1000);
        (SPACE.contains(&space) && seconds >= 0).then_some(Self { encoding, space, seconds })
    }

    /// The encoding of the signature.
    pub fn encoding(self) -> Encoding {
        self.encoding
    }

    /// The space for the signature, in bytes.
    pub fn space(self) -> usize {
        self.space
    }

    /// The time of signing.
    pub fn signed_at(self) -> Moment {
        Moment(self.seconds.saturating_mul(1000))
    }
}

/// The text form, such as `cms-16384-1800000000`.
impl fmt::Display for Preparation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.encoding.name(), self.space, self.seconds)
    }
}

/// The text names no preparation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPreparation;

impl FromStr for Preparation {
    type Err = NoPreparation;

    fn from_str(text: &str) -> Result<Self, NoPreparation> {
        let mut parts = text.split('-');
        let (Some(encoding), Some(space), Some(seconds), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoPreparation);
        };
        let encodings = [Encoding::Cms, Encoding::Seal];
        let encoding = encodings.into_iter().find(|known| known.name() == encoding);
        let encoding = encoding.ok_or(NoPreparation)?;
        let space = space.parse().map_err(|_| NoPreparation)?;
        let seconds = seconds.parse::<i64>().map_err(|_| NoPreparation)?;
        let signed_at = Moment(seconds.checked_mul(1000).ok_or(NoPreparation)?);
        let read = Self::new(encoding, space, signed_at).ok_or(NoPreparation)?;
        // A preparation has one name, so that an address cannot be varied.
        if read.to_string() == text { Ok(read) } else { Err(NoPreparation) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preparation_has_one_name() {
        let preparation = Preparation::new(Encoding::Cms, 16_384, Moment(1_800_000_000_999));
        let name = preparation.unwrap().to_string();
        assert_eq!(name, "cms-16384-1800000000");
        assert_eq!(name.parse(), Ok(preparation.unwrap()));
        for other in [
            "",
            "cms",
            "pkcs7-16384-1800000000",
            "cms-016384-1800000000",
            "cms-+16384-1800000000",
            "cms-4095-1800000000",
            "cms-262145-1800000000",
            "cms-16384--1",
            "cms-16384-9223372036854775807",
            "cms-16384-1800000000-",
        ] {
            assert_eq!(other.parse::<Preparation>(), Err(NoPreparation), "{other}");
        }
    }
}
