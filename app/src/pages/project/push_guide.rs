//! The commands that fill a project, with everything filled in that is known here.

use super::model::needs_insecure_registry;
use crate::{
    components::{
        copy_field::CopyField,
        notice::{Notice, Tone},
    },
    i18n::{t, use_i18n},
    view::RegistryAddress,
};
use leptos::prelude::*;

/// docker's commands for this project, in the order they are needed.
#[component]
pub fn PushGuide(
    /// The project.
    project: String,
    /// Where clients reach this registry.
    registry: RegistryAddress,
    /// Whether the visitor may push.
    may_push: bool,
    /// Whether the commands show at once.
    is_open: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let host = registry.host.clone();
    let image = format!("{host}/{project}/REPOSITORY:TAG");
    let hint = needs_insecure_registry(&registry)
        .then(|| view! { <Notice tone=Tone::Warn>{t!(i18n, push_guide.plain_http)}</Notice> });
    let login = step(t!(i18n, push_guide.login), format!("docker login {host}"));
    let tag = may_push.then(|| step(t!(i18n, push_guide.tag), format!("docker tag IMAGE {image}")));
    let push = may_push.then(|| step(t!(i18n, push_guide.push), format!("docker push {image}")));
    let pull = step(t!(i18n, push_guide.pull), format!("docker pull {image}"));
    view! {
        <details class="c-disclosure" open=is_open>
            <summary class="c-disclosure__summary">{t!(i18n, push_guide.title)}</summary>
            <div class="c-disclosure__body p-push-guide">{hint} {login} {tag} {push} {pull}</div>
        </details>
    }
    .into_any()
}

fn step(name: impl IntoView + 'static, command: String) -> impl IntoView {
    view! {
        <div class="p-push-guide__step">
            <p class="p-push-guide__name">{name}</p>
            <CopyField text=command is_inset=true />
        </div>
    }
}
