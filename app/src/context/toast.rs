//! Short notes of what was done, and the way to undo it.

use leptos::prelude::*;
use std::time::Duration;

/// How long a note stays that nobody closes.
const SHOWN: Duration = Duration::from_secs(10);

/// A note.
#[derive(Clone)]
pub struct Toast {
    /// Tells it from the others.
    pub id: u64,
    /// The sentence.
    pub text: String,
    /// Takes back what was done.
    pub undo: Option<Callback<()>>,
}

/// The notes of this page, the oldest first.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

/// Makes the notes known to the whole page.
pub fn provide_toasts() {
    provide_context(Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

/// The notes of this page.
pub fn use_toasts() -> Toasts {
    expect_context()
}

impl Toasts {
    /// The notes that show.
    pub fn list(self) -> Vec<Toast> {
        self.list.get()
    }

    /// Shows a note.
    pub fn show(self, text: String) {
        self.add(text, None);
    }

    /// Shows a note with a button that takes back what was done.
    pub fn show_with_undo(self, text: String, undo: impl Fn() + Send + Sync + 'static) {
        self.add(text, Some(Callback::new(move |()| undo())));
    }

    /// Closes a note.
    pub fn close(self, id: u64) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }

    fn add(self, text: String, undo: Option<Callback<()>>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.list.update(|list| list.push(Toast { id, text, undo }));
        set_timeout(move || self.close(id), SHOWN);
    }
}
