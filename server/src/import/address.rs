//! The address: name, ports and certificate.

use super::{
    Fate, Form, Old,
    value::{flag, one},
};

/// `hostname`: the address of clients, and the socket.
pub(super) fn hostname(old: &Old, value: &str) -> Result<Fate, String> {
    let (scheme, port) = listener(old)?;
    let is_default = port == default_port(scheme);
    let url = match old.form {
        Form::Yml if !is_default => format!("{scheme}://{value}:{port}"),
        _ => format!("{scheme}://{value}"),
    };
    let listen = ("listen", format!("{}:{port}", socket(old)?).into());
    if old.get("external_url").is_some() {
        return Ok(Fate::Became(vec![listen], "external_url is what clients use".to_owned()));
    }
    Ok(Fate::Became(vec![("external_url", url.into()), listen], String::new()))
}

/// `external_url`: a proxy stands before the registry.
pub(super) fn external_url(_: &Old, value: &str) -> Fate {
    let remark = "where a proxy speaks for clients, add its network to trusted_proxies";
    Fate::Became(vec![("external_url", value.trim_end_matches('/').into())], remark.to_owned())
}

/// `http.port`: one socket is listened on.
pub(super) fn http_port(old: &Old, _: &str) -> Fate {
    if old.has("https") {
        return Fate::Never("one socket is listened on, that of https: nothing redirects to it".to_owned());
    }
    Fate::Part("it is the port of listen".to_owned())
}

/// The certificate and its chain.
pub(super) fn certificate(old: &Old, value: &str) -> Result<Fate, String> {
    file(old, "tls.certificate", value)
}

/// The private key.
pub(super) fn key(old: &Old, value: &str) -> Result<Fate, String> {
    file(old, "tls.key", value)
}

fn file(old: &Old, setting: &'static str, value: &str) -> Result<Fate, String> {
    match listener(old)? {
        ("https", _) => Ok(one(setting, value)),
        _ => Ok(Fate::Part("it is not used, because the protocol is http".to_owned())),
    }
}

fn listener(old: &Old) -> Result<(&'static str, u16), String> {
    let is_https = match old.form {
        Form::Cfg => old.get("ui_url_protocol") == Some("https"),
        Form::Yml => old.has("https"),
    };
    let scheme = if is_https { "https" } else { "http" };
    let given = match old.form {
        Form::Cfg => old.get("hostname").and_then(port_of),
        Form::Yml => old.get(if is_https { "https.port" } else { "http.port" }),
    };
    let port =
        given.map(|port| port.parse().map_err(|_| "has a port that is none".to_owned())).transpose()?;
    Ok((scheme, port.unwrap_or_else(|| default_port(scheme))))
}

/// The port of a name, which may be an IPv6 address in brackets.
fn port_of(name: &str) -> Option<&str> {
    name.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.contains(']'))
}

fn default_port(scheme: &str) -> u16 {
    if scheme == "https" { 443 } else { 80 }
}

/// Which addresses are listened on: in Harbor 2.x IPv6 is an option.
fn socket(old: &Old) -> Result<&'static str, String> {
    let has_v6 = old.get("ip_family.ipv6.enabled").map(flag).transpose()?;
    let is_v4_alone = old.form == Form::Yml && !has_v6.unwrap_or_default();
    Ok(if is_v4_alone { "0.0.0.0" } else { "[::]" })
}
