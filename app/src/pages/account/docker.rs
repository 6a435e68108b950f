//! What a client on one's machine keeps of the account.

use crate::{
    components::copy_field::CopyField,
    context::{locale::use_locale, session::use_session},
    i18n::td_string,
};
use leptos::prelude::*;

/// What signs docker in; it then asks for the password, so that no secret is left in the history of the shell.
pub fn login_command(host: &str, username: &str) -> String {
    let is_plain = username.chars().all(|c| c.is_ascii_alphanumeric() || "-_.@".contains(c));
    if is_plain {
        return format!("docker login {host} -u {username}");
    }
    // within single quotes a shell takes everything but the quote itself as it is
    format!("docker login {host} -u '{}'", username.replace('\'', r"'\''"))
}

/// Signing a client in and out.
#[component]
pub fn DockerHint(
    /// Who signs in.
    username: String,
) -> impl IntoView {
    let locale = use_locale();
    let host = use_session().view().registry.host;
    let login = login_command(&host, &username);
    view! {
        <div class="c-form">
            <div class="p-account__step">
                <p>{td_string!(locale, account.docker_login)}</p>
                <CopyField text=login is_inset=true />
            </div>
            <div class="p-account__step">
                <p>{td_string!(locale, account.docker_logout)}</p>
                <CopyField text=format!("docker logout {host}") is_inset=true />
            </div>
            <p class="p-account__text">{td_string!(locale, account.docker_helper)}</p>
        </div>
    }
    .into_any()
}
