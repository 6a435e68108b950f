//! The state of the system, for administrators.

mod usage;
mod verification;

use crate::{
    components::{
        data_table::{Cell, Column, DataTable},
        icon::{Glyph, Icon},
        page_head::PageHead,
        show::show,
        time_ago::TimeAgo,
    },
    context::{locale::use_locale, session::use_session},
    format,
    i18n::{Locale, td_string},
    pages::setting_switch::{Setting, SettingSwitch},
    remote::{Data, load},
    server_fns::health::GetHealth,
    view::{RegistryAddress, SystemState},
};
use leptos::prelude::*;
use std::time::Duration;
use types::view::ComponentHealth;

/// How often the page asks again while somebody can see it.
const INTERVAL: Duration = Duration::from_secs(10);

/// How each part is, and what the system holds.
#[component]
pub fn HealthPage() -> impl IntoView {
    let locale = use_locale();
    let registry = use_session().view().registry;
    let state = load(|| GetHealth {});
    refetch_while_visible(state);
    let is_admin = use_session().is_admin();
    let page = show(state, move |state| page(locale, state, &registry));
    view! {
        <div class="l-stack">
            {page}
            {is_admin.then(|| view! { <SettingSwitch setting=Setting::ReadOnly /> })}
        </div>
    }
}

fn refetch_while_visible(state: Data<SystemState>) {
    Effect::new(move || {
        let ask = move || {
            if !document().hidden() {
                state.refetch();
            }
        };
        // without a timer the page stays as it was loaded
        let timer = set_interval_with_handle(ask, INTERVAL).ok();
        on_cleanup(move || {
            if let Some(timer) = timer {
                timer.clear();
            }
        });
    });
}

fn page(locale: Locale, state: SystemState, registry: &RegistryAddress) -> AnyView {
    let verified = verification::verification(locale, &state);
    let SystemState { as_of, health } = state;
    let is_good = health.components.iter().all(|component| component.error.is_none());
    let pill =
        if is_good { td_string!(locale, health.all_good) } else { td_string!(locale, health.not_good) };
    let columns = vec![
        Column::text(td_string!(locale, health.component)),
        Column::text(td_string!(locale, health.state)),
        Column::number(td_string!(locale, health.latency)),
        Column::text(td_string!(locale, health.remedy)),
    ];
    let rows = health.components.iter().map(|component| row(locale, component)).collect();
    let tls =
        if registry.secure { td_string!(locale, health.tls_on) } else { td_string!(locale, health.tls_off) };
    let facts = vec![
        (td_string!(locale, health.version), text(health.version.clone())),
        (
            td_string!(locale, health.started),
            view! { <TimeAgo at=health.started_at as_of=as_of /> }.into_any(),
        ),
        (
            td_string!(locale, health.address),
            view! { <code class="c-code">{registry.host.clone()}</code> }.into_any(),
        ),
        (td_string!(locale, health.transport), text(tls.to_owned())),
    ];
    view! {
        <div class="l-stack">
            <PageHead
                title=td_string!(locale, health.title)
                note=td_string!(locale, health.note, seconds = INTERVAL.as_secs())
                pill=pill.to_owned()
            />
            <DataTable caption=td_string!(locale, health.caption) columns=columns rows=rows />
            {usage::counts(locale, &health)}
            <div class="p-health__panels">
                {panel(td_string!(locale, health.storage_title), usage::usage(locale, &health))}
                {panel(td_string!(locale, health.verification_title), verified)}
                {panel(td_string!(locale, health.server_title), fact_list(facts))}
            </div>
        </div>
    }
    .into_any()
}

fn row(locale: Locale, component: &ComponentHealth) -> Vec<Cell> {
    let is_good = component.error.is_none();
    let (name, remedy) = match component.name.as_str() {
        "database" => (td_string!(locale, health.database), td_string!(locale, health.database_remedy)),
        "storage" => (td_string!(locale, health.storage), td_string!(locale, health.storage_remedy)),
        other => (other, td_string!(locale, health.other_remedy)),
    };
    let remedy = if is_good { td_string!(locale, health.no_remedy) } else { remedy };
    vec![
        Cell::Text(name.to_owned()),
        Cell::View(state(locale, is_good)),
        Cell::Text(td_string!(locale, health.milliseconds, number = format::count(component.latency_ms))),
        Cell::Muted(remedy.to_owned()),
    ]
}

fn state(locale: Locale, is_good: bool) -> AnyView {
    let (class, glyph, word) = if is_good {
        ("p-health__state p-health__state--good", Glyph::Check, td_string!(locale, health.good))
    } else {
        ("p-health__state p-health__state--bad", Glyph::Alert, td_string!(locale, health.bad))
    };
    view! {
        <span class=class>
            <Icon glyph=glyph />
            {word}
        </span>
    }
    .into_any()
}

fn panel(title: &'static str, body: AnyView) -> AnyView {
    view! {
        <section class="p-health__panel">
            <h2>{title}</h2>
            {body}
        </section>
    }
    .into_any()
}

/// Names and what belongs to them, one a line.
fn fact_list(facts: Vec<(&'static str, AnyView)>) -> AnyView {
    let facts = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div class="p-health__fact">
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! { <dl class="p-health__facts">{facts}</dl> }.into_any()
}

fn text(text: String) -> AnyView {
    text.into_any()
}
