//! The listener, with real sockets.

mod slow_client;
mod socket;
mod stop;
mod tls;
