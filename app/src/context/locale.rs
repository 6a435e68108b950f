//! The language of the page.

use crate::{
    browser,
    i18n::{Locale, use_i18n},
    preferences::lang_tag,
};
use leptos::prelude::*;
use leptos_i18n::context::{CookieOptions, init_i18n_subcontext_with_options};
use leptos_use::UseLocalesOptions;

/// Starts every translation with `initial`, and keeps `<html lang>` true when the language changes.
///
/// The server has decided the language by then: the library's own search by cookie and header is not asked.
pub fn provide_locale(initial: Locale) {
    let no_header = UseLocalesOptions::default().ssr_lang_header_getter(|| None);
    provide_context(init_i18n_subcontext_with_options::<Locale>(
        Some(Signal::stored(initial)),
        None,
        None::<CookieOptions<Locale>>,
        Some(no_header),
    ));
    let i18n = use_i18n();
    Effect::new(move || browser::set_language(lang_tag(i18n.get_locale())));
}
