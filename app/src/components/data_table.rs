//! A table of like things.

use crate::components::{
    copy_button::CopyButton,
    icon::{Glyph, Icon},
    pill::{Pill, PillKind},
    time_ago::TimeAgo,
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// One column's head.
pub struct Column {
    name: String,
    is_number: bool,
    sort: Option<SortLink>,
}

/// How a column's head orders the list.
pub struct SortLink {
    /// Where the list is in that order.
    pub href: String,
    /// Whether the list is in this order: ascending or descending.
    pub state: Option<Order>,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The smallest first.
    Ascending,
    /// The largest first.
    Descending,
}

impl Column {
    /// A column of texts.
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_number: false, sort: None }
    }

    /// A column of numbers, which line up at their end.
    pub fn number(name: impl Into<String>) -> Self {
        Self { is_number: true, ..Self::text(name) }
    }

    /// The same, whose head orders the list.
    #[must_use]
    pub fn sorted_by(self, sort: SortLink) -> Self {
        Self { sort: Some(sort), ..self }
    }
}

/// What stands in one field of a table.
pub enum Cell {
    /// A text.
    Text(String),
    /// A text of less weight.
    Muted(String),
    /// The row's own name, which leads to it.
    Name {
        /// Where it leads.
        href: String,
        /// The name.
        text: String,
        /// A line under it.
        note: Option<String>,
        /// Words beside it.
        pills: Vec<(PillKind, String)>,
    },
    /// A digest or the like: the whole, what is shown of it, and what its button copies.
    Code {
        /// The whole.
        whole: String,
        /// What is shown.
        text: String,
        /// What is copied.
        copy: Option<String>,
    },
    /// A moment, seen from another one; nothing for never.
    Time(Option<DateTime<Utc>>, DateTime<Utc>),
    /// Words.
    Pills(Vec<(PillKind, String)>),
    /// Anything else, such as buttons.
    View(AnyView),
}

impl Cell {
    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::Muted(text) => text.is_empty(),
            Self::Pills(pills) => pills.is_empty(),
            Self::Time(at, _) => at.is_none(),
            Self::Name { .. } | Self::Code { .. } | Self::View(_) => false,
        }
    }

    fn view(self) -> AnyView {
        match self {
            Self::Text(text) => text.into_any(),
            Self::Muted(text) => view! { <span class="c-data-table__muted">{text}</span> }.into_any(),
            Self::Name { href, text, note, pills } => name(href, text, note, pills),
            Self::Code { whole, text, copy } => code(whole, text, copy),
            Self::Time(Some(at), as_of) => view! { <TimeAgo at=at as_of=as_of /> }.into_any(),
            Self::Time(None, _) => view! { <span class="c-data-table__muted">"—"</span> }.into_any(),
            Self::Pills(pills) => line(pills.into_iter().map(pill).collect()),
            Self::View(view) => view,
        }
    }
}

fn name(href: String, text: String, note: Option<String>, pills: Vec<(PillKind, String)>) -> AnyView {
    let link = view! {
        <a href=href class="c-data-table__name">
            {text}
        </a>
    }
    .into_any();
    let parts = std::iter::once(link).chain(pills.into_iter().map(pill)).collect();
    let note = note.map(|note| view! { <span class="c-data-table__note">{note}</span> });
    view! { <div class="c-data-table__head">{line(parts)} {note}</div> }.into_any()
}

fn code(whole: String, text: String, copy: Option<String>) -> AnyView {
    let mut parts = vec![view! { <code class="c-code" title=whole>{text}</code> }.into_any()];
    parts.extend(copy.map(|copy| view! { <CopyButton text=copy is_mark=true /> }.into_any()));
    line(parts)
}

fn pill((kind, text): (PillKind, String)) -> AnyView {
    view! { <Pill kind=kind text=text /> }.into_any()
}

fn line(parts: Vec<AnyView>) -> AnyView {
    view! { <span class="c-data-table__line">{parts}</span> }.into_any()
}

/// A table with a caption for those who do not see it.
///
/// On a narrow screen a row becomes a card, where each value repeats its column's name.
#[component]
pub fn DataTable(
    /// What the table lists.
    #[prop(into)]
    caption: String,
    /// The heads.
    columns: Vec<Column>,
    /// The rows, each with a cell a column.
    rows: Vec<Vec<Cell>>,
) -> impl IntoView {
    let body = rows.into_iter().map(|cells| row(&columns, cells)).collect::<Vec<_>>();
    let heads = columns.into_iter().map(head).collect::<Vec<_>>();
    view! {
        <table class="c-data-table">
            <caption class="u-visually-hidden">{caption}</caption>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    }
    .into_any()
}

fn head(column: Column) -> AnyView {
    let order = column.sort.as_ref().and_then(|sort| sort.state);
    let sorted = column.sort.as_ref().map(|_| match order {
        Some(Order::Ascending) => "ascending",
        Some(Order::Descending) => "descending",
        None => "none",
    });
    let name = match column.sort {
        None => column.name.into_any(),
        Some(sort) => view! {
            <a href=sort.href class="c-data-table__sort" data-noscroll="true">
                {column.name}
                <Icon glyph=match order {
                    Some(Order::Ascending) => Glyph::Up,
                    Some(Order::Descending) => Glyph::Down,
                    None => Glyph::UpDown,
                } />
            </a>
        }
        .into_any(),
    };
    view! {
        <th scope="col" class:c-data-table__number=column.is_number aria-sort=sorted>
            {name}
        </th>
    }
    .into_any()
}

fn row(columns: &[Column], cells: Vec<Cell>) -> AnyView {
    let cells = columns
        .iter()
        .zip(cells)
        .enumerate()
        .map(|(index, (column, cell))| {
            let label = (index > 0 && !column.name.is_empty()).then(|| column.name.clone());
            let is_empty = cell.is_empty();
            view! {
                <td class:c-data-table__number=column.is_number class:is-empty=is_empty data-label=label>
                    {cell.view()}
                </td>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! { <tr>{cells}</tr> }.into_any()
}
