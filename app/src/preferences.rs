//! What a visitor chose before the page was rendered: the language, the theme and the client of commands.
//!
//! The server reads them from the request and writes them on `<html>`; the browser reads them back from
//! there. So both renders start alike, and nothing flashes.

use crate::i18n::Locale;
use types::preference::{Client, Theme};

/// Every locale of the portal, in the order of the language menu.
pub const LOCALES: [Locale; 2] = [Locale::en_us, Locale::zh_cn];

/// The choices that shape a whole page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The language of every text.
    pub locale: Locale,
    /// The colours.
    pub theme: Theme,
    /// The program that commands are shown for.
    pub client: Client,
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

/// The value of `data-theme` on `<html>`; none leaves the choice to the system.
pub const fn theme_attribute(theme: Theme) -> Option<&'static str> {
    match theme {
        Theme::System => None,
        Theme::Light | Theme::Dark => Some(theme.as_str()),
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
}
