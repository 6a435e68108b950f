//! One server process, and what `/proc` tells about it.

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::Stdio,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    time::timeout,
};

use crate::{Outcome, plan::MIB};

const STOP_TIME: Duration = Duration::from_secs(40);

/// A running server. It is told to stop when this is dropped; [`stop`](Self::stop) also waits for its end.
pub struct Process {
    child: Child,
    pid: Option<Pid>,
}

impl Process {
    /// Starts a command with its output in a file, none of this program's own `BERTH_` settings and no terminal.
    pub fn start(mut command: Command, log: &Path) -> Outcome<Self> {
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BERTH_"))
        {
            if !command.as_std().get_envs().any(|(own, _)| own == name) {
                command.env_remove(name);
            }
        }
        let log = File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .map_err(|error| format!("{}: {error}", command.as_std().get_program().display()))?;
        let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        Ok(Self { child, pid })
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to stop and waits for its end.
    pub async fn stop(mut self) -> Outcome<()> {
        self.ask_to_stop();
        if timeout(STOP_TIME, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        self.pid = None;
        Ok(())
    }

    fn ask_to_stop(&self) {
        if let Some(pid) = self.pid {
            // It may have ended by itself, which is just as well.
            let _gone = kill_process(pid, Signal::TERM);
        }
    }

    /// Processor time that it and its children have used, in seconds.
    pub fn cpu_secs(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a number of ticks is far below the limit")]
        let ticks = self.family().filter_map(ticks_of).sum::<u64>() as f64;
        #[expect(clippy::cast_precision_loss, reason = "it is a hundred")]
        let per_second = rustix::param::clock_ticks_per_second() as f64;
        ticks / per_second
    }

    /// Memory that it and its children hold, in MiB.
    pub fn rss_mib(&self) -> f64 {
        self.memory("VmRSS:")
    }

    /// The most that they held since [`forget_peak`](Self::forget_peak), in MiB.
    pub fn peak_mib(&self) -> f64 {
        self.memory("VmHWM:")
    }

    /// Starts watching for the most memory anew.
    pub fn forget_peak(&self) -> io::Result<()> {
        self.family().try_for_each(|pid| fs::write(format!("/proc/{pid}/clear_refs"), "5"))
    }

    #[expect(clippy::cast_precision_loss, reason = "memory in KiB is far below the limit")]
    fn memory(&self, field: &str) -> f64 {
        let kib: u64 = self.family().filter_map(|pid| field_of(pid, field)).sum();
        kib as f64 * 1024.0 / MIB as f64
    }

    /// Itself and its children.
    fn family(&self) -> impl Iterator<Item = u32> {
        let own = self.pid.and_then(|pid| u32::try_from(pid.as_raw_nonzero().get()).ok());
        let children = own.map(|pid| fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")));
        let children = children.and_then(Result::ok).unwrap_or_default();
        let children: Vec<u32> = children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect();
        own.into_iter().chain(children)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.ask_to_stop();
    }
}

/// User and system time: the 14th and 15th field, counted behind the name, which may hold anything.
fn ticks_of(pid: u32) -> Option<u64> {
    let told = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    ticks_in(&told)
}

fn ticks_in(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

fn field_of(pid: u32, field: &str) -> Option<u64> {
    let told = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    told.lines().find(|line| line.starts_with(field))?.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_any_name() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 3 0 99 1000 25 0";
        assert_eq!(ticks_in(stat), Some(200));
        assert_eq!(ticks_in("42 (name"), None);
    }
}
