//! A bounded number of connections. One that is not known to be clean is never given to anyone else: it is tidied up
//! beside the request that left it, or closed.

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
};

/// A connection that was not used for this long is tested first.
const TEST_AFTER: Duration = Duration::from_secs(30);
/// A connection that was not used for this long is closed.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// A connection that is older than this is closed.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How long closing waits for the connections that are in use.
const CLOSE: Duration = Duration::from_secs(2);

/// A pool of connections; cheap to clone.
#[derive(Clone)]
pub(super) struct Pool(Arc<Inner>);

struct Inner {
    target: Target,
    options: Options,
    size: u32,
    permits: Arc<Semaphore>,
    shares: Option<Shares>,
    idle: Mutex<Idle>,
    closed: AtomicBool,
    started: Instant,
    /// Milliseconds after `started` when a transaction was last committed; 0: never.
    committed: AtomicU64,
    /// Whether the last attempt to store something found a full or failing disk.
    stopped: AtomicBool,
}

struct Idle {
    connections: Vec<Connection>,
    /// Connections that were last used before this are closed: one of them was found dead.
    distrust: Option<Instant>,
}

/// A connection in use.
pub(super) struct Lease {
    connection: Option<Connection>,
    pool: Arc<Inner>,
    permits: Option<(OwnedSemaphorePermit, Permits)>,
}

impl Pool {
    /// A pool of at most `size` connections, none of which is open yet.
    pub(super) fn new(target: Target, size: u32, options: &Options) -> Self {
        Self(Arc::new(Inner {
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

    /// A connection, once one is free and the share of this task allows it.
    pub(super) async fn acquire(&self, purpose: Use<'_>) -> Result<Lease, DbErr> {
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
        Ok(Lease { connection: Some(connection), pool: self.0.clone(), permits: Some(permits) })
    }

    /// Whether a transaction was committed within this time, and no attempt to write has failed since.
    pub(super) fn wrote_within(&self, time: Duration) -> bool {
        let committed = self.0.committed.load(Ordering::Relaxed);
        let age = self.0.started.elapsed().saturating_sub(Duration::from_millis(committed));
        committed > 0 && age < time && !self.is_stopped()
    }

    /// Whether the last attempt to store something found a full or failing disk.
    pub(super) fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed)
    }

    /// Notes that something could be stored again.
    pub(super) fn resume(&self) {
        self.0.stopped.store(false, Ordering::Relaxed);
    }

    /// Closes all connections. Those in use are waited for, for a bounded time, and closed where they are left.
    pub(super) async fn close(&self) {
        if self.0.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        if timeout(CLOSE, self.0.permits.acquire_many(self.0.size)).await.is_err() {
            tracing::warn!("a connection to the database is still in use; it is left behind");
        }
        self.0.permits.close();
        let idle = std::mem::take(&mut self.0.idle.lock().connections);
        futures_util::future::join_all(idle.into_iter().map(Connection::close)).await;
    }
}

impl Inner {
    /// A connection that was used before and is still good.
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

    /// A new connection; where the database starts or has no room, it is tried again until the deadline.
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

    /// Keeps a clean connection for the next use.
    fn keep(&self, mut connection: Connection) {
        connection.used = Instant::now();
        self.idle.lock().connections.push(connection);
    }
}

impl Lease {
    /// Executes a statement that gives no rows.
    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let done = self.connection()?.execute(statement).await;
        self.noted(done).map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))
    }

    /// Executes SQL without values.
    pub(super) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let done = self.connection()?.execute_unprepared(sql).await;
        self.noted(done).map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))
    }

    /// All rows of a statement.
    pub(super) async fn fetch(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let done = self.connection()?.fetch(statement).await;
        self.noted(done).map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
    }

    /// Begins a transaction.
    pub(super) async fn begin(&mut self) -> Result<(), DbErr> {
        let done = self.connection()?.begin().await;
        self.noted(done).map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))
    }

    /// Commits the transaction.
    pub(super) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        let done = connection.commit().await;
        if done.is_ok() {
            let millis = u64::try_from(self.pool.started.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.pool.committed.store(millis.max(1), Ordering::Relaxed);
            self.pool.stopped.store(false, Ordering::Relaxed);
        }
        self.noted(done)
    }

    fn connection(&mut self) -> Result<&mut Connection, DbErr> {
        self.connection.as_mut().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    fn noted<T>(&self, done: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if let Err(error) = &done {
            if failure::stops_writes(error) {
                self.pool.stopped.store(true, Ordering::Relaxed);
            }
            if failure::is_lost(error) {
                // Most likely the others are lost, too.
                self.pool.idle.lock().distrust = Some(Instant::now());
            }
        }
        done
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if connection.is_clean() && !self.pool.closed.load(Ordering::Acquire) {
            self.pool.keep(connection);
            return;
        }
        // Left in the middle of a statement or a transaction, or after an error: what is under way ends, and the
        // transaction is rolled back, before anyone else gets the connection or its place in the pool.
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
