//! The list of all metrics.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    metrics::{
        counter::Counter,
        family::{Family, MetricConstructor},
        gauge::Gauge,
        histogram::Histogram,
        info::Info,
    },
    registry::{Metric, Registry, Unit},
};

use super::labels::{Connections, HttpRequest, Job, Named, Operation, Outcome, Provider, Usage};

/// Upper bounds of the buckets for durations, in seconds.
const SECONDS: [f64; 14] =
    [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// Upper bounds of the buckets for sizes.
const SIZES: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

/// Names of the metrics that describe the process.
const OF_EVERY_PROCESS: [&str; 6] = [
    "plaza_build",
    "process_open_fds",
    "process_max_fds",
    "process_resident_memory_bytes",
    "process_cpu_seconds",
    "process_start_time_seconds",
];

/// A gauge with fractions.
pub type FloatGauge = Gauge<f64, AtomicU64>;
/// A counter with fractions.
pub type FloatCounter = Counter<f64, AtomicU64>;

/// Creates the histograms of a family.
#[derive(Clone, Copy, Debug)]
pub struct Buckets(&'static [f64]);

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0.iter().copied())
    }
}

/// Histograms by label.
pub type Histograms<L> = Family<L, Histogram, Buckets>;

/// All metrics of the process. Each field is registered under its name with the prefix `plaza_`, or without it for
/// those that every process has.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    names: Vec<String>,
    /// Duration of HTTP requests, of streams until their end.
    pub http_request_duration: Histograms<HttpRequest>,
    /// Statements that a request ran itself; batches and commits run beside it.
    pub http_request_statements: Histogram,
    /// Duration of GraphQL operations through all transports, REST included.
    pub operation_duration: Histograms<Operation>,
    /// Errors in answers, by code.
    pub operation_errors: Family<Named, Counter>,
    /// Operations that were refused because too many ran.
    pub operations_refused: Counter,
    /// Open connections.
    pub connections: Gauge,
    /// Refused connections, by reason.
    pub connections_refused: Family<Named, Counter>,
    /// Open sockets and event streams.
    pub channels: Family<Connections, Gauge>,
    /// Open subscriptions.
    pub subscriptions: Gauge,
    /// Events that readers took.
    pub deliveries: Counter,
    /// Time from the arrival of a committed event at this server to each reader that takes it.
    pub delivery_delay: Histogram,
    /// Duration of statements.
    pub statement_duration: Histograms<Usage>,
    /// Failed statements.
    pub statement_errors: Family<Usage, Counter>,
    /// Time that requests waited for a connection to the database.
    pub acquire_duration: Histograms<Usage>,
    /// Requests of a batch, by writer.
    pub batch_size: Histograms<Named>,
    /// Duration of a batch, by writer.
    pub batch_duration: Histograms<Named>,
    /// Topics with subscribers, by kind.
    pub hubs: Family<Named, Gauge>,
    /// Entries of caches.
    pub cache_entries: Family<Named, Gauge>,
    /// Whether other servers may use the same database.
    pub bus_shared: Gauge,
    /// Whether the bus to the other servers is connected.
    pub bus_connected: Gauge,
    /// Other servers that this server hears from.
    pub bus_peers: Gauge,
    /// Frames of messages to other servers, heartbeats included.
    pub bus_frames_sent: Counter,
    /// Messages of other servers.
    pub bus_received: Counter,
    /// Interruptions in the messages of other servers, after which the database is read.
    pub bus_gaps: Counter,
    /// Replies of agents that this server generates now.
    pub replies_running: Gauge,
    /// Ended replies of agents.
    pub replies: Family<Outcome, Counter>,
    /// Time from a question to the first piece of the answer.
    pub reply_first_piece: Histogram,
    /// Requests to providers of models, speech, transcription and voices.
    pub provider_duration: Histograms<Provider>,
    /// Rounds of periodic jobs.
    pub job_rounds: Family<Job, Counter>,
    /// Duration of the rounds.
    pub job_duration: Histograms<Named>,
    /// Time of the last round without a failure.
    pub job_last_success: Family<Named, FloatGauge>,
    /// Faults that the last check of the ledger found.
    pub ledger_faults: Gauge,
    /// CPU time of the process.
    pub(super) cpu: FloatCounter,
    /// Resident memory of the process.
    pub(super) resident: Gauge,
    /// Open descriptors of the process.
    pub(super) descriptors: Gauge,
    /// Limit on open descriptors.
    pub(super) most_descriptors: Gauge,
    /// Start time of the process.
    pub(super) started: FloatGauge,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut list = List { registry: Registry::default(), names: Vec::new() };
        let metrics = Self {
            http_request_duration: list.timings("http_request_duration", "Duration of HTTP requests"),
            http_request_statements: list.plain(
                "http_request_statements",
                "Statements of a request",
                sizes(),
            ),
            operation_duration: list.timings("graphql_operation_duration", "Duration of GraphQL operations"),
            operation_errors: list.family("graphql_errors", "Errors in answers by code"),
            operations_refused: list.plain(
                "graphql_operations_refused",
                "Operations refused because too many ran",
                Counter::default(),
            ),
            connections: list.plain("connections", "Open connections", Gauge::default()),
            connections_refused: list.family("connections_refused", "Refused connections by reason"),
            channels: list.family("channels", "Open WebSockets and event streams"),
            subscriptions: list.plain("subscriptions", "Open subscriptions", Gauge::default()),
            deliveries: list.plain("deliveries", "Events that readers took", Counter::default()),
            delivery_delay: list
                .timing("delivery_delay", "Time from the arrival of a committed event to each reader"),
            statement_duration: list.timings("database_statement_duration", "Duration of statements"),
            statement_errors: list.family("database_errors", "Failed statements"),
            acquire_duration: list
                .timings("database_acquire_duration", "Time that work waited for a connection"),
            batch_size: list.histograms("batch_size", "Requests of a batch by writer", &SIZES),
            batch_duration: list.timings("batch_duration", "Duration of a batch by writer"),
            hubs: list.family("hubs", "Topics with subscribers by kind"),
            cache_entries: list.family("cache_entries", "Entries of caches"),
            bus_shared: list.plain(
                "bus_shared",
                "Whether other servers may share the database",
                Gauge::default(),
            ),
            bus_connected: list.plain("bus_connected", "Whether the bus is connected", Gauge::default()),
            bus_peers: list.plain("bus_peers", "Other servers on the bus", Gauge::default()),
            bus_frames_sent: list.plain("bus_frames_sent", "Frames to other servers", Counter::default()),
            bus_received: list.plain("bus_received", "Messages of other servers", Counter::default()),
            bus_gaps: list.plain("bus_gaps", "Interruptions in the messages of servers", Counter::default()),
            replies_running: list.plain("replies_running", "Replies that are generated", Gauge::default()),
            replies: list.family("replies", "Ended replies of agents"),
            reply_first_piece: list
                .timing("reply_first_piece", "Time from a question to the first piece of its answer"),
            provider_duration: list.timings("provider_request_duration", "Duration of requests to providers"),
            job_rounds: list.family("job_rounds", "Rounds of periodic jobs"),
            job_duration: list.timings("job_duration", "Duration of a round"),
            job_last_success: list.in_seconds(
                "job_last_success_timestamp",
                "Time of the last round without a failure",
                Family::default(),
            ),
            ledger_faults: list.plain(
                "ledger_faults",
                "Faults that the last check of the ledger found",
                Gauge::default(),
            ),
            cpu: FloatCounter::default(),
            resident: Gauge::default(),
            descriptors: Gauge::default(),
            most_descriptors: Gauge::default(),
            started: FloatGauge::default(),
            registry: Registry::default(),
            names: Vec::new(),
        };
        let List { mut registry, mut names } = list;
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("plaza_build", "Version of the program", version);
        registry.register("process_open_fds", "Open descriptors", metrics.descriptors.clone());
        registry.register("process_max_fds", "Limit on open descriptors", metrics.most_descriptors.clone());
        let resident = metrics.resident.clone();
        registry.register_with_unit("process_resident_memory", "Resident memory", Unit::Bytes, resident);
        let (cpu, started) = (metrics.cpu.clone(), metrics.started.clone());
        registry.register_with_unit("process_cpu", "CPU time", Unit::Seconds, cpu);
        registry.register_with_unit("process_start_time", "Start time", Unit::Seconds, started);
        names.extend(OF_EVERY_PROCESS.map(str::to_owned));
        Self { registry, names, ..metrics }
    }

    /// Returns the names of all metrics, with their units and without the suffixes of their samples.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn registry(&self) -> &Registry {
        &self.registry
    }
}

fn sizes() -> Histogram {
    Histogram::new(SIZES)
}

/// The registry while metrics are added to it, and their names.
struct List {
    registry: Registry,
    names: Vec<String>,
}

impl List {
    fn plain<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        let name = format!("plaza_{name}");
        self.registry.register(name.clone(), help, metric.clone());
        self.names.push(name);
        metric
    }

    fn in_seconds<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        let name = format!("plaza_{name}");
        self.registry.register_with_unit(name.clone(), help, Unit::Seconds, metric.clone());
        self.names.push(format!("{name}_seconds"));
        metric
    }

    fn family<L, M>(&mut self, name: &str, help: &str) -> Family<L, M>
    where
        L: Clone + Eq + std::hash::Hash,
        M: Default,
        Family<L, M>: Metric + Clone,
    {
        self.plain(name, help, Family::default())
    }

    fn histograms<L>(&mut self, name: &str, help: &str, buckets: &'static [f64]) -> Histograms<L>
    where
        L: Clone + Eq + std::hash::Hash,
        Histograms<L>: Metric,
    {
        self.plain(name, help, Family::new_with_constructor(Buckets(buckets)))
    }

    fn timings<L>(&mut self, name: &str, help: &str) -> Histograms<L>
    where
        L: Clone + Eq + std::hash::Hash,
        Histograms<L>: Metric,
    {
        self.in_seconds(name, help, Family::new_with_constructor(Buckets(&SECONDS)))
    }

    fn timing(&mut self, name: &str, help: &str) -> Histogram {
        self.in_seconds(name, help, Histogram::new(SECONDS))
    }
}
