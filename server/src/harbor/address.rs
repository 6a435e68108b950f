//! What an address below `/projects/{project_name}/repositories/` stands for.
//!
//! Harbor's clients send the name of a repository as one segment, encoded once or twice; names with plain slashes are
//! understood too. The name is decoded twice and never a third time, everything else once. Only a name with a
//! component `artifacts` must be encoded to be understood. Source: `harbor.md` §4.1, repository names with slashes.

use percent_encoding::percent_decode_str;
use service::{Error, Kind};
use types::{
    name::RepositoryName,
    oci::reference::{Reference, ReferenceError},
};

use super::error::Refusal;

/// An address, understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// The repository itself.
    Repository(RepositoryName),
    /// `artifacts`
    Artifacts(RepositoryName),
    /// `artifacts/{reference}`
    Artifact(RepositoryName, Reference),
    /// `artifacts/{reference}/tags`
    Tags(RepositoryName, Reference),
    /// `artifacts/{reference}/tags/{tag_name}`; the tag is as sent.
    Tag(RepositoryName, Reference, String),
    /// `tags/{tag_name}/history`; the tag is as sent. Berth's own.
    TagHistory(RepositoryName, String),
}

/// Reads an address, given as the path of the request as it was sent.
pub(super) fn parse(path: &str) -> Result<Address, Refusal> {
    let unknown = || Refusal::unknown(path);
    let below = path.strip_prefix("/api/v2.0/projects/").ok_or_else(unknown)?;
    let segments: Vec<&str> = below.split('/').collect();
    let [project, "repositories", rest @ ..] = segments.as_slice() else { return Err(unknown()) };
    if rest.iter().any(|segment| segment.is_empty()) {
        return Err(unknown());
    }
    let (name, what) = split(rest).filter(|(name, _)| !name.is_empty()).ok_or_else(unknown)?;
    let name = repository(project, name)?;
    Ok(match what {
        What::Repository => Address::Repository(name),
        What::Artifacts => Address::Artifacts(name),
        What::Artifact(raw) => Address::Artifact(name, reference(raw)?),
        What::Tags(raw) => Address::Tags(name, reference(raw)?),
        What::Tag(raw, tag) => Address::Tag(name, reference(raw)?, decode(tag)?),
        What::TagHistory(tag) => Address::TagHistory(name, decode(tag)?),
    })
}

/// What follows the name, as sent.
enum What<'a> {
    Repository,
    Artifacts,
    Artifact(&'a str),
    Tags(&'a str),
    Tag(&'a str, &'a str),
    TagHistory(&'a str),
}

/// Tells the name from what follows: as Harbor does where the second segment is `artifacts`, else from the end.
fn split<'a>(segments: &'a [&'a str]) -> Option<(&'a [&'a str], What<'a>)> {
    match segments {
        [] => None,
        name @ [_] => Some((name, What::Repository)),
        [_, "artifacts", after @ ..] => Some((segments.get(..1)?, below(after)?)),
        [name @ .., "artifacts", reference, "tags", tag] => Some((name, What::Tag(reference, tag))),
        [name @ .., "artifacts", reference, "tags"] => Some((name, What::Tags(reference))),
        [name @ .., "artifacts", reference] => Some((name, What::Artifact(reference))),
        [name @ .., "artifacts"] => Some((name, What::Artifacts)),
        [name @ .., "tags", tag, "history"] if !name.is_empty() => Some((name, What::TagHistory(tag))),
        name if name.contains(&"artifacts") => None,
        name => Some((name, What::Repository)),
    }
}

/// What follows `artifacts`.
fn below<'a>(after: &'a [&'a str]) -> Option<What<'a>> {
    match after {
        [] => Some(What::Artifacts),
        [reference] => Some(What::Artifact(reference)),
        [reference, "tags"] => Some(What::Tags(reference)),
        [reference, "tags", tag] => Some(What::Tag(reference, tag)),
        _ => None,
    }
}

fn repository(project: &str, segments: &[&str]) -> Result<RepositoryName, Refusal> {
    let path = decode(&decode(&segments.join("/"))?)?;
    let name = format!("{}/{path}", decode(project)?);
    Ok(name.parse().map_err(|error: types::name::NameError| Error::InvalidName(error.to_string()))?)
}

/// Reads a reference. What is neither a tag nor a digest names nothing.
fn reference(raw: &str) -> Result<Reference, Refusal> {
    let text = decode(raw)?;
    Ok(text.parse().map_err(|error| match error {
        ReferenceError::Digest(error) => Error::InvalidDigest(error.to_string()),
        ReferenceError::Tag(_) => Error::NotFound(Kind::Manifest, text.clone()),
    })?)
}

fn decode(text: &str) -> Result<String, Refusal> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| Refusal::bad("the path is no valid UTF-8"))
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn name(text: &str) -> RepositoryName {
        text.parse().unwrap()
    }

    fn tag(text: &str) -> Reference {
        text.parse().unwrap()
    }

    fn at(rest: &str) -> Result<Address, Refusal> {
        parse(&format!("/api/v2.0/projects/library/repositories/{rest}"))
    }

    #[test]
    fn a_name_is_understood_plain_encoded_and_encoded_twice() {
        for written in ["a/b", "a%2Fb", "a%252Fb", "a%2fb"] {
            let name = || name("library/a/b");
            let cases = [
                (written.to_owned(), Address::Repository(name())),
                (format!("{written}/artifacts"), Address::Artifacts(name())),
                (format!("{written}/artifacts/v1"), Address::Artifact(name(), tag("v1"))),
                (format!("{written}/artifacts/{DIGEST}"), Address::Artifact(name(), tag(DIGEST))),
                (format!("{written}/artifacts/v1/tags"), Address::Tags(name(), tag("v1"))),
                (format!("{written}/artifacts/v1/tags/v2"), Address::Tag(name(), tag("v1"), "v2".to_owned())),
            ];
            for (path, expected) in cases {
                assert_eq!(at(&path).unwrap(), expected, "{path}");
            }
        }
    }

    #[test]
    fn the_words_of_addresses_may_be_names_too() {
        let cases = [
            ("artifacts", Address::Repository(name("library/artifacts"))),
            ("tags", Address::Repository(name("library/tags"))),
            ("artifacts/artifacts", Address::Artifacts(name("library/artifacts"))),
            ("a/artifacts/artifacts", Address::Artifact(name("library/a"), tag("artifacts"))),
            ("a/artifacts/tags", Address::Artifact(name("library/a"), tag("tags"))),
            ("a/artifacts/tags/tags", Address::Tags(name("library/a"), tag("tags"))),
            ("a%2Fartifacts", Address::Repository(name("library/a/artifacts"))),
            ("a%252Fartifacts/artifacts", Address::Artifacts(name("library/a/artifacts"))),
            (
                "a/artifacts/v1/tags/artifacts",
                Address::Tag(name("library/a"), tag("v1"), "artifacts".to_owned()),
            ),
            (
                "a/b/artifacts/v1/tags/artifacts",
                Address::Tag(name("library/a/b"), tag("v1"), "artifacts".to_owned()),
            ),
            ("repositories/tags/a", Address::Repository(name("library/repositories/tags/a"))),
        ];
        for (path, expected) in cases {
            assert_eq!(at(path).unwrap(), expected, "{path}");
        }
    }

    #[test]
    fn the_history_of_a_tag_has_an_address_of_its_own() {
        for written in ["a/b", "a%2Fb", "a%252Fb"] {
            let expected = Address::TagHistory(name("library/a/b"), "v1".to_owned());
            assert_eq!(at(&format!("{written}/tags/v1/history")).unwrap(), expected);
        }
        assert_eq!(at("tags/v1/history").unwrap(), Address::Repository(name("library/tags/v1/history")));
    }

    #[test]
    fn a_digest_may_be_encoded() {
        let path = format!("a/artifacts/{}", DIGEST.replace(':', "%3A"));
        assert_eq!(at(&path).unwrap(), Address::Artifact(name("library/a"), tag(DIGEST)));
    }

    #[test]
    fn what_stands_for_nothing_is_refused() {
        let cases = [
            ("", 404),
            ("a/", 404),
            ("a//b", 404),
            ("artifacts/b", 404),
            ("a/artifacts/", 404),
            ("a/artifacts/v1/labels", 404),
            ("a/artifacts/v1/additions/build_history", 404),
            ("a/b/artifacts/v1/accessories", 404),
            ("a/artifacts/v1/tags/v2/more", 404),
            ("a%25252Fb", 400),
            ("UPPER", 400),
            ("a%FF", 400),
            ("a/artifacts/-tag", 404),
            ("a/artifacts/sha256:12", 400),
        ];
        for (path, status) in cases {
            let response = axum::response::IntoResponse::into_response(at(path).unwrap_err());
            assert_eq!(response.status(), status, "{path}");
        }
    }

    fn encoded(text: &str) -> String {
        utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
    }

    /// The path of an address with everything encoded, the name as often as Harbor's clients do.
    fn written(address: &Address) -> String {
        let (name, rest) = match address {
            Address::Repository(name) => (name, String::new()),
            Address::Artifacts(name) => (name, "/artifacts".to_owned()),
            Address::Artifact(name, reference) => {
                (name, format!("/artifacts/{}", encoded(&reference.to_string())))
            }
            Address::Tags(name, reference) => {
                (name, format!("/artifacts/{}/tags", encoded(&reference.to_string())))
            }
            Address::Tag(name, reference, tag) => {
                (name, format!("/artifacts/{}/tags/{}", encoded(&reference.to_string()), encoded(tag)))
            }
            Address::TagHistory(name, tag) => (name, format!("/tags/{}/history", encoded(tag))),
        };
        let (project, path) = (encoded(name.project()), encoded(&encoded(name.path())));
        format!("/api/v2.0/projects/{project}/repositories/{path}{rest}")
    }

    proptest! {
        #[test]
        fn an_address_that_is_understood_is_understood_the_same_when_it_is_encoded(
            segments in prop::collection::vec(
                prop_oneof![
                    2 => prop::sample::select(vec!["artifacts", "tags", "history", "a", "v1", "", DIGEST, "a%2Fb", "a%252Fb", "%2e%2e"])
                        .prop_map(str::to_owned),
                    1 => "[a-zA-Z0-9._%/:-]{0,6}",
                    1 => any::<String>(),
                ],
                0..7,
            ),
        ) {
            if let Ok(address) = at(&segments.join("/")) {
                prop_assert_eq!(parse(&written(&address)).ok(), Some(address));
            }
        }

        #[test]
        fn every_name_is_found_however_often_it_is_encoded(
            path in "[a-z0-9]{1,4}(/([a-z0-9]{1,4}|artifacts|tags)){0,3}",
            reference in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,9}",
            twice: bool,
        ) {
            let name = name(&format!("library/{path}"));
            let once = encoded(&path);
            let sent = if twice { encoded(&once) } else { once };
            let address = at(&format!("{sent}/artifacts/{reference}")).ok();
            prop_assert_eq!(address, Some(Address::Artifact(name, tag(&reference))));
        }
    }
}
