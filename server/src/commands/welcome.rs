//! The block that `berth serve` prints when it is ready.

use std::net::SocketAddr;

use types::secret::Secret;

use crate::config::Config;

/// Tells where the server is, how to sign in, and which three commands to try.
///
/// The password is there at the first start only, and kept nowhere.
pub(super) fn text(config: &Config, address: SocketAddr, password: Option<&Secret<String>>) -> String {
    let url = url(config, address);
    let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
    let sign_in = match password {
        Some(password) => format!(
            "user admin, password {}\n              (shown this once; change it with: berth admin reset-password)",
            password.expose()
        ),
        None => "user admin and your password (forgotten? berth admin reset-password)".to_owned(),
    };
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "\n  Berth {version} is ready at {url}\n\n  Sign in     {sign_in}\n\n  \
         Try         docker login {host} --username admin\n              \
         docker tag hello-world {host}/library/hello:1\n              \
         docker push {host}/library/hello:1\n\n"
    )
}

fn url(config: &Config, address: SocketAddr) -> String {
    if let Some(url) = &config.external_url {
        return url.to_string();
    }
    let scheme = if config.has_tls() { "https" } else { "http" };
    let ip = address.ip();
    if ip.is_unspecified() || ip.is_loopback() {
        format!("{scheme}://localhost:{}", address.port())
    } else {
        format!("{scheme}://{address}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_names_address_password_and_docker_commands() {
        let config = Config::default();
        let password = Secret::new("Generated1".to_owned());
        let shown = text(&config, config.listen, Some(&password));
        for part in [
            "http://localhost:8080",
            "password Generated1",
            "docker login localhost:8080",
            "docker push localhost:8080/library/hello:1",
        ] {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
        assert!(!text(&config, config.listen, None).contains("Generated1"));
    }

    #[test]
    fn the_external_url_is_what_people_are_told() {
        let config = Config { external_url: "https://r.example".parse().ok(), ..Config::default() };
        assert!(text(&config, config.listen, None).contains("docker login r.example "));
    }
}
