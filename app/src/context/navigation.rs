//! Going to another page from where no context can be asked for, such as after an answer.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;

type Navigate = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// The way to other pages of this document.
#[derive(Clone, Copy)]
pub struct Navigator(StoredValue<Navigate>);

/// The way to other pages. To be asked for while a component is made.
pub fn use_navigator() -> Navigator {
    Navigator(StoredValue::new(Arc::new(use_navigate())))
}

impl Navigator {
    /// Goes to a path of this site.
    pub fn go(self, path: &str) {
        self.navigate(path, NavigateOptions::default());
    }

    /// Goes to a path of this site in place of the page that is open, without moving the view: for filters.
    pub fn replace(self, path: &str) {
        self.navigate(path, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    }

    fn navigate(self, path: &str, options: NavigateOptions) {
        if let Some(navigate) = self.0.try_get_value() {
            navigate(path, options);
        }
    }
}
