//! The kinds of value a setting can hold: how each is read from text and shown again.
//!
//! A value comes as text from every source (a number in the file is its digits), so that the file,
//! the environment and the flags accept exactly the same spellings. Secrets are not here: the
//! reader hands them on unparsed and never shows them.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;

/// One value as its source gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    /// A single value.
    One(String),
    /// A list, which only the file can spell as such; elsewhere a list is separated by commas.
    Many(Vec<String>),
}

impl Raw {
    fn one(&self) -> Result<&str, String> {
        match self {
            Self::One(text) => Ok(text),
            Self::Many(_) => Err("must be a single value, not a list".to_owned()),
        }
    }

    fn many(&self) -> Vec<&str> {
        match self {
            Self::One(text) => text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect(),
            Self::Many(parts) => parts.iter().map(String::as_str).collect(),
        }
    }
}

/// A type that a setting can have.
pub(super) trait Value: Sized {
    /// Reads the value; the error is the rest of a sentence that begins with the key.
    fn parse(raw: &Raw) -> Result<Self, String>;
    /// The value as `berth config show` prints it.
    fn show(&self) -> String;
}

/// Implements [`Value`] for whole numbers.
macro_rules! whole_numbers {
    ($($type:ty),+) => {$(
        impl Value for $type {
            fn parse(raw: &Raw) -> Result<Self, String> {
                let text = raw.one()?;
                text.parse().map_err(|_| format!("must be a whole number up to {}, not {text:?}", <$type>::MAX))
            }

            fn show(&self) -> String {
                self.to_string()
            }
        }
    )+};
}
whole_numbers!(u32, u64);

impl Value for bool {
    fn parse(raw: &Raw) -> Result<Self, String> {
        let text = raw.one()?;
        text.parse().map_err(|_| format!("must be true or false, not {text:?}"))
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for String {
    fn parse(raw: &Raw) -> Result<Self, String> {
        raw.one().map(str::to_owned)
    }

    fn show(&self) -> String {
        self.clone()
    }
}

impl Value for Duration {
    fn parse(raw: &Raw) -> Result<Self, String> {
        parse_duration(raw.one()?)
    }

    fn show(&self) -> String {
        humantime::format_duration(*self).to_string().replace(' ', "")
    }
}

/// Reads a time such as `2h`, `90s` or `1d`; a number alone is refused, except 0.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    humantime::parse_duration(text).map_err(|_| format!("must be a time such as 2h, 90s or 1d, not {text:?}"))
}

impl Value for PathBuf {
    fn parse(raw: &Raw) -> Result<Self, String> {
        raw.one().map(Self::from)
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

impl Value for SocketAddr {
    fn parse(raw: &Raw) -> Result<Self, String> {
        let text = raw.one()?;
        let only_port = text.strip_prefix(':').and_then(|port| port.parse().ok());
        match only_port {
            Some(port) => Ok(Self::from((Ipv6Addr::UNSPECIFIED, port))),
            None => text.parse().map_err(|_| {
                format!("must be an address and a port such as [::]:8080 or 127.0.0.1:8080, not {text:?}")
            }),
        }
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// A socket that may be `off`.
impl Value for Option<SocketAddr> {
    fn parse(raw: &Raw) -> Result<Self, String> {
        if raw.one()? == "off" {
            return Ok(None);
        }
        SocketAddr::parse(raw).map(Some).map_err(|message| format!("{message}; off for none"))
    }

    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "off".to_owned(), Value::show)
    }
}

impl Value for Vec<IpNet> {
    fn parse(raw: &Raw) -> Result<Self, String> {
        raw.many().into_iter().map(parse_network).collect()
    }

    fn show(&self) -> String {
        self.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

fn parse_network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("must list networks such as 10.0.0.0/8 or 192.168.1.1, not {text:?}"))
}

/// The address under which people and clients reach this server: scheme and authority, no path.
///
/// Example: `https://registry.example.org` or `http://localhost:8080`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalUrl {
    is_https: bool,
    authority: String,
}

impl ExternalUrl {
    /// Whether clients reach the server by HTTPS.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Host and, where it is not the scheme's own, port.
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

impl fmt::Display for ExternalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority)
    }
}

impl FromStr for ExternalUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || {
            format!(
                "must be http:// or https:// with a host and no path, such as https://registry.example.org, not {text:?}"
            )
        };
        let uri: http::Uri = text.parse().map_err(|_| refusal())?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(refusal()),
        };
        let authority = uri.authority().ok_or_else(refusal)?.as_str();
        let has_more = uri.path() != "/" || uri.query().is_some() || authority.contains('@');
        if has_more {
            Err(refusal())
        } else {
            Ok(Self { is_https, authority: authority.to_ascii_lowercase() })
        }
    }
}

impl Value for ExternalUrl {
    fn parse(raw: &Raw) -> Result<Self, String> {
        raw.one()?.parse()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// Implements [`Value`] for an enum of plain words, spelled once.
macro_rules! words {
    ($type:ty { $($word:literal => $variant:path),+ $(,)? }) => {
        impl $crate::config::value::Value for $type {
            fn parse(raw: &$crate::config::value::Raw) -> Result<Self, String> {
                let text = <String as $crate::config::value::Value>::parse(raw)?;
                match text.as_str() {
                    $($word => Ok($variant),)+
                    _ => Err(format!("must be one of {}, not {text:?}", [$($word),+].join(", "))),
                }
            }

            fn show(&self) -> String {
                match self { $($variant => $word,)+ }.to_owned()
            }
        }
    };
}
pub(super) use words;

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Raw {
        Raw::One(text.to_owned())
    }

    #[test]
    fn a_time_is_a_number_with_a_unit() {
        for (text, secs, shown) in [
            ("2h", 7200, "2h"),
            ("90s", 90, "1m30s"),
            ("1d", 86_400, "1day"),
            ("1d 2h", 93_600, "1day2h"),
            ("0", 0, "0s"),
            ("0s", 0, "0s"),
        ] {
            let time = Duration::parse(&one(text)).unwrap();
            assert_eq!((time.as_secs(), time.show().as_str()), (secs, shown), "{text}");
            assert_eq!(Duration::parse(&one(shown)), Ok(time), "what is shown can be given");
        }
        for text in ["", "7200", "-1h", "soon", "2 hours ago"] {
            assert!(Duration::parse(&one(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn an_external_url_has_scheme_and_host_only() {
        for (text, shown) in [
            ("https://Registry.Example.org/", Some("https://registry.example.org")),
            ("http://localhost:8080", Some("http://localhost:8080")),
            ("http://[::1]:8080", Some("http://[::1]:8080")),
            ("registry.example.org", None),
            ("ftp://registry.example.org", None),
            ("https://registry.example.org/path", None),
            ("https://user@registry.example.org", None),
            ("", None),
        ] {
            assert_eq!(ExternalUrl::parse(&one(text)).ok().map(|url| url.show()).as_deref(), shown, "{text}");
        }
    }

    #[test]
    fn a_listen_address_may_be_a_port_alone() {
        assert_eq!(SocketAddr::parse(&one(":5000")).unwrap().show(), "[::]:5000");
        assert_eq!(SocketAddr::parse(&one("127.0.0.1:0")).unwrap().show(), "127.0.0.1:0");
        assert!(SocketAddr::parse(&one("localhost")).is_err());
    }

    #[test]
    fn networks_are_read_from_commas_and_from_lists() {
        let commas = Vec::<IpNet>::parse(&one("10.0.0.0/8, ::1")).unwrap();
        let list = Vec::<IpNet>::parse(&Raw::Many(vec!["10.0.0.0/8".into(), "::1".into()])).unwrap();
        assert_eq!(commas, list);
        assert_eq!(commas.show(), "10.0.0.0/8,::1/128");
        assert!(Vec::<IpNet>::parse(&one("10.0.0.0/40")).is_err());
    }
}
