//! A client of one registry.

mod blob;
mod connection;
mod error;
mod manifest;
mod pull;

use bytes::Bytes;
use data_encoding::BASE64;
use http::{
    HeaderMap, HeaderValue, Method, Request, StatusCode, Uri,
    header::{AUTHORIZATION, HOST},
    request::Builder,
};
use hyper::body::Incoming;
use serde::Deserialize;

use connection::{Connection, Upload};
pub use error::Error;
use error::what;
pub use manifest::{Manifest, Page};
pub use pull::Pulled;

/// Longest answer that is kept in memory: manifests, lists, tokens.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;
/// As much of a refusal's body as an error quotes.
const QUOTE: usize = 300;
/// What Harbor's token service and ours call themselves.
const SERVICE: &str = "harbor-registry";

/// One client with one keep-alive connection, opened when it is first needed and again when the server has closed it.
///
/// A request that is given up half way takes the connection with it; the next one opens another.
pub struct Client {
    authority: String,
    authorization: Option<HeaderValue>,
    connection: Option<Connection>,
}

/// An answer read to its end.
struct Answer {
    what: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Client {
    /// Makes a client of the registry at `base_url`, as in `http://127.0.0.1:8080`. Connects to nothing.
    ///
    /// Errors: `Address` when it is anything but `http://host:port`.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        let authority = base_url.strip_prefix("http://").unwrap_or_default().trim_end_matches('/');
        if authority.is_empty() || authority.contains('/') || !authority.contains(':') {
            return Err(Error::Address(base_url.to_owned()));
        }
        Ok(Self { authority: authority.to_owned(), authorization: None, connection: None })
    }

    /// The same client, sending this bearer token with every request.
    #[must_use]
    pub fn with_token(mut self, token: impl AsRef<str>) -> Self {
        self.set_token(token);
        self
    }

    /// Sends this bearer token from the next request on.
    pub fn set_token(&mut self, token: impl AsRef<str>) {
        self.authorization = HeaderValue::try_from(format!("Bearer {}", token.as_ref())).ok();
    }

    /// Another client with the same address and token, and a connection of its own.
    #[must_use]
    pub fn another(&self) -> Self {
        Self {
            authority: self.authority.clone(),
            authorization: self.authorization.clone(),
            connection: None,
        }
    }

    /// Opens the connection ahead of the first request.
    ///
    /// Errors: `Connect`.
    pub async fn connect(&mut self) -> Result<(), Error> {
        self.connection = Some(self.connected().await?);
        Ok(())
    }

    /// Asks `GET /v2/` and tells the status, whichever it is.
    ///
    /// Errors: `Connect`, `Exchange`.
    pub async fn ping(&mut self) -> Result<StatusCode, Error> {
        Ok(self.ask(self.request(Method::GET, "/v2/"), Upload::empty()).await?.status)
    }

    /// Gets a token for these scopes, such as `repository:library/hello:pull,push`, by user name and password.
    ///
    /// Errors: `Status` when the token service refuses.
    pub async fn fetch_token(
        &mut self,
        user: &str,
        password: &str,
        scopes: &[&str],
    ) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Issued {
            token: String,
        }
        let basic = format!("Basic {}", BASE64.encode(format!("{user}:{password}").as_bytes()));
        let mut request = self.request(Method::GET, &token_path(scopes));
        if let Some(headers) = request.headers_mut() {
            headers.insert(AUTHORIZATION, HeaderValue::try_from(basic).map_err(http::Error::from)?);
        }
        let answer = self.ask(request, Upload::empty()).await?.expect(StatusCode::OK)?;
        Ok(answer.parse::<Issued>()?.token)
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        let request = Request::builder().method(method).uri(path).header(HOST, self.authority.as_str());
        match &self.authorization {
            Some(authorization) => request.header(AUTHORIZATION, authorization),
            None => request,
        }
    }

    /// Sends a request and reads its answer to the end.
    async fn ask(&mut self, request: Builder, upload: Upload) -> Result<Answer, Error> {
        let mut body = Vec::new();
        let (what, status, headers) = self
            .stream(request, upload, |_, piece| {
                if body.len() + piece.len() <= ANSWER_LIMIT {
                    body.extend_from_slice(piece);
                }
            })
            .await?;
        Ok(Answer { what, status, headers, body: body.into() })
    }

    /// Sends a request and hands on its answer's body piece by piece.
    async fn stream(
        &mut self,
        request: Builder,
        upload: Upload,
        mut each: impl FnMut(StatusCode, &Bytes),
    ) -> Result<(String, StatusCode, HeaderMap), Error> {
        let request = request.body(upload)?;
        let what = what(request.method(), request.uri());
        let mut connection = self.connected().await?;
        let response =
            connection.send(request).await.map_err(|error| Error::Exchange(what.clone(), error))?;
        let (head, mut body): (_, Incoming) = response.into_parts();
        while let Some(piece) = connection.next(&mut body).await {
            each(head.status, &piece.map_err(|error| Error::Exchange(what.clone(), error))?);
        }
        self.connection = Some(connection);
        Ok((what, head.status, head.headers))
    }

    async fn connected(&mut self) -> Result<Connection, Error> {
        if let Some(mut connection) = self.connection.take()
            && connection.is_ready().await
        {
            return Ok(connection);
        }
        Connection::open(&self.authority).await
    }
}

impl Answer {
    /// Errors: `Status` when the status is another.
    fn expect(self, status: StatusCode) -> Result<Self, Error> {
        if self.status == status {
            return Ok(self);
        }
        Err(refusal(self.what, self.status, &self.body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| Error::answer(&self.what, error.to_string()))
    }
}

fn refusal(what: String, status: StatusCode, body: &[u8]) -> Error {
    let body = String::from_utf8_lossy(body.get(..QUOTE).unwrap_or(body)).trim().to_owned();
    Error::Status { what, status, body }
}

fn token_path(scopes: &[&str]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("service", SERVICE);
    query.extend_pairs(scopes.iter().map(|scope| ("scope", scope)));
    format!("/service/token?{}", query.finish())
}

/// Brings the `Location` of an upload, absolute or not, to the path and query that a request needs.
fn path_of(location: &str) -> Option<String> {
    let uri: Uri = location.parse().ok()?;
    uri.path_and_query().filter(|_| uri.path().starts_with('/')).map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_taken() {
        for good in ["http://127.0.0.1:80", "http://localhost:5000/"] {
            assert!(Client::new(good).is_ok(), "{good}");
        }
        for bad in ["", "127.0.0.1:80", "https://localhost:443", "http://localhost", "http://localhost:1/v2"]
        {
            assert!(Client::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_token_may_be_for_several_scopes() {
        let path = token_path(&["repository:a/b:pull", "repository:c:push"]);
        let query = "service=harbor-registry&scope=repository%3Aa%2Fb%3Apull&scope=repository%3Ac%3Apush";
        assert_eq!(path, format!("/service/token?{query}"));
    }

    #[test]
    fn a_location_may_be_absolute_or_not() {
        assert_eq!(path_of("/v2/a/blobs/uploads/1?x=2").as_deref(), Some("/v2/a/blobs/uploads/1?x=2"));
        assert_eq!(path_of("http://h:1/v2/a?x=2").as_deref(), Some("/v2/a?x=2"));
        assert_eq!(path_of(""), None);
    }
}
