use proptest::prelude::*;
use types::validate::{FieldError, PasswordError, comment, email, locale, password, realname};

#[test]
fn a_password_needs_length_and_three_kinds_of_characters() {
    let longest = format!("aA1{}", "x".repeat(125));
    for good in ["Harbor12345", "aaaaaaA1", "Pässwort1", "aA1 \t~\"#", &longest] {
        assert_eq!(password(good), Ok(()), "{good}");
    }
    let too_long = format!("{longest}x");
    let table = [
        ("", PasswordError::TooShort),
        ("aaaaaA1", PasswordError::TooShort),
        (too_long.as_str(), PasswordError::TooLong),
        ("AAAAAAA1", PasswordError::NoLowercase),
        ("ääääAAA1", PasswordError::NoLowercase),
        ("aaaaaaa1", PasswordError::NoUppercase),
        ("aaaaaaaÄ1", PasswordError::NoUppercase),
        ("aaaaaaaA", PasswordError::NoDigit),
        ("aaaaaaA٣", PasswordError::NoDigit),
    ];
    for (bad, error) in table {
        assert_eq!(password(bad), Err(error), "{bad}");
    }
}

#[test]
fn addresses_are_accepted() {
    for good in [
        "a@b.co",
        "jane.doe+tag@mail.example.com",
        "\"jane doe\"@example.com",
        "\"a@b\"@example.com",
        "a@[192.168.0.1]",
        "ü@example.org",
        "a@x-y.de",
    ] {
        assert_eq!(email(good), Ok(()), "{good}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for bad in [
        "a",
        "@",
        "a@",
        "@b.co",
        "a@b",
        "a@b.c",
        "a@b.c0m",
        "a@.co",
        "a@b..co",
        "a@b.co.",
        ".a@b.co",
        "a.@b.co",
        "a..b@c.de",
        "a b@c.de",
        "a@b@c.de",
        "a,b@c.de",
        "a@b c.de",
        "\"\"@b.co",
        "\"@b.co",
        "a@[1.2.3]",
        "a@[1.2.3.4.5]",
        "a@[1.2.3.1234]",
        "a@[1.2.3.x]",
        "a@b.co\n",
        "a\r\nBcc: x@b.co",
        "a@bücher.de",
    ] {
        assert_eq!(email(bad), Err(FieldError::NotAnAddress), "{bad:?}");
    }
    assert_eq!(email(""), Err(FieldError::Empty));
    let long = format!("{}@example.com", "a".repeat(255));
    assert_eq!(email(&long), Err(FieldError::TooLong { max_bytes: 255 }));
}

#[test]
fn a_real_name_is_needed_and_has_no_forbidden_characters() {
    for good in ["Jane Doe", "J", "李雷", &"a".repeat(255)] {
        assert_eq!(realname(good), Ok(()), "{good}");
    }
    for bad in ["a,b", "a\"b", "a~b", "a#b", "a%b", "a$b", "a\nb"] {
        assert_eq!(realname(bad), Err(FieldError::Characters), "{bad:?}");
    }
    assert_eq!(realname(""), Err(FieldError::Empty));
    assert_eq!(realname(&"a".repeat(256)), Err(FieldError::TooLong { max_bytes: 255 }));
}

#[test]
fn a_comment_has_at_most_thirty_bytes() {
    for good in ["", "from onboarding", &"a".repeat(30), &"ä".repeat(15)] {
        assert_eq!(comment(good), Ok(()), "{good}");
    }
    for bad in ["a".repeat(31), "ä".repeat(16)] {
        assert_eq!(comment(&bad), Err(FieldError::TooLong { max_bytes: 30 }), "{bad}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>(), near in "[a\"@.\\[\\]0-9é -]{0,16}") {
        for text in [&text, &near] {
            let _ = (email(text), password(text), realname(text), comment(text));
        }
    }

    #[test]
    fn an_accepted_address_has_one_line_and_an_at(near in "[a-c\"@.\\[\\]0-9\r\n-]{0,16}") {
        if email(&near).is_ok() {
            prop_assert!(near.contains('@') && !near.contains(char::is_control));
        }
    }
}

#[test]
fn a_language_is_named_by_letters_digits_and_hyphens() {
    let longest = "a".repeat(35);
    for good in ["en", "en-US", "zh-Hans-CN", "es-419", &longest] {
        assert_eq!(locale(good), Ok(()), "{good}");
    }
    for bad in ["e", "en_US", "en US", "en-US;", "é1", "\u{0}\u{0}"] {
        assert_eq!(locale(bad), Err(FieldError::NotALanguage), "{bad:?}");
    }
    assert_eq!(locale(""), Err(FieldError::Empty));
    assert_eq!(locale(&"a".repeat(36)), Err(FieldError::TooLong { max_bytes: 35 }));
}
