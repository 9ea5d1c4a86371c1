//! The query of the routes that draw pages: which pictures the client asks for and which it has.

use axum::extract::{FromRequestParts, RawQuery};
use axum::http::request::Parts;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{KnownFormat, Required, SchemaFormat};

use crate::http::problem::Problem;
use crate::render::engine::page_pictures::{PageHash, Wanted};
use crate::render::engine::picture::Width;

/// The most pages and hashes in a query: more than a screen shows.
const LONGEST_LIST: usize = 100;

/// The pictures that a client asks for.
#[derive(Debug)]
pub struct WantedPages(pub Wanted);

impl<S: Send + Sync> FromRequestParts<S> for WantedPages {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok(RawQuery(query)) = RawQuery::from_request_parts(parts, state).await;
        read(query.as_deref().unwrap_or_default()).map(Self).map_err(Problem::Query)
    }
}

impl IntoParams for WantedPages {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let width = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(Width::NARROWEST))
            .maximum(Some(Width::WIDEST));
        let list = |pattern| ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
        let want = list("^([1-9][0-9]{0,3}(,[1-9][0-9]{0,3}){0,99})?$");
        let have = list("^([0-9a-f]{32}(,[0-9a-f]{32}){0,99})?$");
        let in_query = |name: &str, description: &str, schema: ObjectBuilder| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .description(Some(description))
                .required(Required::False)
                .schema(Some(schema))
        };
        let want_description = "要哪些页的图片，以逗号分开，至多100页；默认不要图片";
        vec![
            in_query("width", "图片的宽度（像素），默认900", width).build(),
            in_query("want", want_description, want).example(Some("1,2".into())).build(),
            in_query("have", "已经持有的图片的标识，以逗号分开，至多100个", have).build(),
        ]
    }
}

/// Parses the query. The error is a sentence for staff.
fn read(query: &str) -> Result<Wanted, String> {
    let (mut width, mut pages, mut have) = (None, None, None);
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("width", value)) if width.is_none() => {
                width = Some(whole(value).and_then(Width::new).ok_or_else(|| {
                    format!("width应为{}至{}的整数。", Width::NARROWEST, Width::WIDEST)
                })?);
            }
            Some(("want", value)) if pages.is_none() => {
                pages = Some(list(value, page).ok_or("want应为页码，以逗号分开，至多100页。")?);
            }
            Some(("have", value)) if have.is_none() => {
                let hashes = list(value, PageHash::parse);
                have = Some(hashes.ok_or("have应为图片的标识，以逗号分开，至多100个。")?);
            }
            _ => return Err("只能给出width、want和have，各一次。".to_owned()),
        }
    }
    Ok(Wanted {
        width: width.unwrap_or(Width::USUAL),
        pages: pages.unwrap_or_default(),
        have: have.unwrap_or_default(),
    })
}

/// Parses a list with commas, which may be percent-encoded. An empty text is an empty list.
fn list<T>(value: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let value = value.replace("%2C", ",").replace("%2c", ",");
    if value.is_empty() {
        return Some(Vec::new());
    }
    let entries: Vec<T> = value.split(',').map(parse).collect::<Option<_>>()?;
    (entries.len() <= LONGEST_LIST).then_some(entries)
}

fn page(value: &str) -> Option<usize> {
    whole(value).filter(|page| (1..=9999).contains(page)).map(usize::from)
}

/// Parses digits only; `parse` alone accepts a sign.
fn whole(value: &str) -> Option<u16> {
    value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_LIST, read};
    use crate::render::engine::page_pictures::{PageHash, Wanted};
    use crate::render::engine::picture::Width;

    #[test]
    fn a_query_is_parsed_completely_or_refused() {
        let hash = "0123456789abcdef0123456789abcdef";
        let nothing = Wanted { width: Width::USUAL, pages: Vec::new(), have: Vec::new() };
        assert_eq!(read(""), Ok(nothing.clone()));
        assert_eq!(read("want=&have="), Ok(nothing));
        let all = Wanted {
            width: Width::new(620).unwrap(),
            pages: vec![1, 12],
            have: vec![PageHash::parse(hash).unwrap()],
        };
        assert_eq!(read(&format!("width=620&want=1,12&have={hash}")), Ok(all.clone()));
        assert_eq!(read(&format!("have={hash}&want=1%2C12&width=620")), Ok(all));
        assert!(read(&format!("want={}", vec!["9"; LONGEST_LIST].join(","))).is_ok());
        let too_long = format!("want={}", vec!["9"; LONGEST_LIST + 1].join(","));
        let refused = ["want=0", "want=1,,2", "want=+1", "want=10000", "want=1&want=2", "have=1"];
        for query in refused.into_iter().chain(["width=99", "page=1", "want", &*too_long]) {
            assert!(read(query).is_err(), "{query}");
        }
    }
}
