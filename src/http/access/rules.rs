//! The access rule of each route, recorded for the gate and written into the contract.

use std::collections::BTreeMap;

use axum::http::Method;
use utoipa::openapi::Paths;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;

use crate::archive::access::caller::Role;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Everyone, with or without credentials.
    Public,
    /// Every authenticated caller, with any role.
    Authenticated,
    /// Callers who have the role.
    Requires(Role),
    /// Callers who have the role, and programs on this machine.
    RequiresUnlessLocal(Role),
}

/// The rules of all routes by path and method. A route that has no rule is refused to everyone.
#[derive(Debug, Default)]
pub struct Rules(BTreeMap<(String, String), Rule>);

impl Rules {
    /// Records the rule of every operation in `paths`, and writes it there as `security`.
    pub fn attach(&mut self, rule: Rule, paths: &mut Paths) {
        for (path, item) in &mut paths.paths {
            for (method, operation) in operations(item) {
                operation.security = Some(rule.security());
                self.0.insert((path.clone(), method.to_string()), rule);
            }
        }
    }

    /// The rule of a route, by its path as the route table writes it.
    pub fn get(&self, path: &str, method: &Method) -> Option<Rule> {
        // The router answers HEAD with the handler of GET.
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.0.get(&(path.to_owned(), method.as_str().to_owned())).copied()
    }

    /// The path and method of every operation that has a rule.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.keys().map(|(path, method)| (path.as_str(), method.as_str()))
    }
}

impl Rule {
    /// The rule in the contract: a list of alternatives. An empty one allows requests without
    /// credentials.
    fn security(self) -> Vec<SecurityRequirement> {
        match self {
            Self::Public => Vec::new(),
            Self::Authenticated => credentials(None).into(),
            Self::Requires(role) => credentials(Some(role)).into(),
            Self::RequiresUnlessLocal(role) => {
                let mut requirements = vec![SecurityRequirement::default()];
                requirements.extend(credentials(Some(role)));
                requirements
            }
        }
    }
}

fn credentials(role: Option<Role>) -> [SecurityRequirement; 2] {
    ["key", "session"].map(|scheme| SecurityRequirement::new(scheme, role.map(Role::name)))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    let operations = [
        (Method::GET, get),
        (Method::PUT, put),
        (Method::POST, post),
        (Method::DELETE, delete),
        (Method::PATCH, patch),
    ];
    operations.into_iter().filter_map(|(method, it)| it.as_mut().map(|it| (method, it)))
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use serde_json::{Value, json};
    use utoipa::openapi::Paths;
    use utoipa::openapi::path::{HttpMethod, Operation, PathItem};

    use super::{Rule, Rules};
    use crate::archive::access::caller::Role;

    fn attached(rule: Rule) -> (Rules, Value) {
        let mut paths = Paths::new();
        let item = PathItem::new(HttpMethod::Get, Operation::new());
        paths.paths.insert("/route".to_owned(), item);
        let mut rules = Rules::default();
        rules.attach(rule, &mut paths);
        let document = serde_json::to_value(&paths).unwrap();
        (rules, document["/route"]["get"]["security"].clone())
    }

    #[test]
    fn the_gate_and_the_contract_have_the_same_rules() {
        let cases = [
            (Rule::Public, json!([])),
            (Rule::Authenticated, json!([{"key": []}, {"session": []}])),
            (Rule::Requires(Role::Read), json!([{"key": ["read"]}, {"session": ["read"]}])),
            (
                Rule::RequiresUnlessLocal(Role::Admin),
                json!([{}, {"key": ["admin"]}, {"session": ["admin"]}]),
            ),
        ];
        for (rule, expected) in cases {
            let (rules, security) = attached(rule);
            assert_eq!(rules.get("/route", &Method::GET), Some(rule));
            assert_eq!(rules.get("/route", &Method::HEAD), Some(rule));
            assert_eq!(security, expected, "{rule:?}");
        }
    }

    #[test]
    fn a_route_without_a_rule_has_none() {
        let (rules, _) = attached(Rule::Public);
        assert_eq!(rules.get("/route", &Method::POST), None);
        assert_eq!(rules.get("/other", &Method::GET), None);
    }
}
