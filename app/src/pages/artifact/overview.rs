//! What an artifact says about itself, and how to pull it.

use super::Context;
use crate::{
    commands::{Pick, Task},
    components::{
        commands::Commands,
        data_table::{Cell, Column, DataTable},
    },
    format::{self, time::instant},
    i18n::{Locale, td_string},
    view::{Child, Overview},
};
use leptos::prelude::*;

/// The commands, what the artifact is, and what runs in it.
pub(super) fn view(context: Context, overview: Overview) -> AnyView {
    let locale = context.locale;
    let is_index = !overview.children.is_empty();
    let by_tag = overview.tag.clone().map(|tag| Task::Pull(Pick::Tag(tag)));
    let tasks = by_tag.into_iter().chain([Task::Pull(context.pick())]).collect();
    let children = is_index.then(|| children(context, overview.children.clone()));
    let labels = (!overview.labels.is_empty())
        .then(|| pairs(locale, td_string!(locale, artifact.labels), overview.labels.clone()));
    let annotations = (!overview.annotations.is_empty())
        .then(|| pairs(locale, td_string!(locale, artifact.annotations), overview.annotations.clone()));
    view! {
        <section class="p-artifact__section">
            <h2>{td_string!(locale, artifact.pull)}</h2>
            <Commands
                place=context.place()
                tasks=tasks
                kind=overview.kind.clone()
                choose=context.choose
            />
        </section>
        {children}
        <section class="p-artifact__section">
            <h2>{td_string!(locale, artifact.details)}</h2>
            <dl class="c-facts c-facts--panel">{facts(locale, overview, is_index)}</dl>
        </section>
        {labels}
        {annotations}
    }
    .into_any()
}

/// What an artifact is called, by Harbor's word for its kind.
pub fn kind_name(locale: Locale, kind: &str, is_index: bool) -> String {
    match kind {
        "IMAGE" if is_index => td_string!(locale, artifact.index).to_owned(),
        "IMAGE" => td_string!(locale, artifact.image).to_owned(),
        "CHART" => td_string!(locale, artifact.chart).to_owned(),
        "SBOM" => td_string!(locale, artifact.sbom).to_owned(),
        "UNKNOWN" => td_string!(locale, artifact.other).to_owned(),
        // a word of its maker's own
        other => other.to_owned(),
    }
}

fn facts(locale: Locale, overview: Overview, is_index: bool) -> Vec<AnyView> {
    let created = overview.created_at.map(|at| instant(locale, at)).unwrap_or_default();
    let texts = [
        (td_string!(locale, artifact.kind), kind_name(locale, &overview.kind, is_index)),
        (td_string!(locale, artifact.created), created),
        (td_string!(locale, artifact.author), overview.author),
    ];
    let codes = [
        (td_string!(locale, artifact.platform), overview.platforms),
        (td_string!(locale, artifact.artifact_type), vec![overview.artifact_type]),
        (td_string!(locale, artifact.manifest_type), vec![overview.manifest_media_type]),
        (td_string!(locale, artifact.entrypoint), vec![overview.entrypoint]),
        (td_string!(locale, artifact.command), vec![overview.command]),
        (td_string!(locale, artifact.user), vec![overview.user]),
        (td_string!(locale, artifact.folder), vec![overview.folder]),
        (td_string!(locale, artifact.ports), overview.ports),
        (td_string!(locale, artifact.volumes), overview.volumes),
        (td_string!(locale, artifact.environment), overview.environment),
    ];
    let texts = texts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| fact(name, text.into_any()));
    let codes = codes.into_iter().filter_map(|(name, mut lines)| {
        lines.retain(|line| !line.is_empty());
        (!lines.is_empty()).then(|| fact(name, code_lines(lines)))
    });
    texts.chain(codes).collect()
}

fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! {
        <dt>{name}</dt>
        <dd>{value}</dd>
    }
    .into_any()
}

fn code_lines(lines: Vec<String>) -> AnyView {
    let lines = lines
        .into_iter()
        .map(|line| view! { <code class="p-artifact__line">{line}</code> }.into_any())
        .collect::<Vec<_>>();
    lines.into_any()
}

fn children(context: Context, children: Vec<Child>) -> AnyView {
    let locale = context.locale;
    let columns = vec![
        Column::text(td_string!(locale, artifact.platform)),
        Column::text(td_string!(locale, artifact.digest)),
    ];
    let rows = children
        .into_iter()
        .map(|child| {
            let platform =
                child.platform.unwrap_or_else(|| td_string!(locale, artifact.not_a_platform).to_owned());
            vec![
                Cell::Name {
                    href: context.href(&child.digest),
                    text: platform,
                    note: None,
                    pills: Vec::new(),
                },
                Cell::Code {
                    text: format::short_digest(&child.digest),
                    copy: Some(child.digest.clone()),
                    whole: child.digest,
                },
            ]
        })
        .collect();
    let caption = td_string!(locale, artifact.children_caption);
    view! {
        <section class="p-artifact__section">
            <h2>{td_string!(locale, artifact.children)}</h2>
            <DataTable caption=caption columns=columns rows=rows />
        </section>
    }
    .into_any()
}

fn pairs(locale: Locale, title: &'static str, pairs: Vec<(String, String)>) -> AnyView {
    let columns = vec![
        Column::text(td_string!(locale, artifact.name)),
        Column::text(td_string!(locale, artifact.value)),
    ];
    let rows = pairs
        .into_iter()
        .map(|(name, value)| {
            let name = view! { <code class="c-code">{name}</code> }.into_any();
            vec![
                Cell::View(name),
                Cell::View(view! { <span class="p-artifact__value">{value}</span> }.into_any()),
            ]
        })
        .collect();
    view! {
        <section class="p-artifact__section">
            <h2>{title}</h2>
            <DataTable caption=title columns=columns rows=rows />
        </section>
    }
    .into_any()
}
