//! Who may ask for which route, read from the contract that the route table makes.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::Value;

use crate::archive::access::caller::Role;

/// Who may ask for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Everyone, without credentials.
    Open,
    /// Every caller.
    Known,
    /// Callers who have the role.
    Needs(Role),
    /// Callers who have the role, and programs on this machine.
    NeedsUnlessLocal(Role),
}

/// The rule of every route. A route that has none here is for nobody.
#[derive(Debug)]
pub struct Rules(BTreeMap<(String, String), Rule>);

impl Rules {
    /// The rules of a contract.
    pub fn of(contract: &Value) -> Self {
        let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
        let mut rules = BTreeMap::new();
        for (path, item) in members(&contract["paths"]) {
            for (method, operation) in members(&item) {
                if let Some(rule) = rule(&operation["security"]) {
                    rules.insert((path.clone(), method.to_ascii_uppercase()), rule);
                }
            }
        }
        Self(rules)
    }

    /// The rule of a route, by its path as the table writes it.
    pub fn get(&self, path: &str, method: &Method) -> Option<Rule> {
        // What may be got may be asked about.
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.0.get(&(path.to_owned(), method.as_str().to_owned())).copied()
    }
}

/// What the words of `http::caller` wrote; anything else is no rule.
fn rule(security: &Value) -> Option<Rule> {
    let requirements = security.as_array()?;
    let Some(first) = requirements.first() else { return Some(Rule::Open) };
    let role = |requirement: &Value| {
        let roles = requirement.get("key")?.as_array()?;
        let Some(name) = roles.first() else { return Some(None) };
        Role::ALL.into_iter().find(|role| name == role.name()).map(Some)
    };
    if first.as_object()?.is_empty() {
        return role(requirements.get(1)?)?.map(Rule::NeedsUnlessLocal);
    }
    Some(role(first)?.map_or(Rule::Known, Rule::Needs))
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use serde_json::json;

    use super::{Rule, Rules};
    use crate::archive::access::caller::Role;

    #[test]
    fn a_route_without_a_rule_is_for_nobody() {
        let contract = json!({"paths": {
            "/open": {"get": {"security": []}},
            "/known": {"get": {"security": [{"key": []}]}},
            "/read": {"get": {"security": [{"key": ["read"]}, {"session": ["read"]}]}},
            "/metrics": {"get": {"security": [{}, {"key": ["admin"]}]}},
            "/forgotten": {"get": {}},
            "/strange": {"get": {"security": [{"key": ["king"]}]}},
            "/other": {"get": {"security": [{"cookie": []}]}},
            "/anyone": {"get": {"security": [{}]}},
        }});
        let rules = Rules::of(&contract);
        let cases = [
            ("/open", Method::GET, Some(Rule::Open)),
            ("/known", Method::GET, Some(Rule::Known)),
            ("/read", Method::GET, Some(Rule::Needs(Role::Read))),
            ("/read", Method::HEAD, Some(Rule::Needs(Role::Read))),
            ("/metrics", Method::GET, Some(Rule::NeedsUnlessLocal(Role::Admin))),
            ("/read", Method::POST, None),
            ("/forgotten", Method::GET, None),
            ("/strange", Method::GET, None),
            ("/other", Method::GET, None),
            ("/anyone", Method::GET, None),
            ("/unknown", Method::GET, None),
        ];
        for (path, method, expected) in cases {
            assert_eq!(rules.get(path, &method), expected, "{method} {path}");
        }
    }
}
