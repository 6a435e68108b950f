//! The program that commands are shown for.

use leptos::prelude::*;
use types::preference::Client;

#[derive(Clone, Copy)]
struct ClientContext(RwSignal<Client>);

/// Starts with `initial`.
pub fn provide_client(initial: Client) {
    provide_context(ClientContext(RwSignal::new(initial)));
}

/// The client of this page: one choice for every command on it.
pub fn use_client() -> RwSignal<Client> {
    expect_context::<ClientContext>().0
}
