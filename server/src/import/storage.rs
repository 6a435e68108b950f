//! Where layers are kept. Harbor passes these parameters on to `distribution`, whose names they are.
//!
//! Berth keeps its files in a folder `berth` of their own: Harbor's are neither read nor changed. Source of the
//! parameters: `distribution`, `docs/content/storage-drivers`.

use std::fs;

use super::{
    Fate, Old,
    value::{flag, one, told},
};

/// Where the container of Harbor's registry sees the data volume.
const INSIDE: &str = "/storage";

/// `registry_storage_provider_name` of `harbor.cfg`.
pub(super) fn provider(_: &Old, value: &str) -> Fate {
    match value {
        "filesystem" => Fate::Part("files are the default; they are in the data folder".to_owned()),
        "s3" | "gcs" | "azure" => Fate::Part("it is the scheme of storage.url".to_owned()),
        other => Fate::Never(format!("{other} can't keep layers here: files, S3, Google and Azure can")),
    }
}

/// `registry_storage_provider_config` of `harbor.cfg`: `name: value, name: value`.
pub(super) fn provider_config(old: &Old, value: &str) -> Result<Fate, String> {
    let driver = old.get("registry_storage_provider_name").unwrap_or("filesystem");
    let parameters = value.split(',').map(str::trim).filter(|part| !part.is_empty());
    let parameters: Option<Vec<(&str, &str)>> = parameters.map(parameter).collect();
    let parameters = parameters.ok_or("must be a list such as bucket: images, region: eu-west-1")?;
    let (mut became, mut remarks) = (Vec::new(), Vec::new());
    for (name, value) in &parameters {
        match becomes(driver, &parameters, name, value)? {
            Fate::Became(settings, remark) => {
                became.extend(settings);
                remarks.push(remark);
            }
            Fate::Part(why) | Fate::Never(why) | Fate::NotYet(why) => remarks.push(format!("{name}: {why}")),
            Fate::Wrong(why) => return Err(format!("has a {name} that {why}")),
            Fate::Unknown => remarks.push(format!("{name}: nothing is known of it")),
        }
    }
    remarks.retain(|remark| !remark.is_empty());
    Ok(Fate::Became(became, remarks.join("; ")))
}

/// A part of the list; its value may have colons, its name has none.
fn parameter(part: &str) -> Option<(&str, &str)> {
    let (name, value) = part.split_once(':')?;
    Some((name.trim(), value.trim().trim_matches('"')))
}

/// `storage_service.<driver>.<name>` of `harbor.yml`.
pub(super) fn service(old: &Old, key: &str, value: &str) -> Result<Fate, String> {
    let Some((driver, name)) = key.split_once('.') else {
        return Ok(Fate::Part("its defaults are taken".to_owned())); // a driver without parameters
    };
    becomes(driver, &old.below(&format!("storage_service.{driver}")), name, value)
}

/// `storage_service.redirect.disable` of `harbor.yml`.
pub(super) fn redirect(old: &Old, value: &str) -> Result<Fate, String> {
    let is_object = ["s3", "gcs", "azure"].iter().any(|driver| old.has(&format!("storage_service.{driver}")));
    if is_object {
        return Ok(one("storage.redirect", !flag(value)?));
    }
    Ok(Fate::Part("files are sent by Berth itself".to_owned()))
}

type Parameters<'a> = [(&'a str, &'a str)];

fn becomes(driver: &str, all: &Parameters<'_>, name: &str, value: &str) -> Result<Fate, String> {
    let root = get(all, "rootdirectory").unwrap_or_default().trim_matches('/');
    Ok(match (driver, name) {
        ("filesystem", "rootdirectory") if value.trim_end_matches('/') == INSIDE => {
            Fate::Part("Harbor's own folder: files are in the data folder".to_owned())
        }
        ("filesystem", "rootdirectory") if value.starts_with('/') => {
            one("storage.url", url("file:", "", root))
        }
        ("filesystem", "rootdirectory") => return Err("must be a whole path".to_owned()),
        ("s3", "bucket") => one("storage.url", url("s3:", value, root)),
        ("gcs", "bucket") => one("storage.url", url("gs:", value, root)),
        ("azure", "container") => one("storage.url", url("az:", value, root)),
        ("s3" | "gcs" | "azure", "rootdirectory") => Fate::Part("it is a part of storage.url".to_owned()),
        ("s3", "region") => one("storage.region", value),
        ("s3", "accesskey") | ("azure", "accountname") => one("storage.access_key", value),
        ("s3", "secretkey") | ("azure", "accountkey") => one("storage.secret_key", value),
        ("s3", "regionendpoint") => endpoint(all, value)?,
        ("s3", "secure") => Fate::Part("it is the scheme of storage.endpoint".to_owned()),
        ("s3", "forcepathstyle") => one("storage.path_style", flag(value)?),
        ("gcs", "keyfile") => key_file(value),
        ("azure", "realm") => realm(all, value),
        ("s3" | "gcs" | "azure" | "filesystem", _) => Fate::Never("Berth decides it itself".to_owned()),
        (other, _) => Fate::Never(format!("{other} can't keep layers here: files, S3, Google and Azure can")),
    })
}

fn get<'a>(all: &Parameters<'a>, name: &str) -> Option<&'a str> {
    all.iter().find(|(key, _)| *key == name).map(|(_, value)| *value).filter(|value| !value.is_empty())
}

fn url(scheme: &str, bucket: &str, root: &str) -> String {
    let parts = [bucket, root, "berth"];
    let path = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("/");
    if bucket.is_empty() { format!("{scheme}///{path}") } else { format!("{scheme}//{path}") }
}

fn endpoint(all: &Parameters<'_>, value: &str) -> Result<Fate, String> {
    let is_secure = get(all, "secure").map(flag).transpose()?.unwrap_or(true);
    let scheme = if is_secure { "https" } else { "http" };
    let endpoint = if value.contains("://") { value.to_owned() } else { format!("{scheme}://{value}") };
    let is_plain = endpoint.starts_with("http://");
    let mut became = vec![("storage.endpoint", endpoint.into())];
    if is_plain {
        became.push(("storage.allow_http", true.into()));
    }
    Ok(Fate::Became(became, String::new()))
}

/// The key of a service account is taken over where it can be read; the file may be known inside of a container only.
fn key_file(path: &str) -> Fate {
    match fs::read_to_string(path) {
        Ok(key) => told("storage.secret_key", key, "the content of the file"),
        Err(_) => Fate::Part(format!(
            "{path} can't be read here: start Berth with BERTH_STORAGE__SECRET_KEY_FILE, which names the file"
        )),
    }
}

fn realm(all: &Parameters<'_>, value: &str) -> Fate {
    match get(all, "accountname") {
        Some(account) if value != "core.windows.net" => {
            one("storage.endpoint", format!("https://{account}.blob.{value}"))
        }
        _ => Fate::Part("it is the provider's own".to_owned()),
    }
}
