//! The figures of `service` in Prometheus' words.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeCounterValue, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use service::figures::Figures;

/// Figures, ready to be written.
#[derive(Debug)]
pub(super) struct Shown(pub(super) Figures);

impl Collector for Shown {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.jobs(&mut encoder)?;
        self.sign_ins(&mut encoder)?;
        self.collection(&mut encoder)?;
        let Figures { verified_bytes, damaged_blobs, .. } = self.0;
        let text = "Bytes of blobs that were read again and are whole.";
        counter(&mut encoder, "berth_scrub_verified_bytes", text, verified_bytes)?;
        let text = "Blobs that were found to be damaged.";
        counter(&mut encoder, "berth_scrub_damaged_blobs", text, damaged_blobs)?;
        self.writer(&mut encoder)
    }
}

impl Shown {
    fn jobs(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let text = "Tries of background jobs that ended.";
        let mut family = encoder.encode_descriptor("berth_jobs", text, None, MetricType::Counter)?;
        for tries in &self.0.jobs {
            let labels = [("type", tries.kind), ("outcome", tries.outcome)];
            ConstCounter::new(tries.count).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }

    fn sign_ins(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let text = "Names with passwords that were checked.";
        let mut family = encoder.encode_descriptor("berth_sign_ins", text, None, MetricType::Counter)?;
        for (outcome, count) in self.0.sign_ins {
            ConstCounter::new(count).encode(family.encode_family(&[("outcome", outcome)])?)?;
        }
        Ok(())
    }

    fn collection(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let Figures { removed_blobs, removed_bytes, removal_failures, collection, .. } = self.0;
        let text = "Blobs that nothing needed and that were removed.";
        counter(encoder, "berth_collection_removed_blobs", text, removed_blobs)?;
        let text = "Bytes that were removed from the blob store.";
        counter(encoder, "berth_collection_removed_bytes", text, removed_bytes)?;
        let text = "Copies that could not be removed from the blob store.";
        counter(encoder, "berth_collection_removal_failures", text, removal_failures)?;
        let Some(state) = collection else { return Ok(()) };
        let text = "Copies that are still to be removed from the blob store.";
        gauge(encoder, "berth_collection_pending_removals", text, state.pending_removals)?;
        let Some(end) = state.last_end else { return Ok(()) };
        let end = u64::try_from(end.timestamp()).unwrap_or_default();
        let text = "When the last collection ended, in seconds since 1970.";
        gauge(encoder, "berth_collection_last_end_timestamp_seconds", text, end)
    }

    fn writer(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let Figures { commits, committed_jobs, committing, .. } = self.0;
        counter(encoder, "berth_writer_commits", "Transactions that were committed.", commits)?;
        let text = "Writes that those transactions carried.";
        counter(encoder, "berth_writer_jobs", text, committed_jobs)?;
        let text = "Seconds that those transactions took together.";
        counter(encoder, "berth_writer_commit_seconds", text, committing.as_secs_f64())
    }
}

fn counter<N>(encoder: &mut DescriptorEncoder<'_>, name: &str, text: &str, value: N) -> fmt::Result
where
    ConstCounter<N>: EncodeMetric,
    N: EncodeCounterValue,
{
    let counter = ConstCounter::new(value);
    counter.encode(encoder.encode_descriptor(name, text, None, MetricType::Counter)?)
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, text: &str, value: u64) -> fmt::Result {
    let gauge = ConstGauge::new(value);
    gauge.encode(encoder.encode_descriptor(name, text, None, MetricType::Gauge)?)
}
