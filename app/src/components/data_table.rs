//! A table of like things.

use leptos::prelude::*;

/// One column's head.
pub struct Column {
    /// What it is called.
    pub name: Signal<String>,
    /// Whether it holds numbers, which line up at their end.
    pub is_number: bool,
}

impl Column {
    /// A column of texts.
    pub fn text(name: impl Fn() -> &'static str + Send + Sync + 'static) -> Self {
        Self { name: Signal::derive(move || name().to_owned()), is_number: false }
    }

    /// A column of numbers.
    pub fn number(name: impl Fn() -> &'static str + Send + Sync + 'static) -> Self {
        Self { is_number: true, ..Self::text(name) }
    }
}

/// A table with a caption for those who do not see it.
///
/// Its rows are `<tr>` with one `<td>` a column; on a narrow screen a row becomes a card, where
/// `data-label` on a cell repeats the column's name.
#[component]
pub fn DataTable(
    /// What the table lists.
    #[prop(into)]
    caption: Signal<String>,
    /// The heads.
    columns: Vec<Column>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads = columns
        .into_iter()
        .map(|Column { name, is_number }| {
            view! {
                <th scope="col" class:c-data-table__number=is_number>
                    {move || name.get()}
                </th>
            }
        })
        .collect_view();
    view! {
        <table class="c-data-table">
            <caption class="u-visually-hidden">{move || caption.get()}</caption>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{children()}</tbody>
        </table>
    }
    .into_any()
}
