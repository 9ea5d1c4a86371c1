//! Certificate policies (RFC 5280, 6.1): whether the authorities of a chain agree on a policy, if one of
//! them requires that.
//!
//! The standard builds a tree. Without a policy that the user demands, only whether it is empty matters,
//! and the set of policies of its lowest level tells that.

use std::collections::BTreeSet;

use der::asn1::ObjectIdentifier;

use crate::crypto::der::{DerResult, Malformed, Value, tag};
use crate::x509::certificate::{Certificate, Extensions};

/// The maximum number of policies, and of mappings, of one certificate.
const MAX_POLICIES: usize = 256;

const ANY_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");

/// How many certificates may follow until a restriction applies.
struct Remaining {
    explicit_policy: usize,
    mapping: usize,
    any_policy: usize,
}

/// Whether a chain, from the end-entity certificate to the trust anchor, has valid policies.
pub fn are_valid(path: &[&Certificate<'_>]) -> DerResult<bool> {
    let Some((_, below_anchor)) = path.split_last() else { return Ok(true) };
    let n = below_anchor.len();
    let mut remaining = Remaining { explicit_policy: n + 1, mapping: n + 1, any_policy: n + 1 };
    let mut valid = BTreeSet::from([ANY_POLICY]);
    for (depth, certificate) in below_anchor.iter().enumerate().rev() {
        let extensions = &certificate.extensions;
        let is_intermediate = depth > 0;
        let allows_any =
            remaining.any_policy > 0 || (is_intermediate && certificate.is_self_issued());
        valid = narrowed(&valid, &policies(extensions)?, allows_any);
        if remaining.explicit_policy == 0 && valid.is_empty() {
            return Ok(false);
        }
        if is_intermediate {
            valid = mapped(valid, &mappings(extensions)?, remaining.mapping > 0)?;
            if !certificate.is_self_issued() {
                remaining.count_one();
            }
            remaining.restrict(extensions)?;
        } else {
            remaining.explicit_policy = remaining.explicit_policy.saturating_sub(1);
            if constraints(extensions)?.0 == Some(0) {
                remaining.explicit_policy = 0;
            }
        }
    }
    Ok(remaining.explicit_policy > 0 || !valid.is_empty())
}

impl Remaining {
    fn count_one(&mut self) {
        for counter in [&mut self.explicit_policy, &mut self.mapping, &mut self.any_policy] {
            *counter = counter.saturating_sub(1);
        }
    }

    fn restrict(&mut self, extensions: &Extensions<'_>) -> DerResult<()> {
        let (explicit_policy, mapping) = constraints(extensions)?;
        let any_policy = extensions.inhibit_any_policy.map(|value| number(Value::only(value)?));
        for (counter, new) in [
            (&mut self.explicit_policy, explicit_policy),
            (&mut self.mapping, mapping),
            (&mut self.any_policy, any_policy.transpose()?),
        ] {
            *counter = new.map_or(*counter, |new| new.min(*counter));
        }
        Ok(())
    }
}

/// The policies that are valid and that a certificate names.
fn narrowed(
    valid: &BTreeSet<ObjectIdentifier>,
    named: &[ObjectIdentifier],
    allows_any: bool,
) -> BTreeSet<ObjectIdentifier> {
    let is_valid =
        |policy: &&ObjectIdentifier| valid.contains(*policy) || valid.contains(&ANY_POLICY);
    let mut narrowed: BTreeSet<ObjectIdentifier> =
        named.iter().filter(|policy| **policy != ANY_POLICY).filter(is_valid).copied().collect();
    if allows_any && named.contains(&ANY_POLICY) {
        narrowed.extend(valid);
    }
    narrowed
}

/// Replaces policies by those that they are mapped to, or removes them if mapping is inhibited.
fn mapped(
    valid: BTreeSet<ObjectIdentifier>,
    mappings: &[(ObjectIdentifier, ObjectIdentifier)],
    is_allowed: bool,
) -> DerResult<BTreeSet<ObjectIdentifier>> {
    if mappings.iter().any(|(from, to)| [from, to].contains(&&ANY_POLICY)) {
        return Err(Malformed);
    }
    let mut mapped = valid.clone();
    for (from, _) in mappings {
        mapped.remove(from);
    }
    let is_valid =
        |policy: &ObjectIdentifier| valid.contains(policy) || valid.contains(&ANY_POLICY);
    let targets = mappings.iter().filter(|(from, _)| is_allowed && is_valid(from));
    mapped.extend(targets.map(|(_, to)| *to));
    Ok(mapped)
}

fn policies(extensions: &Extensions<'_>) -> DerResult<Vec<ObjectIdentifier>> {
    let Some(value) = extensions.policies else { return Ok(Vec::new()) };
    let list = Value::only(value)?.fields(tag::SEQUENCE)?.all(MAX_POLICIES)?;
    list.into_iter().map(|policy| policy.fields(tag::SEQUENCE)?.next(tag::OID)?.oid()).collect()
}

fn mappings(extensions: &Extensions<'_>) -> DerResult<Vec<(ObjectIdentifier, ObjectIdentifier)>> {
    let Some(value) = extensions.policy_mappings else { return Ok(Vec::new()) };
    let list = Value::only(value)?.fields(tag::SEQUENCE)?.all(MAX_POLICIES)?;
    let read = |mapping: Value<'_>| {
        let mut fields = mapping.fields(tag::SEQUENCE)?;
        Ok((fields.next(tag::OID)?.oid()?, fields.next(tag::OID)?.oid()?))
    };
    list.into_iter().map(read).collect()
}

/// `requireExplicitPolicy` and `inhibitPolicyMapping`.
fn constraints(extensions: &Extensions<'_>) -> DerResult<(Option<usize>, Option<usize>)> {
    let Some(value) = extensions.policy_constraints else { return Ok((None, None)) };
    let mut fields = Value::only(value)?.fields(tag::SEQUENCE)?;
    let mut skipped = |index: u8| {
        let value = fields.optional(tag::primitive(index))?;
        value.map(|value| number(Value { tag: tag::INTEGER, ..value })).transpose()
    };
    let constraints = (skipped(0)?, skipped(1)?);
    fields.end()?;
    Ok(constraints)
}

fn number(value: Value<'_>) -> DerResult<usize> {
    usize::try_from(value.small()?).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.1");
    const B: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.2");

    #[test]
    fn policies_are_narrowed_and_mapped() {
        let any = BTreeSet::from([ANY_POLICY]);
        let only_a = BTreeSet::from([A]);
        assert_eq!(narrowed(&any, &[A], true), only_a);
        assert_eq!(narrowed(&only_a, &[B], true), BTreeSet::new());
        assert_eq!(narrowed(&only_a, &[ANY_POLICY], true), only_a);
        assert_eq!(narrowed(&only_a, &[ANY_POLICY], false), BTreeSet::new());
        assert_eq!(mapped(only_a.clone(), &[(A, B)], true), Ok(BTreeSet::from([B])));
        assert_eq!(mapped(only_a.clone(), &[(A, B)], false), Ok(BTreeSet::new()));
        assert_eq!(mapped(only_a.clone(), &[(B, A)], true), Ok(only_a.clone()));
        assert_eq!(mapped(only_a, &[(A, ANY_POLICY)], true), Err(Malformed));
    }
}
