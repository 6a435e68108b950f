//! Addresses below `/v2`.

use proptest::prelude::*;

use super::*;

const SHA256: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn name(text: &str) -> RepositoryName {
    text.parse().unwrap()
}

fn digest() -> Digest {
    SHA256.parse().unwrap()
}

fn tag(text: &str) -> Reference {
    Reference::Tag(text.parse().unwrap())
}

#[test]
fn known_forms_are_understood() {
    let cases = [
        ("", Route::Base),
        ("/", Route::Base),
        ("//", Route::Base),
        ("/_catalog", Route::Catalog),
        ("/library/web/tags/list", Route::Tags(name("library/web"))),
        ("/library/web/manifests/latest", Route::Manifest(name("library/web"), tag("latest"))),
        ("/library/a/b/c/manifests/v1", Route::Manifest(name("library/a/b/c"), tag("v1"))),
        ("/library/web/blobs/uploads/", Route::Uploads(name("library/web"))),
        ("/library/web/blobs/uploads", Route::Uploads(name("library/web"))),
        ("/library/web/blobs/uploads/some-id", Route::Upload(name("library/web"), "some-id".to_owned())),
        ("//library///web//manifests//latest", Route::Manifest(name("library/web"), tag("latest"))),
    ];
    for (path, route) in cases {
        assert_eq!(parse(path), Ok(route), "{path}");
    }
}

#[test]
fn digests_are_understood_where_they_may_stand() {
    let repository = name("library/web");
    assert_eq!(parse(&format!("/library/web/blobs/{SHA256}")), Ok(Route::Blob(repository.clone(), digest())));
    assert_eq!(
        parse(&format!("/library/web/manifests/{SHA256}")),
        Ok(Route::Manifest(repository.clone(), Reference::Digest(digest())))
    );
    assert_eq!(
        parse(&format!("/library/web/referrers/{SHA256}")),
        Ok(Route::Referrers(repository, digest()))
    );
}

#[test]
fn names_may_contain_the_words_of_the_addresses() {
    let cases = [
        ("/library/manifests/manifests/latest", Route::Manifest(name("library/manifests"), tag("latest"))),
        ("/library/tags/list/tags/list", Route::Tags(name("library/tags/list"))),
        ("/manifests/tags/tags/list", Route::Tags(name("manifests/tags"))),
        ("/library/blobs/uploads/manifests/v1", Route::Manifest(name("library/blobs/uploads"), tag("v1"))),
        ("/library/blobs/blobs/uploads/", Route::Uploads(name("library/blobs"))),
        ("/library/web/manifests/uploads", Route::Manifest(name("library/web"), tag("uploads"))),
        ("/blobs/uploads/blobs/uploads/x", Route::Upload(name("blobs/uploads"), "x".to_owned())),
    ];
    for (path, route) in cases {
        assert_eq!(parse(path), Ok(route), "{path}");
    }
}

#[test]
fn unknown_forms_are_told_apart_from_bad_names() {
    for path in [
        "/library",
        "/library/web",
        "/_catalog/",
        "/_catalog/x",
        "/_oci/ext/discover",
        "/library/web/manifests",
        "/library/web/manifests/latest/",
        "/library/web/tags",
        "/library/web/tags/list/",
        "/manifests/latest",
        "/tags/list",
        "/blobs/uploads/",
    ] {
        assert_eq!(parse(path), Err(RouteError::Unknown), "{path}");
    }
    for path in [
        "/web/manifests/latest",
        "/Library/web/manifests/latest",
        "/library/We b/tags/list",
        "/library/web_/blobs/uploads/",
        "/../etc/manifests/latest",
        "/library/web/../other/manifests/latest",
    ] {
        assert!(matches!(parse(path), Err(RouteError::Name(_))), "{path}");
    }
    let long = format!("/library/{}/manifests/latest", "a".repeat(300));
    assert!(matches!(parse(&long), Err(RouteError::Name(_))));
}

#[test]
fn bad_digests_and_tags_are_named_as_such() {
    for path in [
        "/library/web/blobs/latest",
        "/library/web/blobs/sha256:baddigeststring",
        "/library/web/manifests/sha256:baddigeststring",
        "/library/web/manifests/a:b",
        "/library/web/referrers/latest",
        "/library/web/blobs/md5:d41d8cd98f00b204e9800998ecf8427e",
    ] {
        assert!(matches!(parse(path), Err(RouteError::Digest(_))), "{path}");
    }
    let long = format!("/library/web/manifests/{}", "t".repeat(129));
    for path in
        ["/library/web/manifests/.hidden", "/library/web/manifests/-x", "/library/web/manifests/ü", &long]
    {
        assert!(matches!(parse(path), Err(RouteError::Reference(_))), "{path}");
    }
}

#[test]
fn only_addresses_of_a_repository_have_one() {
    assert_eq!(Route::Base.repository(), None);
    assert_eq!(Route::Catalog.repository(), None);
    assert_eq!(parse("/library/web/tags/list").unwrap().repository(), Some(&name("library/web")));
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(path in ".{0,200}") {
        let _ = parse(&path);
    }

    #[test]
    fn no_mixture_of_its_own_words_makes_the_parser_panic(
        words in prop::collection::vec(
            prop::sample::select(vec!["", "a", "library", "blobs", "uploads", "manifests", "tags", "list", "referrers", SHA256, "_catalog", ".."]),
            0..8,
        ),
    ) {
        let _ = parse(&format!("/{}", words.join("/")));
    }

    #[test]
    fn every_repository_finds_its_manifests(
        repository in "[a-z0-9]{1,8}(/(manifests|blobs|uploads|tags|list|[a-z0-9]{1,8})){1,5}",
        version in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}",
    ) {
        let route = parse(&format!("/{repository}/manifests/{version}"));
        prop_assert_eq!(route, Ok(Route::Manifest(name(&repository), tag(&version))));
    }

    #[test]
    fn references_come_back_as_they_were_written(text in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}") {
        prop_assert_eq!(text.parse::<Reference>().unwrap().to_string(), text);
    }
}
