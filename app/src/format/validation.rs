//! Which rule a text breaks that somebody fills in, in words. The rules themselves are those of `types`.
//!
//! Every function answers nothing for a text that may be sent.

use crate::i18n::{Locale, td_string};
use std::str::FromStr;
use types::{
    name::{NameError, NameReason, ProjectName, Tag, UserName},
    validate::{self, FieldError, MAX_PASSWORD_BYTES, MIN_PASSWORD_BYTES, PasswordError},
};

/// The name of an account.
pub fn username(locale: Locale, text: &str) -> Option<String> {
    name::<UserName>(locale, text)
}

/// The name of a project.
pub fn project_name(locale: Locale, text: &str) -> Option<String> {
    name::<ProjectName>(locale, text)
}

/// A tag.
pub fn tag(locale: Locale, text: &str) -> Option<String> {
    name::<Tag>(locale, text)
}

/// An e-mail address.
pub fn email(locale: Locale, text: &str) -> Option<String> {
    validate::email(text).err().map(|error| field_rule(locale, error))
}

/// The name of a person.
pub fn realname(locale: Locale, text: &str) -> Option<String> {
    validate::realname(text).err().map(|error| field_rule(locale, error))
}

/// A remark about a person.
pub fn comment(locale: Locale, text: &str) -> Option<String> {
    validate::comment(text).err().map(|error| field_rule(locale, error))
}

/// A password: the first rule it breaks.
pub fn password(locale: Locale, text: &str) -> Option<String> {
    let rule = match validate::password(text).err()? {
        PasswordError::TooShort => td_string!(locale, validation.too_short, min = MIN_PASSWORD_BYTES),
        PasswordError::TooLong => td_string!(locale, validation.too_long, max = MAX_PASSWORD_BYTES),
        PasswordError::NoLowercase => td_string!(locale, validation.no_lowercase).to_owned(),
        PasswordError::NoUppercase => td_string!(locale, validation.no_uppercase).to_owned(),
        PasswordError::NoDigit => td_string!(locale, validation.no_digit).to_owned(),
    };
    Some(rule)
}

fn name<N: FromStr<Err = NameError>>(locale: Locale, text: &str) -> Option<String> {
    text.parse::<N>().err().map(|error| name_rule(locale, error.reason))
}

fn name_rule(locale: Locale, reason: NameReason) -> String {
    let rule = match reason {
        NameReason::Empty => td_string!(locale, validation.empty),
        NameReason::TooLong { max_bytes } => return td_string!(locale, validation.too_long, max = max_bytes),
        NameReason::MissingProject => td_string!(locale, validation.missing_project),
        NameReason::ProjectGrammar | NameReason::RobotGrammar => {
            td_string!(locale, validation.project_grammar)
        }
        NameReason::RepositoryGrammar => td_string!(locale, validation.repository_grammar),
        NameReason::UserCharacters => td_string!(locale, validation.characters),
        NameReason::TagGrammar => td_string!(locale, validation.tag_grammar),
    };
    rule.to_owned()
}

fn field_rule(locale: Locale, error: FieldError) -> String {
    let rule = match error {
        FieldError::Empty => td_string!(locale, validation.empty),
        FieldError::TooLong { max_bytes } => return td_string!(locale, validation.too_long, max = max_bytes),
        FieldError::Characters => td_string!(locale, validation.characters),
        FieldError::NotAnAddress => td_string!(locale, validation.not_an_address),
        FieldError::NotALanguage => td_string!(locale, validation.not_a_language),
    };
    rule.to_owned()
}

/// One thing that a password must have, for a list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRule {
    /// Enough characters, and not too many.
    Length,
    /// A lower-case letter.
    Lowercase,
    /// An upper-case letter.
    Uppercase,
    /// A digit.
    Digit,
}

impl PasswordRule {
    /// Every rule, in the order they are read.
    pub const ALL: [Self; 4] = [Self::Length, Self::Lowercase, Self::Uppercase, Self::Digit];

    /// Whether a password keeps the rule.
    pub fn is_met(self, text: &str) -> bool {
        let has = |wanted: fn(&u8) -> bool| text.as_bytes().iter().any(wanted);
        match self {
            Self::Length => (MIN_PASSWORD_BYTES..=MAX_PASSWORD_BYTES).contains(&text.len()),
            Self::Lowercase => has(u8::is_ascii_lowercase),
            Self::Uppercase => has(u8::is_ascii_uppercase),
            Self::Digit => has(u8::is_ascii_digit),
        }
    }

    /// What the rule asks for.
    pub fn text(self, locale: Locale) -> String {
        let rule = match self {
            Self::Length => {
                let (min, max) = (MIN_PASSWORD_BYTES, MAX_PASSWORD_BYTES);
                return td_string!(locale, validation.rule_length, min = min, max = max);
            }
            Self::Lowercase => td_string!(locale, validation.rule_lowercase),
            Self::Uppercase => td_string!(locale, validation.rule_uppercase),
            Self::Digit => td_string!(locale, validation.rule_digit),
        };
        rule.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Locale = Locale::en_us;

    #[test]
    fn a_text_within_its_rule_says_nothing() {
        assert_eq!(username(EN, "ann"), None);
        assert_eq!(project_name(EN, "team-web"), None);
        assert_eq!(tag(EN, "v1.0_x"), None);
        assert_eq!(email(EN, "ann@example.org"), None);
        assert_eq!(realname(EN, "Ann 安"), None);
        assert_eq!(comment(EN, ""), None);
        assert_eq!(password(EN, "Harbour7!"), None);
    }

    #[test]
    fn a_broken_rule_is_told_in_the_readers_language() {
        let told = username(EN, "a,b").unwrap();
        assert!(told.contains(", \" ~ # % $"), "{told}");
        assert!(username(Locale::zh_cn, "a,b").unwrap().contains("不能包含"));
        assert!(comment(EN, &"x".repeat(31)).unwrap().contains("30"));
        assert!(password(EN, "Ab1").unwrap().contains('8'));
        assert!(email(EN, "ann@host").is_some());
        assert!(project_name(EN, "Team").is_some() && tag(EN, ".x").is_some() && realname(EN, "").is_some());
    }

    #[test]
    fn the_list_of_rules_asks_for_what_the_rule_of_passwords_asks_for() {
        let long = "aA1".repeat(43);
        for text in ["", "short1A", "harbour77", "HARBOUR77", "Harbourrr", "Harbour77", "Hafen77äöü", &long]
        {
            let is_met = PasswordRule::ALL.into_iter().all(|rule| rule.is_met(text));
            assert_eq!(is_met, validate::password(text).is_ok(), "{text}");
        }
    }
}
