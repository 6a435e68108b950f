//! Where one can go from here.

use crate::{
    components::icon::{Glyph, Icon},
    context::{locale::use_locale, session::use_session},
    i18n::td_string,
    link,
};
use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Url};

/// The links of the whole portal, and those of the project one is in.
#[component]
pub fn Sidebar() -> impl IntoView {
    let locale = use_locale();
    let session = use_session();
    let pathname = use_location().pathname;
    let project = Memo::new(move |_| project_of(&pathname.get()));
    let section = move || project.get().map(project_section);
    let administration = session.is_admin().then(|| {
        let links = vec![
            (link::USERS.to_owned(), Glyph::Users, td_string!(locale, shell.users), false),
            (link::HEALTH.to_owned(), Glyph::Pulse, td_string!(locale, shell.health), false),
        ];
        group(Some(td_string!(locale, shell.administration).to_owned()), links)
    });
    let main = vec![
        (link::HOME.to_owned(), Glyph::Home, td_string!(locale, shell.home), true),
        (link::PROJECTS.to_owned(), Glyph::Box, td_string!(locale, shell.projects), true),
    ];
    view! {
        <nav class="l-sidebar" aria-label=td_string!(locale, shell.main_navigation)>
            {group(None, main)}
            {section}
            {administration}
        </nav>
    }
    .into_any()
}

fn project_section(project: String) -> AnyView {
    let locale = use_locale();
    let mut links = vec![
        (link::project(&project), Glyph::Layers, td_string!(locale, shell.repositories), false),
        (link::members(&project), Glyph::Users, td_string!(locale, shell.members), false),
        (link::activity(&project), Glyph::Activity, td_string!(locale, shell.activity), false),
        (link::settings(&project), Glyph::Gear, td_string!(locale, shell.settings), false),
    ];
    if !use_session().is_signed_in() {
        // nobody sees members, the log or settings without an account
        links.truncate(1);
    }
    group(Some(project), links)
}

type Link = (String, Glyph, &'static str, bool);

fn group(heading: Option<String>, links: Vec<Link>) -> AnyView {
    let pathname = use_location().pathname;
    let items = links
        .into_iter()
        .map(|(href, glyph, text, is_exact)| {
            let own = href.clone();
            let is_current = move || is_at(&pathname.get(), &own, is_exact).then_some("page");
            view! {
                <li>
                    <a href=href class="l-sidebar__link" aria-current=is_current>
                        <Icon glyph=glyph />
                        <span>{text}</span>
                    </a>
                </li>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    let heading = heading.map(|heading| view! { <p class="l-sidebar__heading">{heading}</p> });
    view! {
        <div class="l-sidebar__section">
            {heading}
            <ul class="l-sidebar__links">{items}</ul>
        </div>
    }
    .into_any()
}

/// Whether the page at `path` belongs to the link to `href`: a repository belongs to its project's repositories.
fn is_at(path: &str, href: &str, is_exact: bool) -> bool {
    let Some(rest) = path.strip_prefix(href) else { return false };
    rest.is_empty() || (!is_exact && (rest.starts_with("/repositories/") || !href.starts_with("/projects/")))
}

/// The project whose pages `path` belongs to.
fn project_of(path: &str) -> Option<String> {
    let mut segments = path.split('/').skip(1);
    let is_inside = segments.next() == Some("projects");
    segments.next().filter(|project| is_inside && !project.is_empty()).map(Url::unescape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_below_a_project_belong_to_it() {
        for (path, project) in [
            ("/projects/library", Some("library")),
            ("/projects/library/repositories/team/web", Some("library")),
            ("/projects", None),
            ("/projects/", None),
            ("/sign-in", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(project_of(path).as_deref(), project, "{path}");
        }
    }

    #[test]
    fn one_link_is_current() {
        let at = |path, href| is_at(path, href, false);
        assert!(at("/projects/library", "/projects/library"));
        assert!(at("/projects/library/repositories/team/web", "/projects/library"));
        assert!(!at("/projects/library/members", "/projects/library"));
        assert!(at("/projects/library/members", "/projects/library/members"));
        assert!(at("/administration/users", "/administration/users"));
        assert!(!is_at("/projects/library", "/projects", true));
        assert!(is_at("/", "/", true) && !is_at("/projects", "/", true));
    }
}
