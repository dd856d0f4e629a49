//! A bounded pool of connections. A connection in unknown state is cleaned up in the background or closed,
//! and never reused before that.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use sea_orm::{ConnAcquireErr, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, sqlx};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout, timeout_at},
};

use super::{
    connection::Connection,
    failure,
    options::{Options, Target},
    share::{Permits, Shares, Use},
    usage,
};
use crate::metrics::{Counter, Histogram, Usage, metrics, seconds_since};

/// How long a connection may be unused before it is tested.
const TEST_AFTER: Duration = Duration::from_secs(30);
/// How long a connection may be unused before it is closed.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// Maximum age of a connection before it is closed.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How long closing waits for connections in use.
const CLOSE: Duration = Duration::from_secs(2);

/// A pool of connections. Cheap to clone.
#[derive(Clone)]
pub(super) struct Pool(Arc<Inner>);

struct Inner {
    statements: Histogram,
    waits: Histogram,
    errors: Counter,
    target: Target,
    options: Options,
    size: u32,
    permits: Arc<Semaphore>,
    shares: Option<Shares>,
    idle: Mutex<Idle>,
    closed: AtomicBool,
    started: Instant,
    /// Milliseconds between `started` and the last commit; 0 before the first.
    committed: AtomicU64,
    /// Whether the last write failed because of a full or failing disk.
    stopped: AtomicBool,
}

struct Idle {
    connections: Vec<Connection>,
    /// Connections last used before this time are closed, because one of them was dead.
    distrust: Option<Instant>,
}

/// A connection in use.
pub(super) struct PooledConnection {
    connection: Option<Connection>,
    pool: Arc<Inner>,
    permits: Option<(OwnedSemaphorePermit, Permits)>,
}

impl Pool {
    /// Creates a pool of at most `size` connections and opens none. `name` is its name in metrics.
    pub(super) fn new(name: &'static str, target: Target, size: u32, options: &Options) -> Self {
        let usage = Usage { pool: name };
        let statements = metrics().statement_duration.get_or_create_owned(&usage);
        let waits = metrics().acquire_duration.get_or_create_owned(&usage);
        let errors = metrics().statement_errors.get_or_create_owned(&usage);
        Self(Arc::new(Inner {
            statements,
            waits,
            errors,
            target,
            options: options.clone(),
            size,
            permits: Arc::new(Semaphore::new(size as usize)),
            shares: Shares::of(size as usize),
            idle: Mutex::new(Idle { connections: Vec::new(), distrust: None }),
            closed: AtomicBool::new(false),
            started: Instant::now(),
            committed: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        }))
    }

    /// Waits for a free connection within the share of this task.
    pub(super) async fn acquire(&self, purpose: Use<'_>) -> Result<PooledConnection, DbErr> {
        let started = Instant::now();
        let deadline = tokio::time::Instant::now() + self.0.options.acquire_timeout;
        let waiting = async {
            let shares = match &self.0.shares {
                Some(shares) => shares.acquire(purpose).await?,
                None => Permits::default(),
            };
            Ok::<_, tokio::sync::AcquireError>((self.0.permits.clone().acquire_owned().await?, shares))
        };
        let permits = timeout_at(deadline, waiting)
            .await
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
        let connection = match self.0.reuse().await {
            Some(connection) => connection,
            None => self.0.connect(deadline).await?,
        };
        self.0.waits.observe(seconds_since(started));
        Ok(PooledConnection { connection: Some(connection), pool: self.0.clone(), permits: Some(permits) })
    }

    /// Returns whether a transaction was committed within this time and no write has failed since.
    pub(super) fn wrote_within(&self, time: Duration) -> bool {
        let committed = self.0.committed.load(Ordering::Relaxed);
        let age = self.0.started.elapsed().saturating_sub(Duration::from_millis(committed));
        committed > 0 && age < time && !self.is_stopped()
    }

    /// Returns whether the last write failed because of a full or failing disk.
    pub(super) fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed)
    }

    /// Records that a write succeeded again.
    pub(super) fn resume(&self) {
        self.0.stopped.store(false, Ordering::Relaxed);
    }

    /// Closes all connections. Waits a bounded time for those in use, which close when they are released.
    pub(super) async fn close(&self) {
        if self.0.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        if timeout(CLOSE, self.0.permits.acquire_many(self.0.size)).await.is_err() {
            tracing::warn!("a connection to the database is still in use and is abandoned");
        }
        self.0.permits.close();
        let idle = std::mem::take(&mut self.0.idle.lock().connections);
        futures_util::future::join_all(idle.into_iter().map(Connection::close)).await;
    }
}

impl Inner {
    /// Returns an idle connection that is still usable.
    async fn reuse(&self) -> Option<Connection> {
        loop {
            let (mut connection, distrust) = {
                let mut idle = self.idle.lock();
                (idle.connections.pop()?, idle.distrust)
            };
            let unused = connection.used.elapsed();
            if distrust.is_some_and(|since| connection.used < since) {
                continue;
            }
            if unused >= IDLE || connection.opened.elapsed() >= LIFETIME {
                tokio::spawn(connection.close());
                continue;
            }
            if unused >= TEST_AFTER && !connection.test().await {
                tracing::debug!("a connection to the database was dead");
                self.idle.lock().distrust = Some(Instant::now());
                continue;
            }
            return Some(connection);
        }
    }

    /// Opens a connection. Retries until the deadline while the database starts or has no free connection.
    async fn connect(&self, deadline: tokio::time::Instant) -> Result<Connection, DbErr> {
        let mut pause = Duration::from_millis(20);
        loop {
            let opening = Connection::open(&self.target, self.options.statement_timeout);
            let opened = match timeout(self.options.connect_timeout, opening).await {
                Ok(opened) => opened,
                Err(_) => Err(failure::timed_out()),
            };
            let error = match opened {
                Ok(connection) => return Ok(connection),
                Err(error) => error,
            };
            if !failure::is_starting(&error) || tokio::time::Instant::now() + pause >= deadline {
                return Err(DbErr::Conn(RuntimeErr::SqlxError(error.into())));
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(500));
        }
    }

    /// Keeps a clean connection for reuse.
    fn keep(&self, mut connection: Connection) {
        connection.used = Instant::now();
        self.idle.lock().connections.push(connection);
    }
}

impl PooledConnection {
    /// Executes a statement that returns no rows.
    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let started = Instant::now();
        let done = self.connection()?.execute(statement).await;
        self.noted(started, done).map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))
    }

    /// Executes SQL without parameters.
    pub(super) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let started = Instant::now();
        let done = self.connection()?.execute_unprepared(sql).await;
        self.noted(started, done).map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))
    }

    /// Returns all rows of a statement.
    pub(super) async fn fetch(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let started = Instant::now();
        let done = self.connection()?.fetch(statement).await;
        self.noted(started, done).map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
    }

    /// Begins a transaction.
    pub(super) async fn begin(&mut self) -> Result<(), DbErr> {
        let started = Instant::now();
        let done = self.connection()?.begin().await;
        self.noted(started, done).map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))
    }

    /// Commits the transaction.
    pub(super) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        let started = Instant::now();
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        let done = connection.commit().await;
        if done.is_ok() {
            let millis = u64::try_from(self.pool.started.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.pool.committed.store(millis.max(1), Ordering::Relaxed);
            self.pool.stopped.store(false, Ordering::Relaxed);
        }
        self.noted(started, done)
    }

    fn connection(&mut self) -> Result<&mut Connection, DbErr> {
        self.connection.as_mut().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    /// Records how a statement that began at `started` ended.
    fn noted<T>(&self, started: Instant, done: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        let time = started.elapsed();
        usage::count(time);
        self.pool.statements.observe(time.as_secs_f64());
        if let Err(error) = &done {
            self.pool.errors.inc();
            if failure::stops_writes(error) {
                self.pool.stopped.store(true, Ordering::Relaxed);
            }
            if failure::is_lost(error) {
                // Other idle connections are probably dead as well.
                self.pool.idle.lock().distrust = Some(Instant::now());
            }
        }
        done
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if connection.is_clean() && !self.pool.closed.load(Ordering::Acquire) {
            self.pool.keep(connection);
            return;
        }
        // The connection was released in a statement or a transaction, or after an error. Interrupt the
        // statement and roll the transaction back before the connection or its slot in the pool is reused.
        connection.interrupt_if_busy();
        let (pool, permits) = (self.pool.clone(), self.permits.take());
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            if connection.reset().await && !pool.closed.load(Ordering::Acquire) {
                pool.keep(connection);
            } else {
                connection.discard().await;
            }
            drop(permits);
        });
    }
}
