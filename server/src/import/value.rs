//! How the values of single keys become those of ours.

use toml::Value;

use super::{Fate, Form, Old};

/// The password that every Harbor has until somebody changes it.
const KNOWN_PASSWORD: &str = "Harbor12345";
/// Where Harbor 1.x keeps its logs. Source: Harbor 1.5 `make/docker-compose.tpl`.
const CFG_LOGS: &str = "/var/log/harbor";

/// One setting, with nothing more to be said.
pub(super) fn one(key: &'static str, value: impl Into<Value>) -> Fate {
    Fate::Became(vec![(key, value.into())], String::new())
}

/// One setting and a remark.
pub(super) fn told(key: &'static str, value: impl Into<Value>, remark: &str) -> Fate {
    Fate::Became(vec![(key, value.into())], remark.to_owned())
}

/// A whole number, 0 or more. Errors: what the value must be.
pub(super) fn number(value: &str) -> Result<i64, String> {
    value.parse::<u32>().map(i64::from).map_err(|_| "must be a whole number".to_owned())
}

/// As in `on` or `true`. Errors: what the value must be.
pub(super) fn flag(value: &str) -> Result<bool, String> {
    match value.to_lowercase().as_str() {
        "on" | "true" | "yes" | "1" => Ok(true),
        "off" | "false" | "no" | "0" => Ok(false),
        _ => Err("must be on or off".to_owned()),
    }
}

/// As in `200M`. Errors: what the value must be. Source: `man logrotate`, "size".
fn bytes(value: &str) -> Result<i64, String> {
    let (digits, factor) = match value.strip_suffix(['k', 'K', 'm', 'M', 'g', 'G']) {
        None => (value, 1),
        Some(digits) if value.ends_with(['k', 'K']) => (digits, 1024),
        Some(digits) if value.ends_with(['m', 'M']) => (digits, 1024 * 1024),
        Some(digits) => (digits, 1024 * 1024 * 1024),
    };
    number(digits)
        .map(|number| number * factor)
        .map_err(|_| "must be a size such as 100k, 200M or 1G".to_owned())
}

/// `harbor_admin_password`.
pub(super) fn admin_password(_: &Old, value: &str) -> Fate {
    let remark = if value == KNOWN_PASSWORD { "; everybody knows it: choose another" } else { "" };
    told("admin_password", value, &format!("used at the first start only{remark}"))
}

/// `self_registration`.
pub(super) fn self_registration(_: &Old, value: &str) -> Result<Fate, String> {
    Ok(told(
        "auth.self_registration",
        flag(value)?,
        "used at the first start only: afterwards the portal decides",
    ))
}

/// `token_expiration`, in minutes.
pub(super) fn token_expiration(_: &Old, value: &str) -> Result<Fate, String> {
    Ok(one("tokens.ttl_secs", number(value)? * 60))
}

/// `project_creation_restriction`.
pub(super) fn project_creation(_: &Old, value: &str) -> Result<Fate, String> {
    match value {
        "everyone" => Ok(one("projects.creation", "everyone")),
        "adminonly" => Ok(one("projects.creation", "admins")),
        _ => Err("must be everyone or adminonly".to_owned()),
    }
}

/// `auth_mode`.
pub(super) fn auth_mode(_: &Old, value: &str) -> Fate {
    match value {
        "db_auth" => Fate::Part("accounts of Berth's own are always there".to_owned()),
        "ldap_auth" => Fate::NotYet("people of a directory can't sign in".to_owned()),
        _ => Fate::Never("this way to sign in is not offered".to_owned()),
    }
}

/// How many files of the logs are kept; Harbor's 0 keeps none, here it is one at least.
pub(super) fn rotate_count(old: &Old, value: &str) -> Result<Fate, String> {
    let count = number(value)?;
    let remark = if count == 0 { "one is kept at least" } else { "" };
    Ok(with_file(old, "log.rotate_count", count.max(1), remark))
}

/// The size from which on a file of the logs is put aside.
pub(super) fn rotate_size(old: &Old, value: &str) -> Result<Fate, String> {
    Ok(with_file(old, "log.rotate_size_bytes", bytes(value)?.max(64 * 1024), ""))
}

/// Logs go to a file as soon as it is said how files are rotated; `harbor.yml` also says where.
fn with_file(old: &Old, key: &'static str, value: i64, remark: &str) -> Fate {
    let mut became = vec![(key, value.into())];
    if old.form == Form::Cfg {
        became.push(("log.file", format!("{CFG_LOGS}/berth.log").into()));
    }
    Fate::Became(became, remark.to_owned())
}

/// The folder of the logs.
pub(super) fn log_location(_: &Old, value: &str) -> Fate {
    one("log.file", format!("{}/berth.log", value.trim_end_matches('/')))
}

/// The level of the logs.
pub(super) fn log_level(_: &Old, value: &str) -> Result<Fate, String> {
    match value.to_lowercase().as_str() {
        level @ ("debug" | "info" | "error") => Ok(one("log.level", level)),
        "warning" | "warn" => Ok(one("log.level", "warn")),
        "fatal" => Ok(told("log.level", "error", "there is no level above")),
        _ => Err("must be debug, info, warning, error or fatal".to_owned()),
    }
}

/// The folder of everything. Harbor's own files stay as they are.
pub(super) fn data_volume(_: &Old, value: &str) -> Fate {
    let folder = format!("{}/berth", value.trim_end_matches('/'));
    told("data", folder, "a folder of its own: nothing of Harbor's is changed or read")
}

/// How long an upload stays that nobody writes to.
pub(super) fn upload_age(old: &Old, value: &str) -> Result<Fate, String> {
    if old.get("upload_purging.enabled").is_some_and(|is_on| flag(is_on) == Ok(false)) {
        return Ok(Fate::Never(
            "uploads that nobody writes to are always removed, after gc.upload_ttl".to_owned(),
        ));
    }
    crate::config::parse_duration(value)?;
    Ok(one("gc.upload_ttl", value))
}
