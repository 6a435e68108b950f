//! The three steps to a first push.

use crate::{
    commands::{Place, Task},
    components::{
        commands::Commands,
        icon::{Glyph, Icon},
    },
    context::session::use_session,
    i18n::{Locale, td_string},
    pages::projects::NEW,
    remote::Submission,
    view::HomeProjectRow,
};
use leptos::prelude::*;
use types::role::{Action, Resource, role_allows};

/// What stands for a project while there is none.
const PROJECT: &str = "PROJECT";

/// The panel of the steps, with everything filled in that is known here.
///
/// `choose` remembers the client they are for.
pub fn start(locale: Locale, projects: &[HomeProjectRow], choose: Submission) -> AnyView {
    let session = use_session().view();
    let own = pushable(projects);
    let name = own.as_deref().unwrap_or(PROJECT);
    let place = Place::project(session.registry, session.user.map(|user| user.name), name);
    let login = view! { <Commands place=place.clone() tasks=vec![Task::SignIn] choose=choose /> };
    let push = view! { <Commands place=place tasks=vec![Task::Push] choose=choose is_following=true /> };
    let steps = vec![
        project_step(locale, own, use_session().may_create_projects()),
        step(td_string!(locale, home.step_login), td_string!(locale, home.step_login_text), login.into_any()),
        step(td_string!(locale, home.step_push), td_string!(locale, home.step_push_text), push.into_any()),
    ];
    view! {
        <section class="p-home__start" aria-labelledby="start">
            <h2 id="start">{td_string!(locale, home.start_title)}</h2>
            <ol class="p-home__steps">{steps}</ol>
        </section>
    }
    .into_any()
}

/// The first of the projects that its viewer may push to.
fn pushable(projects: &[HomeProjectRow]) -> Option<String> {
    let may_push = |row: &&HomeProjectRow| {
        row.project.role.is_some_and(|role| role_allows(role, Resource::Repository, Action::Push))
    };
    projects.iter().find(may_push).map(|row| row.project.name.clone())
}

fn project_step(locale: Locale, own: Option<String>, may_create: bool) -> AnyView {
    let body = match own {
        None if !may_create => view! { <p>{td_string!(locale, home.step_project_ask)}</p> }.into_any(),
        Some(project) => view! {
            <p class="p-home__done">
                <Icon glyph=Glyph::Check />
                {td_string!(locale, home.step_project_done, project = project.as_str())}
            </p>
        }
        .into_any(),
        None => view! {
            <div>
                <a href=NEW class="c-button c-button--primary">
                    <Icon glyph=Glyph::Plus />
                    {td_string!(locale, projects.new)}
                </a>
            </div>
        }
        .into_any(),
    };
    step(td_string!(locale, home.step_project), td_string!(locale, home.step_project_text), body)
}

fn step(title: &'static str, text: &'static str, body: AnyView) -> AnyView {
    view! {
        <li class="p-home__step">
            <h3>{title}</h3>
            <p class="p-home__text">{text}</p>
            {body}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::ProjectRow;
    use chrono::DateTime;
    use types::role::Role;

    fn row(name: &str, role: Option<Role>) -> HomeProjectRow {
        let project = ProjectRow {
            name: name.to_owned(),
            is_public: true,
            role,
            repositories: 0,
            owner: "admin".to_owned(),
            created_at: DateTime::UNIX_EPOCH,
        };
        HomeProjectRow { project, pushed_at: None }
    }

    #[test]
    fn commands_name_a_project_that_may_be_pushed_to() {
        let projects = [
            row("open", None),
            row("read", Some(Role::Guest)),
            row("own", Some(Role::Developer)),
            row("other", Some(Role::ProjectAdmin)),
        ];
        assert_eq!(pushable(&projects).as_deref(), Some("own"));
        assert_eq!(pushable(&projects[..2]), None);
    }
}
