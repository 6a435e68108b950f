//! Where one can go from here.

use crate::{
    components::icon::{Glyph, Icon},
    format,
    i18n::{t, t_string, use_i18n},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location, location::Url};

/// The links of the whole portal, and those of the project one is in.
#[component]
pub fn Sidebar() -> impl IntoView {
    let i18n = use_i18n();
    let pathname = use_location().pathname;
    let project = Memo::new(move |_| project_of(&pathname.get()));
    let section = move || project.get().map(|project| view! { <ProjectSection project=project /> });
    view! {
        <nav class="l-sidebar" aria-label=move || t_string!(i18n, shell.main_navigation)>
            <A href="/projects" exact=true attr:class="l-sidebar__link">
                <Icon glyph=Glyph::Box />
                {t!(i18n, shell.projects)}
            </A>
            {section}
        </nav>
    }
    .into_any()
}

#[component]
fn ProjectSection(
    /// The project one is in.
    project: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let href = format!("/projects/{}", format::encode(&project));
    view! {
        <div class="l-sidebar__section">
            <p class="l-sidebar__heading">{project}</p>
            <A href=href attr:class="l-sidebar__link">
                <Icon glyph=Glyph::Layers />
                {t!(i18n, shell.repositories)}
            </A>
        </div>
    }
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
            ("/projects/library/team/web", Some("library")),
            ("/projects", None),
            ("/projects/", None),
            ("/sign-in", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(project_of(path).as_deref(), project, "{path}");
        }
    }
}
