//! What a visitor chose before the page was rendered: the language and the theme.
//!
//! The server reads them from the request and writes them on `<html>`; the browser reads them back from
//! there. So both renders start alike, and nothing flashes.

use crate::i18n::Locale;
use std::str::FromStr;

/// Every locale of the portal, in the order of the language menu.
pub const LOCALES: [Locale; 2] = [Locale::en_us, Locale::zh_cn];

/// The choices that shape a whole page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The language of every text.
    pub locale: Locale,
    /// The colours.
    pub theme: Theme,
}

impl Preferences {
    /// The preferences this page is rendered with.
    #[cfg(feature = "ssr")]
    pub fn current() -> Self {
        crate::ssr::preferences::from_request()
    }

    /// The preferences this page was rendered with.
    #[cfg(not(feature = "ssr"))]
    pub fn current() -> Self {
        crate::browser::preferences()
    }
}

/// The colours a visitor wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Whatever the operating system says.
    #[default]
    System,
    /// Dark text on light surfaces.
    Light,
    /// Light text on dark surfaces.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the theme menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in the cookie and in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The value of `data-theme` on `<html>`; none leaves the choice to the system.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light | Self::Dark => Some(self.as_str()),
        }
    }
}

impl FromStr for Theme {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).ok_or(())
    }
}

/// The language tag of a locale, as `<html lang>` and the cookie carry it.
pub const fn lang_tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en_us => "en-US",
        Locale::zh_cn => "zh-CN",
    }
}

/// The name of a locale in its own language.
pub const fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::en_us => "English",
        Locale::zh_cn => "简体中文",
    }
}

/// The locale of exactly this language tag.
pub fn locale_of_tag(tag: &str) -> Option<Locale> {
    LOCALES.into_iter().find(|locale| lang_tag(*locale).eq_ignore_ascii_case(tag))
}

/// The best locale for an `Accept-Language` header.
///
/// Takes the languages by falling weight and, for each, a locale of the same tag or else of the same
/// language; a weight of 0 refuses. Traditional Chinese is not answered with simplified.
///
/// Source: RFC 9110, section 12.5.4; RFC 4647, section 3.4.
pub fn locale_of_header(header: &str) -> Option<Locale> {
    let mut ranges: Vec<(&str, f32)> = header.split(',').filter_map(weighted).collect();
    ranges.sort_by(|left, right| right.1.total_cmp(&left.1));
    ranges.into_iter().find_map(|(range, _)| locale_of_range(range))
}

fn weighted(item: &str) -> Option<(&str, f32)> {
    let mut parts = item.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
    (weight > 0.0).then_some((range, weight))
}

fn locale_of_range(range: &str) -> Option<Locale> {
    let lower = range.to_ascii_lowercase();
    match lower.split('-').next()? {
        "en" => Some(Locale::en_us),
        "zh" if !["hant", "tw", "hk", "mo"].iter().any(|part| lower.split('-').any(|own| own == *part)) => {
            Some(Locale::zh_cn)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        for (header, expected) in [
            ("en", Some(Locale::en_us)),
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Locale::zh_cn)),
            ("de-DE, de;q=0.9, en;q=0.5", Some(Locale::en_us)),
            ("en;q=0.2, zh-Hans;q=0.7", Some(Locale::zh_cn)),
            ("zh-TW, en;q=0.5", Some(Locale::en_us)),
            ("zh-Hant-HK", None),
            ("en;q=0", None),
            ("de", None),
            ("", None),
            (";q=1,,", None),
            ("zh;q=abc", None),
        ] {
            assert_eq!(locale_of_header(header), expected, "{header}");
        }
    }

    #[test]
    fn a_tag_and_its_locale_belong_together() {
        for locale in LOCALES {
            assert_eq!(locale_of_tag(lang_tag(locale)), Some(locale));
        }
        assert_eq!(locale_of_tag("zh-cn"), Some(Locale::zh_cn));
        assert_eq!(locale_of_tag("tlh"), None);
    }

    #[test]
    fn a_theme_is_read_from_its_own_name_alone() {
        for theme in Theme::ALL {
            assert_eq!(theme.as_str().parse(), Ok(theme));
        }
        assert_eq!("Dark\"".parse::<Theme>(), Err(()));
    }
}
