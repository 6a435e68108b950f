//! A sentence that must not be missed.

use crate::components::icon::{Glyph, Icon};
use leptos::prelude::*;

/// How serious a notice is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something failed.
    Danger,
    /// Something to know first.
    Warn,
    /// Something was done.
    Good,
}

/// A sentence with a mark; read out at once when it is about a failure.
#[component]
pub fn Notice(
    /// How serious it is.
    tone: Tone,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let (class, role) = match tone {
        Tone::Danger => ("c-notice c-notice--danger", "alert"),
        Tone::Warn => ("c-notice c-notice--warn", "note"),
        Tone::Good => ("c-notice c-notice--good", "status"),
    };
    let glyph = if tone == Tone::Good { Glyph::Check } else { Glyph::Alert };
    view! {
        <div class=class role=role>
            <Icon glyph=glyph />
            <span>{children()}</span>
        </div>
    }
    .into_any()
}
