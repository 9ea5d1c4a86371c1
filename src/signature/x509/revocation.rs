//! Whether a certificate was revoked, by lists (RFC 5280, section 5) and responses (OCSP).

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{Identifier, Signed, Signing};
use crate::signature::crypto::der::{Fields, Malformed, Read, Value, tag};
use crate::signature::x509::certificate::{Certificate, Usage, each_extension};
use crate::signature::x509::context::Scene;
use crate::signature::x509::ocsp;

const REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
const ISSUING_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const EXPIRED_STAY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");

/// `certificateHold`: the one reason that may be taken back.
const ON_HOLD: u8 = 6;

/// What is known of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was not revoked when it was asked for.
    Good,
    Revoked(Moment),
    Unknown,
}

/// What one list or response says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Good,
    Revoked { at: Moment, is_on_hold: bool },
}

/// From when to when a list or response says how things are.
#[derive(Debug, Clone, Copy)]
pub struct Currency {
    pub this_update: Moment,
    pub next_update: Option<Moment>,
}

impl Currency {
    /// Whether that a certificate is not named means that it was good by the proven moment.
    ///
    /// What was issued later than the proven moment tells of it too, up to the last day on which a
    /// revoked certificate is named: the expired are dropped from lists.
    pub fn tells(self, last_day: Moment, proven: Moment, scene: &Scene<'_>) -> bool {
        let is_issued = scene.can_be_of(self.this_update) && self.this_update <= last_day;
        let is_late_enough = self.this_update >= proven
            || self.next_update.is_some_and(|next_update| next_update >= proven);
        is_issued && is_late_enough
    }
}

/// Whether a certificate was revoked, as far as anything in the scene that its issuer stands for
/// tells. Any word of a revocation counts, be it old; that there was none wants a current word.
pub fn status(
    certificate: &Certificate<'_>,
    issuer: &Certificate<'_>,
    proven: Moment,
    scene: &Scene<'_>,
) -> Status {
    let listed = scene.crls().iter().filter_map(|crl| crl.word(certificate, issuer, proven, scene));
    let asked = ocsp::words(certificate, issuer, proven, scene);
    let mut status = Status::Unknown;
    for word in listed.chain(asked) {
        status = match (status, word) {
            (Status::Unknown | Status::Good, Word::Good) => Status::Good,
            (Status::Revoked(earlier), Word::Revoked { at, .. }) => {
                Status::Revoked(earlier.min(at))
            }
            (_, Word::Revoked { at, .. }) => Status::Revoked(at),
            (revoked, Word::Good) => revoked,
        };
    }
    status
}

/// A revocation list.
#[derive(Debug, Clone, Copy)]
pub struct Crl<'a> {
    signed: &'a [u8],
    issuer: &'a [u8],
    currency: Currency,
    entries: &'a [u8],
    scope: Scope<'a>,
    expired_stay: bool,
    algorithm: Identifier<'a>,
    signature: &'a [u8],
}

/// Which certificates a list speaks of (`IssuingDistributionPoint`).
#[derive(Debug, Clone, Copy, Default)]
struct Scope<'a> {
    /// Those whose certificates name this point.
    point: Option<&'a [u8]>,
    holders_alone: bool,
    authorities_alone: bool,
}

impl<'a> Crl<'a> {
    /// Reads a list. One with a critical extension that this program does not know, such as a list
    /// of changes alone, is of no use.
    pub fn read(bytes: &'a [u8]) -> Read<Self> {
        let Signed { value: signed, algorithm, signature } = Signed::read(bytes)?;

        let mut fields = signed.fields(tag::SEQUENCE)?;
        fields.optional(tag::INTEGER)?;
        if fields.next(tag::SEQUENCE)?.whole != algorithm.whole {
            return Err(Malformed);
        }
        let issuer = fields.next(tag::SEQUENCE)?.whole;
        let this_update = fields.any()?.time()?;
        let next_update = match fields.optional(tag::UTC_TIME)? {
            Some(time) => Some(time.time()?),
            None => fields.optional(tag::GENERALIZED_TIME)?.map(Value::time).transpose()?,
        };
        let entries = fields.optional(tag::SEQUENCE)?;
        let extensions = fields.optional(tag::context(0))?;
        fields.end()?;

        let mut crl = Self {
            signed: signed.whole,
            issuer,
            currency: Currency { this_update, next_update },
            entries: entries.map_or(&[], |entries| entries.content),
            scope: Scope::default(),
            expired_stay: false,
            algorithm,
            signature,
        };
        if let Some(extensions) = extensions {
            for (oid, is_critical, value) in each_extension(Value::only(extensions.content)?)? {
                match oid {
                    ISSUING_POINT => crl.scope = Scope::read(value)?,
                    EXPIRED_STAY => crl.expired_stay = true,
                    _ if is_critical => return Err(Malformed),
                    _ => (),
                }
            }
        }
        Ok(crl)
    }

    /// What the list says of a certificate; nothing where it does not tell, or its issuer did not
    /// sign it.
    pub fn word(
        &self,
        certificate: &Certificate<'_>,
        issuer: &Certificate<'_>,
        proven: Moment,
        scene: &Scene<'_>,
    ) -> Option<Word> {
        let is_of_issuer = self.issuer == issuer.subject && self.scope.covers(certificate);
        if !is_of_issuer || !scene.may_search(self.entries.len()) {
            return None;
        }
        let is_current = self.currency.tells(self.last_day(certificate), proven, scene);
        let word = match self.entry(certificate.serial).ok()? {
            Some(Word::Revoked { is_on_hold: true, .. }) if !is_current => return None,
            Some(word) => word,
            None if is_current => Word::Good,
            None => return None,
        };
        let may_sign = issuer.extensions.usage.is_none_or(Usage::signs_lists);
        let signing = Signing::of(&self.algorithm).ok()?;
        let is_signed = scene.verify(&issuer.key, signing, self.signed, self.signature).is_ok();
        (may_sign && is_signed).then_some(word)
    }

    /// Until when the list names the certificate, if it is revoked.
    fn last_day(&self, certificate: &Certificate<'_>) -> Moment {
        if self.expired_stay { Moment(i64::MAX) } else { certificate.not_after }
    }

    /// The entry of a serial number.
    fn entry(&self, serial: &[u8]) -> Read<Option<Word>> {
        let mut entries = Fields::of(self.entries);
        while !entries.is_empty() {
            let mut entry = entries.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
            if entry.next(tag::INTEGER)?.content != serial {
                continue;
            }
            let mut at = entry.any()?.time()?;
            let mut is_on_hold = false;
            if let Some(extensions) = entry.optional(tag::SEQUENCE)? {
                for (oid, _, value) in each_extension(extensions)? {
                    match oid {
                        REASON => {
                            let reason = Value::only(value)?.content(tag::ENUMERATED)?;
                            is_on_hold = reason == [ON_HOLD];
                        }
                        // When the key was lost, which may be before anyone said so.
                        INVALIDITY_DATE => at = at.min(Value::only(value)?.time()?),
                        _ => (),
                    }
                }
            }
            return Ok(Some(Word::Revoked { at, is_on_hold }));
        }
        Ok(None)
    }
}

impl<'a> Scope<'a> {
    fn read(bytes: &'a [u8]) -> Read<Self> {
        let mut fields = Value::only(bytes)?.fields(tag::SEQUENCE)?;
        let point = fields.optional(tag::context(0))?.map(|point| point.content);
        let mut flag = |number| fields.optional(tag::primitive(number));
        let holders_alone = flag(1)?.is_some();
        let authorities_alone = flag(2)?.is_some();
        // Lists of some reasons, of other issuers' certificates, or of attributes.
        if flag(3)?.is_some() || flag(4)?.is_some() || flag(5)?.is_some() {
            return Err(Malformed);
        }
        fields.end()?;
        Ok(Self { point, holders_alone, authorities_alone })
    }

    fn covers(&self, certificate: &Certificate<'_>) -> bool {
        let is_authority = certificate.extensions.is_authority;
        let is_kind = if is_authority { !self.holders_alone } else { !self.authorities_alone };
        let points = certificate.extensions.distribution_points.unwrap_or_default();
        let is_point = self.point.is_none_or(|point| {
            !point.is_empty() && points.windows(point.len()).any(|window| window == point)
        });
        is_kind && is_point
    }
}
