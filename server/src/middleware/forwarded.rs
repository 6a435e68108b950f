//! Reads the headers in which proxies tell about the client.
//!
//! The caller has made sure that they come from a trusted proxy. A chain is read from its end: each
//! trusted proxy wrote the entry before it, and the first address that is not a trusted proxy is the
//! client; whatever stands before that was written by the client itself.
//! Source: RFC 7239; the `X-Forwarded-*` headers as nginx, Traefik and `HAProxy` write them.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName, header};

use super::client::Scheme;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// What a trusted proxy tells about the client.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) ip: Option<IpAddr>,
    pub(super) scheme: Option<Scheme>,
    pub(super) host: Option<String>,
}

/// Whether any of the headers is there at all.
pub(super) fn is_present(headers: &HeaderMap) -> bool {
    [FORWARDED_FOR, FORWARDED_PROTO, FORWARDED_HOST, header::FORWARDED]
        .iter()
        .any(|name| headers.contains_key(name))
}

/// Reads `X-Forwarded-*`, or `Forwarded` where `X-Forwarded-For` is absent.
pub(super) fn read(headers: &HeaderMap, is_trusted: impl Fn(IpAddr) -> bool) -> Told {
    let forwarded = values(headers, &header::FORWARDED);
    if !headers.contains_key(FORWARDED_FOR) && !forwarded.is_empty() {
        return read_rfc7239(&forwarded, is_trusted);
    }
    let first = |name| values(headers, &name).first().map(|value| (*value).to_owned());
    let chain = values(headers, &FORWARDED_FOR);
    Told {
        ip: client_of(chain.iter().map(|entry| address(entry)), is_trusted),
        scheme: first(FORWARDED_PROTO).and_then(|value| scheme(&value)),
        host: first(FORWARDED_HOST).filter(|host| is_host(host)),
    }
}

fn read_rfc7239(entries: &[&str], is_trusted: impl Fn(IpAddr) -> bool) -> Told {
    let first = |name| entries.first().and_then(|entry| parameter(entry, name));
    Told {
        ip: client_of(entries.iter().map(|entry| parameter(entry, "for").and_then(address)), is_trusted),
        scheme: first("proto").and_then(scheme),
        host: first("host").filter(|host| is_host(host)).map(str::to_owned),
    }
}

/// The comma-separated entries of all lines of a header.
fn values<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Vec<&'h str> {
    let lines = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|entry| !entry.is_empty()).collect()
}

fn client_of(
    chain: impl DoubleEndedIterator<Item = Option<IpAddr>>,
    is_trusted: impl Fn(IpAddr) -> bool,
) -> Option<IpAddr> {
    let mut client = None;
    for entry in chain.rev() {
        let Some(ip) = entry else { break };
        client = Some(ip);
        if !is_trusted(ip) {
            break;
        }
    }
    client
}

/// An address with or without a port, an IPv6 one with or without brackets.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    let ip = bare.parse::<IpAddr>().or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip()));
    ip.ok().map(|ip| ip.to_canonical())
}

fn scheme(value: &str) -> Option<Scheme> {
    if value.eq_ignore_ascii_case("https") {
        Some(Scheme::Https)
    } else if value.eq_ignore_ascii_case("http") {
        Some(Scheme::Http)
    } else {
        None
    }
}

fn parameter<'e>(entry: &'e str, name: &str) -> Option<&'e str> {
    entry.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// Whether a text is a host with or without a port: it is written into URLs and headers.
pub(super) fn is_host(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !text.is_empty() && text.len() <= 255 && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const PROXY: [u8; 4] = [10, 0, 0, 1];

    fn told(lines: &[(&'static str, &'static str)]) -> Told {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        read(&headers, |ip| ip == IpAddr::from(PROXY))
    }

    fn ip(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn the_client_is_the_last_address_that_is_no_trusted_proxy() {
        assert_eq!(told(&[("x-forwarded-for", "1.1.1.1, 2.2.2.2, 10.0.0.1")]).ip, ip("2.2.2.2"));
        assert_eq!(told(&[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "2.2.2.2")]).ip, ip("2.2.2.2"));
        assert_eq!(told(&[("x-forwarded-for", "10.0.0.1")]).ip, ip("10.0.0.1"));
        assert_eq!(told(&[("x-forwarded-for", "junk, 10.0.0.1")]).ip, ip("10.0.0.1"));
        assert_eq!(told(&[("x-forwarded-for", "junk")]).ip, None);
    }

    #[test]
    fn addresses_may_carry_ports_and_brackets() {
        assert_eq!(told(&[("x-forwarded-for", "[2001:db8::1]:443")]).ip, ip("2001:db8::1"));
        assert_eq!(told(&[("x-forwarded-for", "192.0.2.1:99")]).ip, ip("192.0.2.1"));
        assert_eq!(told(&[("x-forwarded-for", "::ffff:192.0.2.1")]).ip, ip("192.0.2.1"));
    }

    #[test]
    fn forwarded_is_read_where_no_older_header_is() {
        let both = told(&[("forwarded", "for=9.9.9.9"), ("x-forwarded-for", "1.1.1.1")]);
        assert_eq!(both.ip, ip("1.1.1.1"));
        let one =
            told(&[("forwarded", r#"For="[2001:db8::7]:1"; proto=https;host=r.example, for=10.0.0.1"#)]);
        let expected =
            Told { ip: ip("2001:db8::7"), scheme: Some(Scheme::Https), host: Some("r.example".to_owned()) };
        assert_eq!(one, expected);
    }

    #[test]
    fn a_host_that_could_break_a_header_is_not_taken() {
        assert_eq!(told(&[("x-forwarded-host", "a\"b")]).host, None);
        assert_eq!(told(&[("x-forwarded-host", "r.example:8443")]).host.as_deref(), Some("r.example:8443"));
        assert_eq!(told(&[("x-forwarded-proto", "gopher")]).scheme, None);
    }

    /// An address as each proxy may write it.
    fn entry(ip: IpAddr, port: Option<u16>, is_rfc7239: bool) -> String {
        let bare = match (ip, port) {
            (IpAddr::V4(ip), None) => ip.to_string(),
            (ip, Some(port)) => SocketAddr::new(ip, port).to_string(),
            (IpAddr::V6(ip), None) if is_rfc7239 => format!("[{ip}]"),
            (IpAddr::V6(ip), None) => ip.to_string(),
        };
        if is_rfc7239 { format!("For=\"{bare}\";by=_x") } else { bare }
    }

    proptest! {
        #[test]
        fn what_a_client_writes_in_front_never_counts(
            chain in prop::collection::vec((any::<IpAddr>(), any::<Option<u16>>(), any::<bool>()), 1..6),
            junk in prop::option::of("[ -~]{0,12}"),
            is_rfc7239: bool,
        ) {
            let name = if is_rfc7239 { header::FORWARDED } else { FORWARDED_FOR };
            let entries = chain.iter().map(|(ip, port, _)| entry(*ip, *port, is_rfc7239));
            let line: Vec<String> = junk.into_iter().chain(entries).collect();
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_str(&line.join(", ")).unwrap())]);
            let trusted: Vec<IpAddr> =
                chain.iter().filter(|(_, _, trusted)| *trusted).map(|(ip, _, _)| ip.to_canonical()).collect();
            let client = chain.iter().map(|(ip, _, _)| ip.to_canonical()).rfind(|ip| !trusted.contains(ip));
            let told = read(&headers, |ip| trusted.contains(&ip));
            match client {
                Some(_) => prop_assert_eq!(told.ip, client),
                None => prop_assert!(told.ip.is_some()),
            }
        }

        #[test]
        fn no_header_makes_the_reader_panic_or_tell_what_is_no_host(
            lines in prop::collection::vec(
                (
                    prop::sample::select(vec![FORWARDED_FOR, FORWARDED_PROTO, FORWARDED_HOST, header::FORWARDED]),
                    prop_oneof!["[ -~\t]{0,40}", "((for|proto|host)=\"?[a-z0-9:.\\[\\]\"]{0,9}\"?[;, ]{1,2}){1,4}"],
                ),
                0..5,
            ),
        ) {
            let lines = lines.into_iter().map(|(name, line)| (name, HeaderValue::from_str(&line).unwrap()));
            let mut headers = HeaderMap::new();
            lines.for_each(|(name, line)| { headers.append(name, line); });
            let told = read(&headers, |ip| ip.is_loopback());
            let is_plain = |host: &str| {
                !host.is_empty() && host.chars().all(|c| c.is_ascii_graphic() && !"/\\\"'@?#%<>,;=".contains(c))
            };
            prop_assert!(told.host.is_none_or(|host| is_plain(&host)));
        }
    }
}
