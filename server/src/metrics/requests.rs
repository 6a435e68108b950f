//! Counts requests. Everything is made at the start, so that a request only adds to numbers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::middleware::Door;

const DOORS: [(Door, &str); 3] =
    [(Door::Registry, "registry"), (Door::Harbor, "harbor"), (Door::Site, "site")];
/// Methods that routes have; any other one is the last.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "other"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper bounds in seconds: a lookup takes half a millisecond, an upload may take a minute.
const BOUNDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 15.0, 60.0];

type Counters = Family<[(&'static str, &'static str); 3], Counter>;
type Histograms = Family<[(&'static str, &'static str); 2], Histogram, fn() -> Histogram>;

/// The counters of all requests; a cheap clone.
#[derive(Clone)]
pub struct Requests(Arc<Inner>);

struct Inner {
    registry: Registry,
    meters: [[Meter; METHODS.len()]; DOORS.len()],
}

/// Counts the requests with one method at one door.
pub struct Meter {
    classes: [Counter; CLASSES.len()],
    duration: Histogram,
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requests")
    }
}

impl Default for Requests {
    fn default() -> Self {
        let counters = Counters::default();
        let histograms = Histograms::new_with_constructor(|| Histogram::new(BOUNDS));
        let mut registry = Registry::default();
        registry.register("berth_http_requests", "Requests that were answered", counters.clone());
        registry.register_with_unit(
            "berth_http_request_duration",
            "Time from the end of a request's header to the beginning of its answer",
            Unit::Seconds,
            histograms.clone(),
        );
        let meters =
            DOORS.map(|(_, door)| METHODS.map(|method| Meter::new(&counters, &histograms, door, method)));
        Self(Arc::new(Inner { registry, meters }))
    }
}

impl Requests {
    /// What counts a request with this method and path.
    pub fn meter(&self, method: &Method, path: &str) -> &Meter {
        let door = match Door::of(path) {
            Door::Registry => 0,
            Door::Harbor => 1,
            Door::Site => 2,
        };
        let method = match *method {
            Method::GET => 0,
            Method::HEAD => 1,
            Method::POST => 2,
            Method::PUT => 3,
            Method::PATCH => 4,
            Method::DELETE => 5,
            _ => 6,
        };
        &self.0.meters[door][method]
    }

    /// Adds them all to `text`.
    pub(super) fn write(&self, text: &mut String) -> fmt::Result {
        prometheus_text::encode(text, &self.0.registry)
    }
}

impl Meter {
    fn new(counters: &Counters, histograms: &Histograms, door: &'static str, method: &'static str) -> Self {
        let class =
            |class| counters.get_or_create_owned(&[("door", door), ("method", method), ("status", class)]);
        Self {
            classes: CLASSES.map(class),
            duration: histograms.get_or_create_owned(&[("door", door), ("method", method)]),
        }
    }

    /// Counts an answer that began after this time.
    pub fn count(&self, status: StatusCode, taken: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len());
        self.classes[class - 1].inc();
        self.duration.observe(taken.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(requests: &Requests) -> String {
        let mut text = String::new();
        requests.write(&mut text).unwrap();
        text
    }

    #[test]
    fn a_request_counts_once_under_its_door_method_and_class() {
        let requests = Requests::default();
        let meter = requests.meter(&Method::PUT, "/v2/library/x/manifests/1");
        meter.count(StatusCode::CREATED, Duration::from_millis(3));
        let text = text(&requests);
        let labels = "door=\"registry\",method=\"PUT\"";
        for line in [
            format!("berth_http_requests_total{{{labels},status=\"2xx\"}} 1"),
            format!("berth_http_request_duration_seconds_bucket{{{labels},le=\"0.0025\"}} 0"),
            format!("berth_http_request_duration_seconds_bucket{{{labels},le=\"0.005\"}} 1"),
            format!("berth_http_request_duration_seconds_count{{{labels}}} 1"),
        ] {
            assert!(text.lines().any(|it| it == line), "{line} is not in {text}");
        }
        let counted = text
            .lines()
            .filter(|line| line.starts_with("berth_http_requests_total") && !line.ends_with(" 0"));
        assert_eq!(counted.count(), 1);
    }

    #[test]
    fn what_a_client_makes_up_adds_no_label() {
        let requests = Requests::default();
        let before = text(&requests).lines().count();
        let method = Method::from_bytes(b"BREW").unwrap();
        requests.meter(&method, "/coffee").count(StatusCode::from_u16(999).unwrap(), Duration::ZERO);
        let after = text(&requests);
        assert_eq!(after.lines().count(), before);
        assert!(after.contains("{door=\"site\",method=\"other\",status=\"5xx\"} 1"), "{after}");
    }
}
