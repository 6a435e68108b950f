//! The table of members, whose roles are changed in it.

use crate::{
    browser,
    components::{
        data_table::{Cell, Column, DataTable},
        form::{
            choice::{Choice, Select},
            post_form::PostForm,
        },
        icon::{Glyph, Icon},
        pager::Pager,
        pill::{Pill, PillKind},
        state_panel::StatePanel,
    },
    context::{session::use_session, toast::use_toasts},
    error::AppError,
    format,
    i18n::{Locale, td_string},
    link,
    listing::Listing,
    pages::projects::role_name,
    remote::{Data, Submission},
    server_fns::member::{CreateMember, DeleteMember, UpdateMember},
    view::{MemberList, MemberRow},
};
use leptos::{prelude::*, reactive::graph::untrack};
use types::role::Role;

/// What changes members, each with a way back. A change and its way back share their answer.
#[derive(Clone, Copy)]
pub struct Changes {
    update: Submission,
    delete: Submission,
}

impl Changes {
    /// The changes of this project's members, who are asked for again after each.
    ///
    /// `create` adds those again who were removed.
    pub fn new(locale: Locale, project: Memo<String>, members: Data<MemberList>, create: Submission) -> Self {
        let toasts = use_toasts();
        let update = Submission::of::<UpdateMember>().staying();
        let restore_role = update.then(move |_| members.refetch());
        let restore = create.then(move |_| members.refetch());
        let update = update.then(move |payload| {
            members.refetch();
            let Ok(MemberRow { id, name, role: Some(role), .. }) = payload.read() else { return };
            let project = project.get_untracked();
            let text = td_string!(locale, members.changed_toast, name = name.as_str());
            toasts.show_with_undo(text, move || {
                restore_role.send(&UpdateMember { project: project.clone(), id, role });
            });
        });
        let delete = Submission::of::<DeleteMember>().staying().then(move |payload| {
            members.refetch();
            let Ok(MemberRow { name, role: Some(role), .. }) = payload.read() else { return };
            let project = project.get_untracked();
            let text = td_string!(locale, members.removed_toast, name = name.as_str());
            toasts.show_with_undo(text, move || {
                restore.send(&CreateMember { project: project.clone(), name: name.clone(), role });
            });
        });
        Self { update, delete }
    }

    /// Why the last change was refused.
    pub fn error(self) -> Option<AppError> {
        self.update.error().or_else(|| self.delete.error())
    }
}

/// The members, with what the caller may do about them.
pub fn content(
    locale: Locale,
    project: &str,
    list: MemberList,
    (listing, changes): (Listing, Changes),
) -> AnyView {
    let MemberList { rights, members } = list;
    let path = link::members(project);
    let may_change = rights.change_members;
    let total = members.total;
    let bar = bar(locale, &path, total, may_change);
    if members.items.is_empty() {
        return view! { {bar} {empty(locale, &listing)} }.into_any();
    }
    let mut columns =
        vec![Column::text(td_string!(locale, members.user)), Column::text(td_string!(locale, members.role))];
    if may_change {
        columns.push(Column::number(td_string!(locale, members.actions)));
    }
    let own = use_session().view().user;
    let rows = members
        .items
        .into_iter()
        .map(|member| {
            let is_own = own.as_ref().is_some_and(|user| user.id == member.user_id);
            // whoever takes the own rights away cannot give them back
            let is_fixed = !may_change || (is_own && own.as_ref().is_some_and(|user| !user.is_admin));
            row(locale, project, member, (is_own, is_fixed), changes)
        })
        .collect();
    view! {
        {bar}
        <DataTable
            caption=td_string!(locale, members.caption, project = project)
            columns=columns
            rows=rows
        />
        <Pager path=path listing=listing total=total />
    }
    .into_any()
}

fn bar(locale: Locale, path: &str, total: u64, may_change: bool) -> AnyView {
    let count = td_string!(locale, members.count, count = total, number = format::count(total));
    let add = may_change.then(|| {
        view! {
            <a
                href=link::with_query(path, &[("add", "1")])
                class="c-button c-button--primary"
                data-noscroll="true"
            >
                <Icon glyph=Glyph::Plus />
                {td_string!(locale, members.add)}
            </a>
        }
    });
    view! {
        <div class="p-members__bar">
            <p class="p-members__count">{count}</p>
            <a href=link::with_query(path, &[("roles", "1")]) class="c-button" data-noscroll="true">
                {td_string!(locale, role.matrix)}
            </a>
            {add}
        </div>
    }
    .into_any()
}

fn row(
    locale: Locale,
    project: &str,
    member: MemberRow,
    (is_own, is_fixed): (bool, bool),
    changes: Changes,
) -> Vec<Cell> {
    let you = is_own.then(|| view! { <Pill kind=PillKind::State text=td_string!(locale, members.you) /> });
    let name = view! {
        <span class="p-members__name">{member.name.clone()} {you}</span>
    };
    if is_fixed {
        let role = role_name(locale, member.role).to_owned();
        return vec![Cell::View(name.into_any()), Cell::Text(role), Cell::Text(String::new())];
    }
    vec![
        Cell::View(name.into_any()),
        Cell::View(role_form(locale, project.to_owned(), member.clone(), changes.update)),
        Cell::View(remove_form(locale, project.to_owned(), member, changes.delete)),
    ]
}

fn role_form(locale: Locale, project: String, member: MemberRow, update: Submission) -> AnyView {
    let MemberRow { id, name, role, .. } = member;
    let before = role.map_or("", Role::as_str);
    let field = format!("role-{id}");
    let choices = Role::ALL
        .into_iter()
        .map(|role| Choice {
            value: role.as_str().to_owned(),
            label: role_name(locale, Some(role)).to_owned(),
            note: None,
        })
        .collect();
    let choose = {
        let (project, field) = (project.clone(), field.clone());
        move |role: String| match role.parse() {
            Ok(role) if !untrack(|| update.is_pending()) => {
                update.send(&UpdateMember { project: project.clone(), id, role });
            }
            Ok(_) | Err(_) => browser::choose(&field, before),
        }
    };
    let shown = field.clone();
    Effect::new(move || {
        if update.error().is_some() {
            browser::choose(&shown, before);
        }
    });
    view! {
        <PostForm submission=update is_mute=true class="p-members__form">
            <input type="hidden" name="project" value=project />
            <input type="hidden" name="id" value=id />
            <Select
                name="role"
                id=field
                label=td_string!(locale, members.role_of, name = name.as_str())
                is_bare=true
                choices=choices
                chosen=before
                on_choose=Callback::new(choose)
            />
            <button type="submit" class="c-button p-members__save">
                {td_string!(locale, members.save)}
            </button>
        </PostForm>
    }
    .into_any()
}

fn remove_form(locale: Locale, project: String, member: MemberRow, delete: Submission) -> AnyView {
    view! {
        <PostForm submission=delete is_mute=true class="p-members__form p-members__form--end">
            <input type="hidden" name="project" value=project />
            <input type="hidden" name="id" value=member.id />
            <button
                type="submit"
                class="c-button c-button--small"
                aria-label=td_string!(locale, members.remove_label, name = member.name.as_str())
            >
                {td_string!(locale, members.remove)}
            </button>
        </PostForm>
    }
    .into_any()
}

fn empty(locale: Locale, listing: &Listing) -> AnyView {
    let (glyph, title, text) = if listing.q.is_empty() {
        (Glyph::Users, td_string!(locale, members.empty_title), td_string!(locale, members.empty_text))
    } else {
        (Glyph::Search, td_string!(locale, state.no_match_title), td_string!(locale, state.no_match_text))
    };
    view! { <StatePanel glyph=glyph title=title text=text /> }.into_any()
}
