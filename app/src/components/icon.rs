//! The portal's icons: one set, drawn on a 24 by 24 grid with a line of one width.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Something needs attention.
    Alert,
    /// A project.
    Box,
    /// Chosen.
    Check,
    /// Copying.
    Copy,
    /// A language.
    Globe,
    /// Repositories.
    Layers,
    /// Not for everyone.
    Lock,
    /// The dark theme.
    Moon,
    /// Not there.
    Question,
    /// The theme of the system.
    Screen,
    /// Signing out.
    SignOut,
    /// The light theme.
    Sun,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Alert => "M12 4 2.5 20h19L12 4ZM12 10v4M12 17h.01",
            Self::Box => "M21 8 12 3 3 8v8l9 5 9-5V8ZM3 8l9 5 9-5M12 13v8",
            Self::Check => "m5 12.5 4.5 4.500L19 7",
            Self::Copy => "M9 9h11v11H9V9ZM5 15H4V4h11v1",
            Self::Globe => {
                "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"
            }
            Self::Layers => "m12 3 9 5-9 5-9-5 9-5ZM3 12.500l9 5 9-5M3 16.500l9 5 9-5",
            Self::Lock => "M6 11h12v9H6v-9ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Self::Moon => "M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10Z",
            Self::Question => {
                "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.5 9.500a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .8-1 1.700M12 16.500h.01"
            }
            Self::Screen => "M3 5h18v11H3V5ZM9 20h6M12 16v4",
            Self::SignOut => "M14 4H5v16h9M10 12h11M17.5 8.5 21 12l-3.5 3.5",
            Self::Sun => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.500M17.5 17.5 19 19M5 19l1.5-1.500M17.5 6.5 19 5"
            }
        }
    }
}

/// An icon. Decoration: whoever uses it says its meaning in text.
#[component]
pub fn Icon(
    /// What it shows.
    #[prop(into)]
    glyph: Signal<Glyph>,
) -> impl IntoView {
    view! {
        <svg class="c-icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=move || glyph.get().path() />
        </svg>
    }
}
