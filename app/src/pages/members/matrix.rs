//! What each role may do, as a table.

use crate::{
    components::{
        dialog::Dialog,
        icon::{Glyph, Icon},
    },
    context::locale::use_locale,
    i18n::{Locale, td_string},
    pages::projects::role_name,
};
use leptos::prelude::*;
use types::role::{Action, Resource, Role, role_allows};

/// An ability in words, and the right that stands for it.
type Ability = (&'static str, Resource, Action);

/// The dialog with the table.
#[component]
pub fn RoleMatrix(
    /// Whether it is open.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Dialog id="roles" is_open=is_open title=td_string!(locale, role.matrix) is_wide=true>
            {move || is_open.get().then(|| matrix(locale))}
        </Dialog>
    }
    .into_any()
}

fn matrix(locale: Locale) -> AnyView {
    let title = td_string!(locale, role.matrix);
    let heads = Role::ALL
        .into_iter()
        .map(|role| view! { <th scope="col">{role_name(locale, Some(role))}</th> }.into_any())
        .collect::<Vec<_>>();
    let groups =
        abilities(locale).into_iter().map(|(name, list)| group(locale, name, list)).collect::<Vec<_>>();
    view! {
        <div class="p-role-matrix" role="region" aria-label=title tabindex="0">
            <table class="p-role-matrix__table">
                <caption class="u-visually-hidden">{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, role.ability)}</th>
                        {heads}
                    </tr>
                </thead>
                {groups}
            </table>
        </div>
        <p class="p-role-matrix__note">{td_string!(locale, role.public_note)}</p>
    }
    .into_any()
}

fn group(locale: Locale, name: &'static str, abilities: Vec<Ability>) -> AnyView {
    let rows = abilities
        .into_iter()
        .map(|(ability, resource, action)| {
            let fields = Role::ALL.map(|role| field(locale, role_allows(role, resource, action)));
            view! {
                <tr>
                    <th scope="row">{ability}</th>
                    {fields.into_iter().collect::<Vec<_>>()}
                </tr>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <tbody>
            <tr class="p-role-matrix__group">
                <th scope="rowgroup" colspan=Role::ALL.len() + 1>
                    {name}
                </th>
            </tr>
            {rows}
        </tbody>
    }
    .into_any()
}

fn field(locale: Locale, is_allowed: bool) -> AnyView {
    let (mark, text) = if is_allowed {
        (view! { <Icon glyph=Glyph::Check /> }.into_any(), td_string!(locale, role.yes))
    } else {
        (view! { <span aria-hidden="true">"–"</span> }.into_any(), td_string!(locale, role.no))
    };
    view! {
        <td class="p-role-matrix__mark" class:p-role-matrix__mark--yes=is_allowed>
            {mark}
            <span class="u-visually-hidden">{text}</span>
        </td>
    }
    .into_any()
}

fn abilities(locale: Locale) -> Vec<(&'static str, Vec<Ability>)> {
    let images = vec![
        (td_string!(locale, role.list_images), Resource::Repository, Action::List),
        (td_string!(locale, role.pull), Resource::Repository, Action::Pull),
        (td_string!(locale, role.push), Resource::Repository, Action::Push),
        (td_string!(locale, role.describe), Resource::Repository, Action::Update),
        (td_string!(locale, role.delete_image), Resource::Artifact, Action::Delete),
        (td_string!(locale, role.delete_repository), Resource::Repository, Action::Delete),
    ];
    let tags = vec![
        (td_string!(locale, role.create_tag), Resource::Tag, Action::Create),
        (td_string!(locale, role.delete_tag), Resource::Tag, Action::Delete),
    ];
    let project = vec![
        (td_string!(locale, role.list_members), Resource::Member, Action::List),
        (td_string!(locale, role.change_members), Resource::Member, Action::Create),
        (td_string!(locale, role.list_log), Resource::Log, Action::List),
        (td_string!(locale, role.update_project), Resource::Project, Action::Update),
        (td_string!(locale, role.delete_project), Resource::Project, Action::Delete),
    ];
    vec![
        (td_string!(locale, role.images), images),
        (td_string!(locale, role.tags), tags),
        (td_string!(locale, role.project), project),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights_of(role: Role) -> Vec<bool> {
        let all = abilities(Locale::en_us).into_iter().flat_map(|(_, list)| list);
        all.map(|(_, resource, action)| role_allows(role, resource, action)).collect()
    }

    #[test]
    fn every_ability_is_a_right_that_somebody_has() {
        assert!(rights_of(Role::ProjectAdmin).into_iter().all(|is_allowed| is_allowed));
    }

    #[test]
    fn the_table_tells_every_role_from_the_next() {
        for pair in Role::ALL.windows(2) {
            assert_ne!(rights_of(pair[0]), rights_of(pair[1]), "{pair:?}");
        }
    }
}
