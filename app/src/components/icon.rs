//! The portal's icons: one set, drawn on a 24 by 24 grid with a line of one width.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// What was done.
    Activity,
    /// Not there yet.
    Circle,
    /// Closing.
    Close,
    /// Descending, or more below.
    Down,
    /// Settings.
    Gear,
    /// The start.
    Home,
    /// An artifact.
    Package,
    /// Adding.
    Plus,
    /// The state of the system.
    Pulse,
    /// Looking for something.
    Search,
    /// A tag.
    Tag,
    /// Removing.
    Trash,
    /// Ascending.
    Up,
    /// Not in any order.
    UpDown,
    /// A person.
    User,
    /// People.
    Users,
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
    /// A password.
    Key,
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
    /// Administering everything.
    Shield,
    /// Signing out.
    SignOut,
    /// The light theme.
    Sun,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Activity => "M3 12h4l3-8 4 16 3-8h4",
            Self::Circle => "M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Down => "M6 9l6 6 6-6",
            Self::Gear => {
                "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM12 2v3M12 19v3M4.9 4.9 7 7M17 17l2.1 2.1M2 12h3M19 12h3M4.9 19.1 7 17M17 7l2.1-2.1"
            }
            Self::Home => "M4 11l8-7 8 7v9h-5v-6H9v6H4v-9Z",
            Self::Package => "M4 7l8-4 8 4v10l-8 4-8-4V7ZM4 7l8 4 8-4M12 11v10M8 5l8 4",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Pulse => "M4 13h4l2 6 4-14 2 8h4",
            Self::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM16 16l5 5",
            Self::Tag => "M3 12V4h8l10 10-8 8L3 12ZM7.5 8.5h.01",
            Self::Trash => "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
            Self::Up => "M6 15l6-6 6 6",
            Self::UpDown => "M8 10l4-4 4 4M8 14l4 4 4-4",
            Self::User => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 21c0-4 3.500-6 8-6s8 2 8 6",
            Self::Users => {
                "M9 5a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7ZM2 20c0-3.500 3-5.500 7-5.500s7 2 7 5.500M16 5.300a3.500 3.500 0 0 1 0 6.400M18 15c2.500.7 4 2.400 4 5"
            }
            Self::Alert => "M12 4 2.5 20h19L12 4ZM12 10v4M12 17h.01",
            Self::Box => "M21 8 12 3 3 8v8l9 5 9-5V8ZM3 8l9 5 9-5M12 13v8",
            Self::Check => "m5 12.5 4.5 4.500L19 7",
            Self::Copy => "M9 9h11v11H9V9ZM5 15H4V4h11v1",
            Self::Globe => {
                "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"
            }
            Self::Key => "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM11 12l9-9M16 7l3 3M13.5 9.500l2 2",
            Self::Layers => "m12 3 9 5-9 5-9-5 9-5ZM3 12.500l9 5 9-5M3 16.500l9 5 9-5",
            Self::Lock => "M6 11h12v9H6v-9ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Self::Moon => "M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10Z",
            Self::Question => {
                "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.5 9.500a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .8-1 1.700M12 16.500h.01"
            }
            Self::Screen => "M3 5h18v11H3V5ZM9 20h6M12 16v4",
            Self::Shield => {
                "M12 3 4.5 6v5.500c0 4.600 3.100 7.900 7.500 9.500 4.400-1.600 7.500-4.900 7.500-9.500V6L12 3Z"
            }
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
    .into_any()
}
