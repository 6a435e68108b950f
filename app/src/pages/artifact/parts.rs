//! The documents of an artifact: its configuration and its manifest.

use crate::{
    components::{code_view::CodeView, icon::Glyph, state_panel::StatePanel},
    format,
    i18n::{Locale, td_string},
    view::ManifestText,
};
use leptos::prelude::*;

/// The configuration, or why there is none.
pub(super) fn configuration(locale: Locale, text: Option<String>) -> AnyView {
    match text {
        Some(text) => {
            view! { <CodeView label=td_string!(locale, artifact.configuration) text=text /> }.into_any()
        }
        None => view! {
            <StatePanel
                glyph=Glyph::Gear
                title=td_string!(locale, artifact.no_configuration_title)
                text=td_string!(locale, artifact.no_configuration_text)
            />
        }
        .into_any(),
    }
}

/// The manifest, with what it is.
pub(super) fn manifest(locale: Locale, manifest: ManifestText) -> AnyView {
    view! {
        <dl class="c-facts c-facts--line">
            <div>
                <dt>{td_string!(locale, artifact.manifest_type)}</dt>
                <dd>
                    <code class="c-code">{manifest.media_type}</code>
                </dd>
            </div>
            <div>
                <dt>{td_string!(locale, artifact.size)}</dt>
                <dd>{format::size(manifest.size_bytes)}</dd>
            </div>
        </dl>
        <CodeView label=td_string!(locale, artifact.manifest) text=manifest.text />
    }
    .into_any()
}
