//! Binds the socket; an IPv6 wildcard takes IPv4 connections as well.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;
use tracing::warn;

/// Connections that the system keeps until they are accepted.
const BACKLOG: i32 = 4096;

/// Binds `address`; `[::]` becomes `0.0.0.0` on a machine without IPv6.
pub(super) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let is_wildcard = address.is_ipv6() && address.ip().is_unspecified();
    let bound = open(address);
    let socket = match bound {
        Err(error) if is_wildcard && is_missing_ipv6(&error) => {
            warn!("This machine has no IPv6: listening on IPv4 alone");
            open(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), address.port()))?
        }
        other => other?,
    };
    TcpListener::from_std(socket.into())
}

fn open(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket)
}

fn is_missing_ipv6(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrNotAvailable
        || error.kind() == io::ErrorKind::Unsupported
        || error.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error())
}
