//! A client that writes bytes to a socket and reads bytes back, for what no HTTP library would send.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest time a test waits for anything; reaching it fails the test.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Fails the test when something does not happen in time.
#[track_caller]
pub fn within<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let caller = std::panic::Location::caller();
    async move {
        timeout(DEADLINE, future).await.unwrap_or_else(|_| panic!("nothing happened in time at {caller}"))
    }
}

/// Opens a connection.
pub async fn connect(address: SocketAddr) -> TcpStream {
    within(TcpStream::connect(address)).await.unwrap()
}

/// Writes bytes.
pub async fn send(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    within(stream.write_all(text.as_bytes())).await.unwrap();
}

/// Reads until the server closes the connection; a reset counts as closing.
pub async fn read_to_end(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let _ = within(stream.read_to_end(&mut bytes)).await;
    String::from_utf8(bytes).unwrap()
}

/// Reads one response whose body has a `Content-Length`.
pub async fn read_response(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = String::new();
    while !is_complete(&text) {
        let mut byte = [0];
        let read = within(stream.read(&mut byte)).await.unwrap();
        assert!(read == 1, "the connection was closed after {text:?}");
        text.push(char::from(byte[0]));
    }
    text
}

fn is_complete(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

/// Sends one request on its own connection and returns the whole answer.
pub async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = connect(address).await;
    send(&mut stream, request).await;
    read_to_end(&mut stream).await
}

/// A GET request that asks for the connection to be closed, with more header lines if wanted.
pub fn get(path: &str, lines: &[&str]) -> String {
    let lines = lines.iter().flat_map(|line| [line, "\r\n"]).collect::<String>();
    format!("GET {path} HTTP/1.1\r\nhost: berth.test\r\nconnection: close\r\n{lines}\r\n")
}

/// The value of a header of a response; names are in lower case.
pub fn header<'r>(response: &'r str, name: &str) -> Option<&'r str> {
    let head = response.split("\r\n\r\n").next().unwrap();
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The body of a response.
pub fn body(response: &str) -> &str {
    response.split_once("\r\n\r\n").unwrap().1
}

/// The status line of a response.
pub fn status(response: &str) -> &str {
    response.lines().next().unwrap_or_default()
}
