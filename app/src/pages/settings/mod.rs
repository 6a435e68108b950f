//! A project's settings: who may see it, what it is, and its end.

mod delete;

use super::{project_page_head, use_dialog, use_path_part};
use crate::{
    components::{
        form::{
            choice::Radios,
            post_form::{PostForm, SubmitButton},
        },
        show::show_within,
        time_ago::TimeAgo,
    },
    context::{locale::use_locale, toast::use_toasts},
    format,
    i18n::{Locale, td_string},
    link,
    pages::projects::{visibility_choices, visibility_name},
    remote::{Submission, load},
    server_fns::project::{GetProject, UpdateProject},
    view::{ProjectHead, ProjectRow},
};
use leptos::prelude::*;

/// The settings of one project.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let project = use_path_part("project");
    let settings = load(move || GetProject { project: project.get() });
    let update = Submission::of::<UpdateProject>().staying().then(move |payload| {
        settings.refetch();
        let name = project.get_untracked();
        toasts.show(if payload.read().unwrap_or_default() {
            td_string!(locale, settings.public_toast, name = name.as_str())
        } else {
            td_string!(locale, settings.private_toast, name = name.as_str())
        });
    });
    let is_deleting = use_dialog("delete", move || link::settings(&project.get_untracked()));
    view! {
        <div class="l-stack">
            {move || project_page_head(locale, project.get(), td_string!(locale, settings.title))}
            <delete::DeleteProject project=project is_open=is_deleting />
            {show_within(settings, move |head| content(locale, head, update))}
        </div>
    }
    .into_any()
}

fn content(locale: Locale, head: ProjectHead, update: Submission) -> AnyView {
    let visibility =
        head.rights.update_project.then(|| visibility_form(locale, head.project.clone(), update));
    let end = head.rights.delete_project.then(|| danger(locale, &head.project));
    view! {
        <div class="p-settings">
            {visibility} {facts(locale, head)} {end}
        </div>
    }
    .into_any()
}

fn visibility_form(locale: Locale, project: ProjectRow, update: Submission) -> AnyView {
    view! {
        <section class="p-settings__panel">
            <PostForm submission=update>
                <input type="hidden" name="project" value=project.name />
                <Radios
                    name="is_public"
                    legend=td_string!(locale, projects.visibility)
                    choices=visibility_choices(locale)
                    chosen=project.is_public.to_string()
                />
                <div class="c-form__actions">
                    <SubmitButton label=td_string!(locale, settings.save) submission=update />
                </div>
            </PostForm>
        </section>
    }
    .into_any()
}

fn facts(locale: Locale, head: ProjectHead) -> AnyView {
    let ProjectHead { as_of, project, rights } = head;
    let count = format::signed_count(project.repositories);
    let fact = |name: &'static str, value: AnyView| {
        view! {
            <div class="p-settings__fact">
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
        .into_any()
    };
    // whoever may change it has its form on the page
    let visibility = (!rights.update_project).then(|| {
        let name = visibility_name(locale, project.is_public);
        fact(td_string!(locale, projects.visibility), name.into_any())
    });
    let facts = vec![
        fact(td_string!(locale, settings.owner), project.owner.into_any()),
        fact(
            td_string!(locale, settings.created),
            view! { <TimeAgo at=project.created_at as_of=as_of /> }.into_any(),
        ),
        fact(td_string!(locale, settings.repositories), count.into_any()),
    ];
    view! {
        <section class="p-settings__panel">
            <h2>{td_string!(locale, settings.facts)}</h2>
            <dl class="p-settings__facts">{visibility} {facts}</dl>
        </section>
    }
    .into_any()
}

fn danger(locale: Locale, project: &ProjectRow) -> AnyView {
    let (text, href, label, class) = if project.repositories > 0 {
        let text = td_string!(
            locale,
            settings.delete_first,
            count = project.repositories,
            number = format::signed_count(project.repositories)
        );
        let label = td_string!(locale, settings.to_repositories);
        (text, link::project(&project.name), label, "c-button")
    } else {
        let href = link::with_query(&link::settings(&project.name), &[("delete", "1")]);
        let text = td_string!(locale, settings.delete_text).to_owned();
        (text, href, td_string!(locale, settings.delete), "c-button c-button--danger")
    };
    view! {
        <section class="p-settings__panel p-settings__panel--danger">
            <h2>{td_string!(locale, settings.danger)}</h2>
            <p class="p-settings__text">{text}</p>
            <div>
                <a href=href class=class data-noscroll="true">
                    {label}
                </a>
            </div>
        </section>
    }
    .into_any()
}
