//! Addresses: one socket for IPv6 and IPv4.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::Router;
use axum::routing::get;
use server::config::Config;
use server::listener::Listener;
use server::middleware::ClientInfo;

use crate::util::raw::{self, body, exchange};
use crate::util::served::{Served, config};

#[tokio::test]
async fn a_wildcard_address_takes_ipv4_and_ipv6() {
    let routes = Router::new().route("/", get(async |client: ClientInfo| client.ip.to_string()));
    let wildcard = Config { listen: SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)), ..config() };
    let server = Served::start(routes, wildcard);
    let port = server.address.port();
    let answer = exchange((Ipv4Addr::LOCALHOST, port).into(), &raw::get("/", &[])).await;
    assert_eq!(body(&answer), "127.0.0.1");
    if server.address.is_ipv6() {
        let answer = exchange((Ipv6Addr::LOCALHOST, port).into(), &raw::get("/", &[])).await;
        assert_eq!(body(&answer), "::1");
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_named_in_the_error() {
    let first = Listener::bind(&config()).unwrap();
    let taken = Config { listen: first.address(), ..config() };
    let error = Listener::bind(&taken).err().unwrap();
    assert_eq!(error.to_string(), format!("cannot listen on {}", first.address()));
}
