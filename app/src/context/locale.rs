//! The language of the page. It is one for the life of a document: choosing another loads the page anew.

use crate::i18n::Locale;
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct PageLocale(Locale);

/// Makes the language known to the whole page.
pub fn provide_locale(locale: Locale) {
    provide_context(PageLocale(locale));
}

/// The language of this page, for `td_string!`.
pub fn use_locale() -> Locale {
    use_context::<PageLocale>().map(|locale| locale.0).unwrap_or_default()
}
