//! Drafts over HTTP: contents, numbers and approval.

pub(crate) mod life;
pub(crate) mod numbers;
pub(crate) mod approval;

use std::sync::Arc;

use axum::Router;
use hongtou::archive::Archive;
use hongtou::archive::access::caller::Grant;
use hongtou::archive::audit::trail::TrailFilter;
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::jobs::Jobs;
use hongtou::jobs::webhook::Settings;
use serde_json::{Value, json};

use crate::archive::filings::send;
use crate::archive::services;
use crate::http::access::{ACTOR, bearer};
use crate::http::batches::letter;
use crate::http::in_process::{Answer, JSON, UNBOUNDED, access, app};

/// The lead agency of the letters.
pub(crate) const AGENCY: &str = "四川省民政厅";

/// A server, with approval or without.
pub(crate) struct Office {
    pub(crate) archive: Archive,
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
}

/// Somebody with a key.
pub(crate) struct Clerk {
    pub(crate) id: String,
    pub(crate) authorization: String,
}

pub(crate) async fn office(requires_approval: bool) -> Office {
    with_archive(services::empty().await, requires_approval).await
}

pub(crate) async fn with_archive(archive: Archive, requires_approval: bool) -> Office {
    let mut access = access(UNBOUNDED);
    access.requires_approval = requires_approval;
    let jobs = Jobs::open(&archive, Settings::default()).await.unwrap();
    let app = Arc::new(App { archive: archive.clone(), access, jobs, ..app().await });
    Office { archive, router: router(Arc::clone(&app)), app }
}

impl Office {
    pub(crate) async fn clerk(&self, name: &str, roles: &str, agency: Option<&str>) -> Clerk {
        let grant = Grant::new(roles.parse().unwrap(), agency.map(str::to_owned)).unwrap();
        let token = self.archive.add_key(name, &grant, None, ACTOR).await.unwrap();
        Clerk { id: token.id.clone(), authorization: bearer(&token) }
    }

    /// A clerk of the agency who writes and reads.
    pub(crate) async fn writer(&self, name: &str) -> Clerk {
        self.clerk(name, "submit,read", Some(AGENCY)).await
    }

    pub(crate) async fn ask(
        &self,
        clerk: &Clerk,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: impl Into<String>,
    ) -> Answer {
        let own = [JSON, ("authorization", &*clerk.authorization)];
        send(&self.router, method, path, &[&own, headers].concat(), body.into()).await
    }

    pub(crate) async fn get(&self, clerk: &Clerk, path: &str) -> Answer {
        self.ask(clerk, ("GET", path), &[], "").await
    }

    /// Creates a draft and returns its address.
    pub(crate) async fn draft(&self, clerk: &Clerk, body: impl Into<String>) -> String {
        let created = self.ask(clerk, ("POST", "/v1/drafts"), &[], body).await;
        assert_eq!(created.status, 201, "{}", String::from_utf8_lossy(&created.body));
        created.header("location").to_owned()
    }

    /// Saves a content over a version.
    pub(crate) async fn save(
        &self,
        clerk: &Clerk,
        draft: &str,
        version: u32,
        body: impl Into<String>,
    ) -> Answer {
        self.ask(clerk, ("PUT", draft), &[("if-match", &format!("\"{version}\""))], body).await
    }

    /// Takes a number and returns the response.
    pub(crate) async fn number(&self, clerk: &Clerk, draft: &str, wanted: Value) -> Answer {
        let path = format!("{draft}/number");
        self.ask(clerk, ("POST", &path), &[], wanted.to_string()).await
    }

    /// Takes a step on version 1.
    pub(crate) async fn step(&self, clerk: &Clerk, draft: &str, step: &str) -> Answer {
        let body = json!({"step": step, "version": 1, "remark": format!("意见：{step}")});
        self.ask(clerk, ("POST", &format!("{draft}/steps")), &[], body.to_string()).await
    }

    /// Makes a filing from a draft.
    pub(crate) async fn file(&self, clerk: &Clerk, draft: &str, body: impl Into<String>) -> Answer {
        let headers = [("accept", "application/json"), ("hongtou-draft", id(draft))];
        self.ask(clerk, ("POST", "/v1/filings"), &headers, body).await
    }

    /// The acts and subjects of the audit trail, oldest first, without keys and reads.
    pub(crate) async fn acts(&self) -> Vec<(String, String)> {
        let entries = self.archive.trail(&TrailFilter::default(), 1000).await.unwrap();
        let entries = entries.into_iter().rev().map(|entry| (entry.act, entry.subject));
        entries.filter(|(act, _)| !["key_added", "file_read"].contains(&&**act)).collect()
    }
}

/// The id in the address of a draft.
pub(crate) fn id(draft: &str) -> &str {
    draft.rsplit('/').next().unwrap()
}

/// A letter without its serial number.
pub(crate) fn unnumbered() -> String {
    let mut letter: Value = serde_json::from_str(&letter(1)).unwrap();
    letter["document"]["document_number"].as_object_mut().unwrap().remove("serial");
    letter.to_string()
}
