//! Reads the claims of an ID token that `openidconnect` does not check.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::archive::access::caller::{Role, Roles};
use crate::document::moment::Moment;
use crate::http::access::sign_in::error::Rejection;

/// How far the clocks of the provider and of this server may differ, in milliseconds.
const CLOCK_SKEW_MS: i64 = 60 * 1000;

/// Refuses a token that is not valid yet (`nbf`), which `openidconnect` does not check.
pub(crate) fn check_start(
    extra: &BTreeMap<String, Value>,
    Moment(now): Moment,
) -> Result<(), Rejection> {
    let Some(start) = extra.get("nbf") else { return Ok(()) };
    // A NumericDate, of which the fraction does not matter.
    let start = start.as_i64().or_else(|| start.to_string().split('.').next()?.parse().ok());
    match start {
        Some(start) if start.saturating_mul(1000) <= now.saturating_add(CLOCK_SKEW_MS) => Ok(()),
        _ => Err(Rejection::InvalidToken("not valid yet".to_owned())),
    }
}

/// The roles that a claim gives, a list or a text with spaces or commas, as far as they are allowed.
/// Other words in it, such as the roles of other systems, are ignored.
pub(crate) fn roles_in(claim: &Value, allowed: &Roles) -> Roles {
    let list = claim.as_array().into_iter().flatten().filter_map(Value::as_str);
    let texts = list.chain(claim.as_str()).flat_map(|text| text.split([' ', ',']));
    let named: Vec<&str> = texts.collect();
    let is_given = |role: &Role| named.contains(&role.name()) && allowed.has(*role);
    Roles::new(Role::ALL.into_iter().filter(is_given))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{check_start, roles_in};
    use crate::document::moment::Moment;

    #[test]
    fn a_claim_gives_the_allowed_roles_that_it_names() {
        let allowed = "submit,read".parse().unwrap();
        let cases = [
            (json!(["read", "submit", "admin"]), "submit,read"),
            (json!("read other"), "read"),
            (json!("submit,read"), "submit,read"),
            (json!(["Read", 1, null]), ""),
            (json!({"read": true}), ""),
            (json!(true), ""),
        ];
        for (claim, roles) in cases {
            assert_eq!(roles_in(&claim, &allowed).to_string(), roles, "{claim}");
        }
    }

    #[test]
    fn a_token_that_is_not_valid_yet_is_refused() {
        let now = Moment(1_800_000_000_000);
        let accepts = |nbf| check_start(&BTreeMap::from([("nbf".to_owned(), nbf)]), now).is_ok();
        assert!(check_start(&BTreeMap::new(), now).is_ok());
        assert!(accepts(json!(1_800_000_000)) && accepts(json!(1_800_000_060)));
        assert!(accepts(json!(1_800_000_060.5)));
        assert!(!accepts(json!(1_800_000_062)) && !accepts(json!("soon")) && !accepts(json!(null)));
    }
}
