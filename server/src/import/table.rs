//! Which key becomes what: a line for each key of both formats. A setting that is new here gets its line here.
//!
//! A name that ends in `*` stands for all keys that begin so and have no line of their own. Source: Harbor 1.5
//! `make/harbor.cfg`, Harbor 2.x `make/harbor.yml.tmpl`.

use super::{Fate, Form, Old, address, storage, value};

/// What there is for a key.
enum Rule {
    /// What its value says; the error is the rest of a sentence when the value can't be understood.
    Read(fn(&Old, &str) -> Result<Fate, String>),
    /// The same, of any value.
    Take(fn(&Old, &str) -> Fate),
    /// A part in what another key brings, and which.
    Part(&'static str),
    /// Nothing, and why.
    Never(&'static str),
    /// Nothing yet, and what is missing.
    NotYet(&'static str),
}
use Rule::{Never, NotYet, Part, Read, Take};

const CFG: &[(&str, Rule)] = &[
    ("_version", Never("it tells which Harbor the file is for")),
    ("hostname", Read(address::hostname)),
    ("ui_url_protocol", Part("it is the scheme of external_url, and gives listen its port")),
    ("ssl_cert", Read(address::certificate)),
    ("ssl_cert_key", Read(address::key)),
    ("harbor_admin_password", Take(value::admin_password)),
    ("auth_mode", Take(value::auth_mode)),
    ("ldap_*", NotYet(LDAP)),
    ("uaa_*", Never("sign-in by UAA is not offered")),
    ("self_registration", Read(value::self_registration)),
    ("token_expiration", Read(value::token_expiration)),
    ("project_creation_restriction", Read(value::project_creation)),
    ("log_rotate_count", Read(value::rotate_count)),
    ("log_rotate_size", Read(value::rotate_size)),
    ("registry_storage_provider_name", Take(storage::provider)),
    ("registry_storage_provider_config", Read(storage::provider_config)),
    ("max_job_workers", Never(JOBS)),
    ("customize_crt", Never("the key that signs tokens is made at the first start")),
    ("secretkey_path", Never("the key that encrypts secrets is made at the first start, in the data folder")),
    ("admiral_url", Never("Admiral is not supported")),
    ("http_proxy", NotYet(PROXY)),
    ("https_proxy", NotYet(PROXY)),
    ("no_proxy", NotYet(PROXY)),
    ("email_*", Never("Berth sends no mail: berth admin reset-password makes a new password")),
    ("db_*", Never(DATABASE)),
    ("redis_url", Never(REDIS)),
    ("clair_db*", Never("there is no Clair, and no database for it")),
    ("reload_config", Never("the configuration is read at every start")),
];

const YML: &[(&str, Rule)] = &[
    ("_version", Never("it tells which Harbor the file is for")),
    ("hostname", Read(address::hostname)),
    ("external_url", Take(address::external_url)),
    ("http.port", Take(address::http_port)),
    ("https.port", Part("it is the port of listen")),
    ("https.certificate", Read(address::certificate)),
    ("https.private_key", Read(address::key)),
    ("https.strong_ssl_ciphers", Never("only strong ciphers are offered")),
    ("ip_family.ipv6.enabled", Part("it decides the address of listen")),
    ("ip_family.*", Never("IPv4 is always listened on")),
    ("internal_tls.*", Never("there is one process, and no traffic inside")),
    ("harbor_admin_password", Take(value::admin_password)),
    ("data_volume", Take(value::data_volume)),
    ("storage_service.redirect.disable", Read(storage::redirect)),
    ("storage_service.ca_bundle", NotYet("certificates of the system's own trust are taken")),
    ("log.level", Read(value::log_level)),
    ("log.local.rotate_count", Read(value::rotate_count)),
    ("log.local.rotate_size", Read(value::rotate_size)),
    ("log.local.location", Take(value::log_location)),
    (
        "log.external_endpoint.*",
        Never("logs go to standard error or a file, where a collector may take them"),
    ),
    ("upload_purging.age", Read(value::upload_age)),
    ("upload_purging.*", Never("it is done by every collection, see gc.interval")),
    ("jobservice.*", Never(JOBS)),
    ("notification.*", NotYet("webhooks are not sent")),
    ("trivy.*", NotYet("images are not scanned")),
    ("metric.*", NotYet("metrics are not served")),
    ("trace.*", NotYet("traces are not sent")),
    ("proxy.*", NotYet(PROXY)),
    ("database.*", Never(DATABASE)),
    ("external_database.*", Never(DATABASE)),
    ("redis.*", Never(REDIS)),
    ("external_redis.*", Never(REDIS)),
    ("cache.*", Never(REDIS)),
    ("uaa.*", Never("sign-in by UAA is not offered")),
    ("core.*", Never("it is about how Harbor's parts work together")),
    ("clair.*", Never("there is no Clair")),
    ("chart.*", Never("charts are artifacts, as in Harbor from 2.8 on")),
    ("notary.*", Never("there is no Notary, as in Harbor from 2.9 on")),
];

const LDAP: &str = "people of a directory can't sign in";
const PROXY: &str = "Berth asks nobody outside for anything that would go through a proxy";
const JOBS: &str = "background work is done inside, four things at a time";
const DATABASE: &str = "Berth has its own database, in the data folder; Harbor's is not read";
const REDIS: &str = "Berth needs no cache beside it";

/// What becomes of a key.
pub(super) fn fate(old: &Old, key: &str, value: &str) -> Fate {
    let table = match old.form {
        Form::Cfg => CFG,
        Form::Yml => YML,
    };
    let rule = rule(table, key);
    let read = match (rule, key.strip_prefix("storage_service.")) {
        (Some(Never(why)), _) => return Fate::Never((*why).to_owned()),
        (Some(NotYet(why)), _) => return Fate::NotYet((*why).to_owned()),
        (Some(Part(which)), _) => return Fate::Part((*which).to_owned()),
        (Some(Read(read)), _) if !value.is_empty() => read(old, value),
        (Some(Take(take)), _) if !value.is_empty() => return take(old, value),
        (None, Some(parameter)) if old.form == Form::Yml => storage::service(old, parameter, value),
        (Some(Read(_) | Take(_)), _) => return Fate::Part("it is empty".to_owned()),
        (None, _) => return Fate::Unknown,
    };
    read.unwrap_or_else(Fate::Wrong)
}

/// The line of a key: its own, else the longest that stands for several. A section without keys has that of its keys.
fn rule<'t>(table: &'t [(&str, Rule)], key: &str) -> Option<&'t Rule> {
    let own = table.iter().find(|(name, _)| *name == key);
    let covers = |name: &str| {
        let start = name.strip_suffix('*').unwrap_or("\0");
        key.starts_with(start) || start.strip_suffix('.') == Some(key)
    };
    let several = || table.iter().filter(|(name, _)| covers(name)).max_by_key(|(name, _)| name.len());
    own.or_else(several).map(|(_, rule)| rule)
}
