//! Commands to take to a terminal, for the client that the reader uses.

use crate::{
    commands::{Place, Purpose, Step, Task, client_name, clients_for, is_exposed, steps},
    components::{
        copy_field::CopyField,
        form::post_form::PostForm,
        notice::{Notice, Tone},
    },
    context::{client::use_client, locale::use_locale, session::use_session},
    i18n::{Locale, td_string},
    remote::Submission,
};
use leptos::prelude::*;
use types::preference::Client;

/// A choice of clients, and what the chosen one is told. The choice is a form: it works before the page is awake.
#[component]
pub fn Commands(
    /// Where the commands reach to.
    place: Place,
    /// What there is to do, in order.
    tasks: Vec<Task>,
    /// What is pulled, in Harbor's words; none for anything.
    #[prop(optional, into)]
    kind: Option<String>,
    /// What remembers the choice.
    choose: Submission,
    /// Whether the choice stands elsewhere on the page, and these follow it.
    #[prop(optional)]
    is_following: bool,
) -> impl IntoView {
    let locale = use_locale();
    let preferred = use_client();
    let clients = clients_for(kind.as_deref());
    let chosen = Memo::new(move |_| present(preferred.get(), clients));
    let buttons = clients.iter().map(|client| button(*client, chosen, preferred)).collect::<Vec<_>>();
    // whoever has signed in knows it
    let is_exposed = tasks.contains(&Task::SignIn) && is_exposed(&use_session().view().registry);
    let body = move || {
        let client = chosen.get();
        let steps: Vec<Step> = tasks.iter().flat_map(|task| steps(client, &place, task)).collect();
        let only_pulls = client == Client::Kubernetes && tasks.contains(&Task::Push);
        listed(locale, client, steps, (is_exposed, only_pulls))
    };
    let choice = (!is_following).then(|| {
        view! {
            <PostForm submission=choose class="c-commands__form">
                <div class="c-commands__choices" role="group" aria-label=td_string!(locale, commands.client)>
                    {buttons}
                </div>
            </PostForm>
        }
    });
    view! {
        <div class="c-commands">
            {choice}
            {body}
        </div>
    }
    .into_any()
}

/// The preferred client where it is offered, else the first that is.
fn present(preferred: Client, clients: &[Client]) -> Client {
    if clients.contains(&preferred) { preferred } else { clients.first().copied().unwrap_or_default() }
}

fn button(client: Client, chosen: Memo<Client>, preferred: RwSignal<Client>) -> AnyView {
    view! {
        <button
            type="submit"
            class="c-commands__client"
            name="client"
            value=client.as_str()
            aria-pressed=move || (chosen.get() == client).to_string()
            on:click=move |_| preferred.set(client)
        >
            {client_name(client)}
        </button>
    }
    .into_any()
}

fn listed(
    locale: Locale,
    client: Client,
    steps: Vec<Step>,
    (is_exposed, only_pulls): (bool, bool),
) -> AnyView {
    let exposed = is_exposed.then(|| note(exposed_text(locale, client)));
    let only_pulls = only_pulls.then(|| note(td_string!(locale, commands.only_pulls)));
    let steps = match <[Step; 1]>::try_from(steps) {
        Ok([step]) => view! { <CopyField text=step.command /> }.into_any(),
        Err(steps) => {
            let steps = steps.into_iter().map(|step| item(locale, step)).collect::<Vec<_>>();
            view! { <ol class="c-commands__steps">{steps}</ol> }.into_any()
        }
    };
    view! {
        {exposed}
        {only_pulls}
        {steps}
    }
    .into_any()
}

fn item(locale: Locale, step: Step) -> AnyView {
    view! {
        <li class="c-commands__step">
            <p class="c-commands__purpose">{purpose_text(locale, step.purpose)}</p>
            <CopyField text=step.command is_inset=true />
        </li>
    }
    .into_any()
}

fn note(text: &'static str) -> AnyView {
    view! { <Notice tone=Tone::Warn>{text}</Notice> }.into_any()
}

fn exposed_text(locale: Locale, client: Client) -> &'static str {
    match client {
        Client::Docker => td_string!(locale, commands.exposed_docker),
        Client::Kubernetes => td_string!(locale, commands.exposed_kubernetes),
        Client::Podman | Client::Nerdctl | Client::Skopeo | Client::Crane | Client::Oras | Client::Helm => {
            td_string!(locale, commands.exposed)
        }
    }
}

fn purpose_text(locale: Locale, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => td_string!(locale, commands.sign_in),
        Purpose::SignInPiped => td_string!(locale, commands.sign_in_piped),
        Purpose::Name => td_string!(locale, commands.name),
        Purpose::Push => td_string!(locale, commands.push),
        Purpose::PushArchive => td_string!(locale, commands.push_archive),
        Purpose::PushFile => td_string!(locale, commands.push_file),
        Purpose::CopyIn => td_string!(locale, commands.copy_in),
        Purpose::Package => td_string!(locale, commands.package),
        Purpose::Pull => td_string!(locale, commands.pull),
        Purpose::PullDigest => td_string!(locale, commands.pull_digest),
        Purpose::Secret => td_string!(locale, commands.secret),
        Purpose::Pod => td_string!(locale, commands.pod),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_is_not_offered_gives_way_to_the_first() {
        assert_eq!(present(Client::Crane, clients_for(Some("CHART"))), Client::Crane);
        assert_eq!(present(Client::Docker, clients_for(Some("CHART"))), Client::Helm);
    }
}
