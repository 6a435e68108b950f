//! The colours of the page.

use crate::{browser, preferences::theme_attribute};
use leptos::prelude::*;
use types::preference::Theme;

#[derive(Clone, Copy)]
struct ThemeContext(RwSignal<Theme>);

/// Starts with `initial`, and keeps `<html data-theme>` true when the theme changes.
pub fn provide_theme(initial: Theme) {
    let theme = RwSignal::new(initial);
    provide_context(ThemeContext(theme));
    Effect::new(move || browser::set_theme(theme_attribute(theme.get())));
}

/// The theme of this page.
pub fn use_theme() -> RwSignal<Theme> {
    expect_context::<ThemeContext>().0
}
