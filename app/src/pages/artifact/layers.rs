//! How an artifact was made, step by step.

use crate::{
    components::{
        data_table::{Cell, Column, DataTable},
        icon::Glyph,
        size_bar::SizeBar,
        state_panel::StatePanel,
    },
    format,
    i18n::{Locale, td_string},
    view::LayerRow,
};
use leptos::prelude::*;

/// The steps in order, each with its size and its share of the whole.
pub(super) fn view(locale: Locale, layers: Vec<LayerRow>) -> AnyView {
    if layers.is_empty() {
        return view! {
            <StatePanel
                glyph=Glyph::Layers
                title=td_string!(locale, artifact.no_layers_title)
                text=td_string!(locale, artifact.no_layers_text)
            />
        }
        .into_any();
    }
    let sized = || layers.iter().filter(|layer| layer.digest.is_some());
    let largest = sized().map(|layer| layer.size_bytes).max().unwrap_or_default();
    let size = format::size(sized().map(|layer| layer.size_bytes).fold(0, i64::saturating_add));
    let count = sized().count() as u64;
    let columns = vec![
        Column::number(td_string!(locale, artifact.number)),
        Column::text(td_string!(locale, artifact.step)),
        Column::number(td_string!(locale, artifact.size)),
        Column::text(td_string!(locale, artifact.share)),
    ];
    let rows = layers
        .into_iter()
        .enumerate()
        .map(|(index, layer)| row(locale, index as u64 + 1, layer, largest))
        .collect();
    view! {
        <p class="p-artifact__total">{td_string!(locale, artifact.total, count = count, size = size)}</p>
        <DataTable caption=td_string!(locale, artifact.layers_caption) columns=columns rows=rows />
    }
    .into_any()
}

fn row(locale: Locale, number: u64, layer: LayerRow, largest: i64) -> Vec<Cell> {
    let LayerRow { digest, media_type, size_bytes, command } = layer;
    let is_empty = digest.is_none();
    let step = if command.is_empty() {
        let text =
            if media_type.is_empty() { td_string!(locale, artifact.unknown_step) } else { &media_type };
        view! { <span class="c-data-table__muted">{text.to_owned()}</span> }.into_any()
    } else {
        view! { <code class="p-artifact__command" class:p-artifact__command--empty=is_empty>{command}</code> }
            .into_any()
    };
    let digest = digest.map(|digest| {
        let short = format::short_digest(&digest);
        view! { <code class="c-code" title=digest>{short}</code> }
    });
    let step = view! { <div class="p-artifact__step">{step} {digest}</div> };
    let size = if is_empty {
        Cell::Muted(td_string!(locale, artifact.no_size).to_owned())
    } else {
        Cell::Text(format::size(size_bytes))
    };
    vec![
        Cell::Text(format::count(number)),
        Cell::View(step.into_any()),
        size,
        Cell::View(view! { <SizeBar part=size_bytes whole=largest /> }.into_any()),
    ]
}
