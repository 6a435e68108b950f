//! Rules for what people enter about themselves.
//!
//! Lives here: e-mail addresses, passwords, real names, comments and languages. Not here: names that address something, see
//! [`crate::name`]. Invariant: a rule looks at the text alone.
//!
//! Source: Harbor's validation of user profiles.

use crate::name::{MAX_NAME_BYTES, has_forbidden_character};

/// Shortest password, in bytes.
pub const MIN_PASSWORD_BYTES: usize = 8;

/// Longest password, in bytes.
pub const MAX_PASSWORD_BYTES: usize = 128;

/// Longest name of an access token, in bytes.
pub const MAX_TOKEN_NAME_BYTES: usize = 64;

/// Longest comment about a user, in bytes.
pub const MAX_COMMENT_BYTES: usize = 30;

/// Longest tag of a language, in bytes. Source: RFC 5646, section 4.4.1.
pub const MAX_LOCALE_BYTES: usize = 35;

/// The rule a password breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`MIN_PASSWORD_BYTES`] bytes.
    #[error("the password must have at least {MIN_PASSWORD_BYTES} characters")]
    TooShort,
    /// More than [`MAX_PASSWORD_BYTES`] bytes.
    #[error("the password must not be longer than {MAX_PASSWORD_BYTES} bytes")]
    TooLong,
    /// No letter `a` to `z`.
    #[error("the password must have a lower-case letter")]
    NoLowercase,
    /// No letter `A` to `Z`.
    #[error("the password must have an upper-case letter")]
    NoUppercase,
    /// No digit.
    #[error("the password must have a digit")]
    NoDigit,
}

impl PasswordError {
    /// A stable word for the rule, for callers that translate.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::NoLowercase => "no_lowercase",
            Self::NoUppercase => "no_uppercase",
            Self::NoDigit => "no_digit",
        }
    }
}

/// The rule another field breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FieldError {
    /// Nothing was given.
    #[error("it must not be empty")]
    Empty,
    /// More bytes than allowed.
    #[error("it must not be longer than {max_bytes} bytes")]
    TooLong {
        /// The largest length, in bytes.
        max_bytes: usize,
    },
    /// A control character or one of [`crate::name::FORBIDDEN_IN_USER`].
    #[error("it must not contain control characters or any of , \" ~ # % $")]
    Characters,
    /// Not an e-mail address.
    #[error("it must be an e-mail address")]
    NotAnAddress,
    /// Not the tag of a language.
    #[error("it must be the tag of a language, such as en-US")]
    NotALanguage,
}

impl FieldError {
    /// A stable word for the rule, for callers that translate.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Characters => "characters",
            Self::NotAnAddress => "not_an_address",
            Self::NotALanguage => "not_a_language",
        }
    }
}

/// Checks a password, or the secret of a robot or a command line.
///
/// # Errors
/// The first rule the password breaks.
pub fn password(text: &str) -> Result<(), PasswordError> {
    let has = |wanted: fn(&u8) -> bool| text.as_bytes().iter().any(wanted);
    if text.len() < MIN_PASSWORD_BYTES {
        Err(PasswordError::TooShort)
    } else if text.len() > MAX_PASSWORD_BYTES {
        Err(PasswordError::TooLong)
    } else if !has(u8::is_ascii_lowercase) {
        Err(PasswordError::NoLowercase)
    } else if !has(u8::is_ascii_uppercase) {
        Err(PasswordError::NoUppercase)
    } else if !has(u8::is_ascii_digit) {
        Err(PasswordError::NoDigit)
    } else {
        Ok(())
    }
}

/// Checks an e-mail address: a local part, which may be quoted, and a domain with a top level of at least two
/// letters, or four numbers in brackets.
///
/// # Errors
/// When the text is empty, longer than 255 bytes, or no address.
pub fn email(text: &str) -> Result<(), FieldError> {
    check_length(text, MAX_NAME_BYTES)?;
    let is_address = text.rsplit_once('@').is_some_and(|(local, domain)| {
        is_local_part(local) && (is_domain(domain) || is_address_literal(domain))
    });
    if is_address { Ok(()) } else { Err(FieldError::NotAnAddress) }
}

/// Checks a real name.
///
/// # Errors
/// When the text is empty, longer than 255 bytes, or has a forbidden character.
pub fn realname(text: &str) -> Result<(), FieldError> {
    check_length(text, MAX_NAME_BYTES)?;
    if has_forbidden_character(text) { Err(FieldError::Characters) } else { Ok(()) }
}

/// Checks what somebody calls an access token.
///
/// # Errors
/// When the text is empty, longer than [`MAX_TOKEN_NAME_BYTES`], or has a forbidden character.
pub fn token_name(text: &str) -> Result<(), FieldError> {
    check_length(text, MAX_TOKEN_NAME_BYTES)?;
    if has_forbidden_character(text) { Err(FieldError::Characters) } else { Ok(()) }
}

/// Checks a comment about a user; it may be empty.
///
/// # Errors
/// When the text is longer than [`MAX_COMMENT_BYTES`].
pub fn comment(text: &str) -> Result<(), FieldError> {
    if text.len() > MAX_COMMENT_BYTES {
        Err(FieldError::TooLong { max_bytes: MAX_COMMENT_BYTES })
    } else {
        Ok(())
    }
}

/// Checks the tag of a language: 2 to [`MAX_LOCALE_BYTES`] letters, digits and hyphens. Whether the language is known
/// is not asked.
///
/// # Errors
/// When the text is empty, too long, or no tag.
pub fn locale(text: &str) -> Result<(), FieldError> {
    check_length(text, MAX_LOCALE_BYTES)?;
    let is_tag = text.len() >= 2 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_tag { Ok(()) } else { Err(FieldError::NotALanguage) }
}

fn check_length(text: &str, max_bytes: usize) -> Result<(), FieldError> {
    if text.is_empty() {
        Err(FieldError::Empty)
    } else if text.len() > max_bytes {
        Err(FieldError::TooLong { max_bytes })
    } else {
        Ok(())
    }
}

fn is_local_part(local: &str) -> bool {
    let quoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = quoted {
        return !inner.is_empty() && !inner.contains(char::is_control);
    }
    let is_atom_character = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[]\\,;:@\"".contains(c);
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_character))
}

fn is_domain(domain: &str) -> bool {
    domain.rsplit_once('.').is_some_and(|(labels, top)| {
        let is_label =
            |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        labels.split('.').all(is_label) && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic())
    })
}

fn is_address_literal(domain: &str) -> bool {
    let is_number = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|inner| inner.split('.').count() == 4 && inner.split('.').all(is_number))
}
