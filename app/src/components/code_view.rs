//! A JSON document to read.

use crate::{
    components::copy_button::CopyButton,
    format::json::{Piece, pieces},
};
use leptos::prelude::*;

/// A document with its parts in colours, and a button that copies all of it.
#[component]
pub fn CodeView(
    /// What it is.
    #[prop(into)]
    label: String,
    /// The document, laid out.
    text: String,
) -> impl IntoView {
    let spans =
        pieces(&text).into_iter().map(|(piece, text)| span(piece, text.to_owned())).collect::<Vec<_>>();
    view! {
        <div class="c-code-view">
            <div class="c-code-view__tools">
                <CopyButton text=text is_mark=true />
            </div>
            <pre class="c-code-view__text" tabindex="0" role="region" aria-label=label>
                <code>{spans}</code>
            </pre>
        </div>
    }
    .into_any()
}

fn span(piece: Piece, text: String) -> AnyView {
    let class = match piece {
        Piece::Plain => return text.into_any(),
        Piece::Key => "c-code-view__key",
        Piece::Text => "c-code-view__string",
        Piece::Literal => "c-code-view__literal",
    };
    view! { <span class=class>{text}</span> }.into_any()
}
