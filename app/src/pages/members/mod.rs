//! The members of a project, and what each role may do.

mod add;
mod matrix;
mod table;

use super::{project_page_head, use_dialog, use_path_part};
use crate::{
    components::{
        list_tools::ListTools,
        notice::{Notice, Tone},
        show::show_within,
    },
    context::locale::use_locale,
    format::problem::sentence,
    i18n::td_string,
    link,
    listing::use_listing,
    remote::{Submission, load},
    server_fns::member::{CreateMember, ListMembers},
};
use leptos::prelude::*;
use table::{Changes, content};

/// The members of one project.
#[component]
pub fn MembersPage() -> impl IntoView {
    let locale = use_locale();
    let project = use_path_part("project");
    let listing = use_listing();
    let members = load(move || ListMembers { project: project.get(), listing: listing.get() });
    let create = Submission::of::<CreateMember>().staying();
    let changes = Changes::new(locale, project, members, create);
    let here = move || listing.get_untracked().href(&link::members(&project.get_untracked()));
    let is_adding = use_dialog("add", here);
    let is_matrix_open = use_dialog("roles", here);
    let refusal = move || {
        let error = changes.error().or_else(|| create.error().filter(|_| !is_adding.get()));
        let text = sentence(locale, &error?);
        Some(view! { <Notice tone=Tone::Danger>{text}</Notice> }.into_any())
    };
    view! {
        <div class="l-stack">
            {move || project_page_head(locale, project.get(), td_string!(locale, members.title))}
            <add::AddMember project=project is_open=is_adding members=members create=create />
            <matrix::RoleMatrix is_open=is_matrix_open />
            <ListTools
                path=Signal::derive(move || link::members(&project.get()))
                listing=listing
                label=td_string!(locale, members.search)
            />
            {refusal}
            {show_within(members, move |list| {
                content(locale, &project.get_untracked(), list, (listing.get_untracked(), changes))
            })}
        </div>
    }
    .into_any()
}
