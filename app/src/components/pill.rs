//! A word about the thing beside it.

use leptos::prelude::*;

/// What kind of word it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PillKind {
    /// A state.
    State,
    /// A state that is as it should be.
    Good,
    /// A state to look at.
    Bad,
    /// A tag of an artifact.
    Tag,
    /// A platform an artifact runs on.
    Platform,
}

/// A small label.
#[component]
pub fn Pill(
    /// What kind of word it is.
    kind: PillKind,
    /// The word.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let class = match kind {
        PillKind::State => "c-pill",
        PillKind::Good => "c-pill c-pill--good",
        PillKind::Bad => "c-pill c-pill--bad",
        PillKind::Tag => "c-pill c-pill--tag",
        PillKind::Platform => "c-pill c-pill--platform",
    };
    view! { <span class=class>{text}</span> }.into_any()
}
