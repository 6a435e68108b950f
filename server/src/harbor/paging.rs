//! The query string, and lists with their headers. Source: `harbor.md` §4.1; Harbor `src/server/v2.0/handler/base.go`.

use std::convert::Infallible;

use axum::{
    Json,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use types::{
    page::{Listed, Page},
    query::{ListQuery, ListQueryError},
};

use super::{error::Refusal, extract::is_true};

const TOTAL: HeaderName = HeaderName::from_static("x-total-count");

/// The query string, with the path it belongs to.
pub(super) struct Params {
    path: String,
    pairs: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.uri.path(), parts.uri.query()))
    }
}

impl Params {
    fn of(path: &str, query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        Self { path: path.to_owned(), pairs }
    }

    /// One value; the last counts, and an empty one is as if it were not there.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        let found = self.pairs.iter().rev().find(|(known, _)| known == key);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// One value that must be there.
    pub(super) fn required(&self, key: &str) -> Result<&str, Refusal> {
        self.text(key).ok_or_else(|| Refusal::unprocessable(format!("{key} in query is required")))
    }

    /// One value that is a flag.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.text(key).map(is_true)
    }

    fn number(&self, key: &str) -> Result<Option<u64>, Refusal> {
        let number = self.text(key).map(str::parse).transpose();
        number.map_err(|_| Refusal::unprocessable(format!("{key} in query must be a number of 0 or more")))
    }

    /// The common parameters of lists.
    pub(super) fn list_query(&self) -> Result<ListQuery, Refusal> {
        let (page, size) = (self.number("page")?, self.number("page_size")?);
        ListQuery::parse(page, size, self.text("q"), self.text("sort")).map_err(|error| match error {
            ListQueryError::Page(_) => {
                Refusal::unprocessable("page_size in query should be less than or equal to 100")
            }
            ListQueryError::Query(error) => Refusal::bad(error.to_string()),
        })
    }

    /// Answers one page of a list.
    pub(super) fn answer<T: Serialize>(&self, page: Page, listed: &Listed<T>) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(TOTAL, HeaderValue::from(listed.total));
        if let Some(link) = self.link(page, listed.total) {
            headers.insert(header::LINK, link);
        }
        (headers, Json(&listed.items)).into_response()
    }

    fn link(&self, page: Page, total: u64) -> Option<HeaderValue> {
        let mut links = Vec::new();
        let before = page.number.saturating_sub(1);
        if page.has_previous() && before.saturating_mul(page.size) <= total {
            links.push(format!("<{}>; rel=\"prev\"", self.url(before, page.size)));
        }
        if page.has_next(total) {
            links.push(format!("<{}>; rel=\"next\"", self.url(page.number.saturating_add(1), page.size)));
        }
        if links.is_empty() { None } else { HeaderValue::from_str(&links.join(" , ")).ok() }
    }

    /// The address of another page: keys in order, and unescaped unless that would break the header.
    fn url(&self, number: u64, size: u64) -> String {
        let others = self.pairs.iter().filter(|(key, _)| key != "page" && key != "page_size");
        let mut pairs: Vec<(&str, String)> =
            others.map(|(key, value)| (key.as_str(), value.clone())).collect();
        pairs.push(("page", number.to_string()));
        pairs.push(("page_size", size.to_string()));
        pairs.sort_by_key(|(key, _)| *key);
        let escaped = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let spaced = escaped.replace('+', " ");
        let plain = percent_decode_str(&spaced).decode_utf8().ok();
        let plain =
            plain.filter(|plain| plain.chars().all(|c| (' '..='~').contains(&c) && !"<>\"".contains(c)));
        format!("{}?{}", self.path, plain.as_deref().unwrap_or(&escaped))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(query: &str, total: u64) -> Option<String> {
        let params = Params::of("/api/v2.0/projects", Some(query));
        let page = params.list_query().unwrap().page;
        params.link(page, total).map(|link| link.to_str().unwrap().to_owned())
    }

    #[test]
    fn links_lead_to_the_pages_beside() {
        let url = |page: u64| format!("</api/v2.0/projects?page={page}&page_size=2>");
        assert_eq!(link("page_size=2", 2), None);
        assert_eq!(link("page_size=2", 3), Some(format!("{}; rel=\"next\"", url(2))));
        let both = format!("{}; rel=\"prev\" , {}; rel=\"next\"", url(1), url(3));
        assert_eq!(link("page_size=2&page=2", 5), Some(both));
        assert_eq!(link("page_size=2&page=3", 5), Some(format!("{}; rel=\"prev\"", url(2))));
        assert_eq!(link("page_size=2&page=9", 5), None, "far behind the end");
    }

    #[test]
    fn links_are_unescaped_unless_the_header_would_break() {
        let next = |query: &str| link(query, 50).unwrap();
        assert_eq!(
            next("q=name%3D~a+b&sort=-name"),
            "</api/v2.0/projects?page=2&page_size=10&q=name=~a b&sort=-name>; rel=\"next\""
        );
        assert_eq!(
            next("q=a%3D%0D%0AX"),
            "</api/v2.0/projects?page=2&page_size=10&q=a%3D%0D%0AX>; rel=\"next\""
        );
    }

    #[test]
    fn the_last_of_several_values_counts_and_an_empty_one_is_absent() {
        let params = Params::of("/", Some("a=1&a=2&b="));
        assert_eq!(params.text("a"), Some("2"));
        assert_eq!(params.text("b"), None);
        assert!(params.required("b").is_err());
    }
}
