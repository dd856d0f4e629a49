//! Measures the process itself, from `/proc`. Other systems than Linux report zeros.

use std::fs;

use super::Metrics;

/// Clock ticks a second in `/proc/self/stat`, which Linux fixes at 100 for programs.
const TICKS: f64 = 100.0;

/// Sets the metrics of the process.
pub(super) fn measure(metrics: &Metrics) {
    if let Ok(stat) = fs::read_to_string("/proc/self/stat") {
        // The name of the program, in parentheses, may contain spaces.
        let fields: Vec<&str> =
            stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
        let number =
            |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
        // Two readers at once may both add the difference: the time of their ticks.
        metrics.cpu.inc_by(((number(11) + number(12)) / TICKS - metrics.cpu.get()).max(0.0));
        if let Some(booted) = booted() {
            metrics.started.set(booted + number(19) / TICKS);
        }
    }
    if let Ok(status) = fs::read_to_string("/proc/self/status")
        && let Some(line) = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))
        && let Some(kilobytes) = line.split_whitespace().next().and_then(|text| text.parse::<i64>().ok())
    {
        metrics.resident.set(kilobytes * 1024);
    }
    if let Ok(folder) = fs::read_dir("/proc/self/fd") {
        metrics.descriptors.set(i64::try_from(folder.count()).unwrap_or(i64::MAX));
    }
    #[cfg(unix)]
    if let Some(most) = rustix::process::getrlimit(rustix::process::Resource::Nofile).current {
        metrics.most_descriptors.set(i64::try_from(most).unwrap_or(i64::MAX));
    }
}

/// Returns when the machine started, in seconds since 1970.
fn booted() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}
