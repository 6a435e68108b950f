use proptest::prelude::*;
use types::name::{NameError, NameKind, NameReason, ProjectName, RepositoryName, Tag, UserName};

fn reason<T>(parsed: Result<T, NameError>) -> Option<NameReason> {
    parsed.err().map(|error| error.reason)
}

#[test]
fn project_names_have_single_separators_and_no_upper_case() {
    for good in ["a", "0", "library", "a-b", "a.b_c-d", "1team", &"a".repeat(255)] {
        assert_eq!(good.parse::<ProjectName>().as_ref().map(ProjectName::as_str), Ok(good), "{good}");
    }
    for bad in ["A", "a b", "-a", "a-", "a--b", "a__b", "a..b", "a/b", "a:b", "ä", "a\n", "a\0", ".", "a.-b"]
    {
        assert_eq!(reason(bad.parse::<ProjectName>()), Some(NameReason::ProjectGrammar), "{bad:?}");
    }
    assert_eq!(reason("".parse::<ProjectName>()), Some(NameReason::Empty));
    let too_long = reason("a".repeat(256).parse::<ProjectName>());
    assert_eq!(too_long, Some(NameReason::TooLong { max_bytes: 255 }));
}

#[test]
fn repository_names_are_split_at_their_first_slash() {
    for (good, project, path) in [
        ("library/nginx", "library", "nginx"),
        ("a/b/c", "a", "b/c"),
        ("a/b__c/d---e.f_g", "a", "b__c/d---e.f_g"),
        ("a--b/c", "a--b", "c"),
        ("a/manifests/blobs", "a", "manifests/blobs"),
    ] {
        let name: RepositoryName = good.parse().unwrap();
        assert_eq!((name.as_str(), name.project(), name.path()), (good, project, path));
    }
}

#[test]
fn repository_names_outside_the_grammar_are_refused() {
    for bad in [
        "A/b", "a/B", "a//b", "/a/b", "a/b/", "a/b___c", "a/b..c", "a/b._c", "a/-b", "a/b-", "a/.", "a/..",
        "a/../b", "a/b c", "a/b:c", "a/b@c", "a/b%2f", "a/ä",
    ] {
        assert_eq!(reason(bad.parse::<RepositoryName>()), Some(NameReason::RepositoryGrammar), "{bad:?}");
    }
    assert_eq!(reason("nginx".parse::<RepositoryName>()), Some(NameReason::MissingProject));
    assert_eq!(reason("".parse::<RepositoryName>()), Some(NameReason::Empty));
}

#[test]
fn the_length_of_a_repository_name_counts_the_project() {
    let project: ProjectName = "team".parse().unwrap();
    let fits = RepositoryName::from_parts(&project, &"a".repeat(250)).unwrap();
    assert_eq!(fits.as_str().len(), 255);
    let too_long = reason(RepositoryName::from_parts(&project, &"a".repeat(251)));
    assert_eq!(too_long, Some(NameReason::TooLong { max_bytes: 255 }));
    assert_eq!(reason(RepositoryName::from_parts(&project, "")), Some(NameReason::RepositoryGrammar));
}

#[test]
fn user_names_refuse_the_forbidden_characters() {
    for good in ["admin", "Jane Doe", "jane@example.com", "ユーザー", "robot$".trim_end_matches('$')] {
        assert_eq!(good.parse::<UserName>().as_ref().map(UserName::as_str), Ok(good), "{good}");
    }
    for bad in ["a,b", "a\"b", "a~b", "a#b", "a%b", "a$b", "a\nb", "a\0", "\u{7f}"] {
        assert_eq!(reason(bad.parse::<UserName>()), Some(NameReason::UserCharacters), "{bad:?}");
    }
    assert_eq!(reason("ä".repeat(128).parse::<UserName>()), Some(NameReason::TooLong { max_bytes: 255 }));
}

#[test]
fn tags_have_at_most_128_characters_and_do_not_start_with_a_separator() {
    for good in ["latest", "_x", "1.2.3", "v1-RC.2", "A", &"t".repeat(128)] {
        assert_eq!(good.parse::<Tag>().as_ref().map(Tag::as_str), Ok(good), "{good}");
    }
    for bad in [".a", "-a", "a/b", "a:b", "a b", "a+b", "ä", "a\n", "sha256:00"] {
        assert_eq!(reason(bad.parse::<Tag>()), Some(NameReason::TagGrammar), "{bad:?}");
    }
    assert_eq!(reason("".parse::<Tag>()), Some(NameReason::Empty));
    assert_eq!(reason("t".repeat(129).parse::<Tag>()), Some(NameReason::TooLong { max_bytes: 128 }));
}

#[test]
fn a_refused_name_is_told_its_kind_and_rule() {
    let error = "nginx".parse::<RepositoryName>().unwrap_err();
    assert_eq!(error.kind, NameKind::Repository);
    assert_eq!(
        error.to_string(),
        "invalid repository name: it must start with a project, as in project/repository"
    );
    assert_eq!(error.reason.code(), "missing_project");
}

#[test]
fn json_is_a_string_and_is_checked() {
    let name: RepositoryName = serde_json::from_str("\"a/b\"").unwrap();
    assert_eq!(serde_json::to_string(&name).unwrap(), "\"a/b\"");
    assert!(serde_json::from_str::<RepositoryName>("\"b\"").is_err());
    assert!(serde_json::from_str::<ProjectName>("\"A\"").is_err());
    assert!(serde_json::from_str::<Tag>("\"-\"").is_err());
    assert!(serde_json::from_str::<UserName>("7").is_err());
}

proptest! {
    #[test]
    fn every_project_of_the_grammar_is_accepted(text in "[a-z0-9]{1,9}([._-][a-z0-9]{1,9}){0,5}") {
        prop_assert_eq!(text.parse::<ProjectName>().unwrap().to_string(), text);
    }

    #[test]
    fn every_repository_of_the_grammar_is_accepted(
        text in "[a-z0-9]{1,5}((\\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}(/[a-z0-9]{1,5}((\\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}){1,4}"
    ) {
        let name: RepositoryName = text.parse().unwrap();
        prop_assert_eq!(format!("{}/{}", name.project(), name.path()), text);
    }

    #[test]
    fn every_tag_of_the_grammar_is_accepted(text in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}") {
        prop_assert_eq!(text.parse::<Tag>().unwrap().to_string(), text);
    }

    #[test]
    fn any_text_is_refused_or_kept_as_it_is(text in any::<String>()) {
        if let Ok(name) = text.parse::<ProjectName>() { prop_assert_eq!(name.as_str(), &text); }
        if let Ok(name) = text.parse::<RepositoryName>() { prop_assert_eq!(name.as_str(), &text); }
        if let Ok(name) = text.parse::<UserName>() { prop_assert_eq!(name.as_str(), &text); }
        if let Ok(name) = text.parse::<Tag>() { prop_assert_eq!(name.as_str(), &text); }
    }

    #[test]
    fn text_near_the_grammar_never_escapes_it(text in "[a-zA.:/_ -]{0,12}") {
        let is_word = |c: char| c.is_ascii_lowercase();
        if let Ok(name) = text.parse::<RepositoryName>() {
            prop_assert!(name.path().split('/').all(|part| part.starts_with(is_word) && part.ends_with(is_word)));
            prop_assert!(!text.contains("..") && !text.contains("___") && !text.contains([' ', ':', 'A']));
        }
        if let Ok(name) = text.parse::<ProjectName>() {
            prop_assert!(RepositoryName::from_parts(&name, "x").is_ok());
        }
    }
}
