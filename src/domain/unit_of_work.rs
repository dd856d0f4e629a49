//! The unit of work: one transaction per operation, with idempotency and publishing after commit.

use std::ops::Deref;

use chrono::TimeDelta;
use entity::idempotency_key;
use parking_lot::Mutex;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait,
    ExecResult, IntoActiveModel, QueryFilter, QueryResult, QuerySelect, Statement,
    prelude::async_trait::async_trait, sea_query::OnConflict,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    User,
    idempotency::{self, WriteSlot},
    idempotency_accounts,
};
use crate::error::{Error, Result};
use crate::{
    app::{App, Change},
    database::{CommitError, Transaction},
};

/// How long an idempotency key is kept.
const RETENTION: TimeDelta = TimeDelta::hours(24);

/// The unit of work of an operation. Dropped without [`UnitOfWork::commit`], it is rolled back.
pub struct UnitOfWork {
    app: App,
    tx: Transaction,
    idempotency: Option<IdempotencyRecord>,
    /// Result of an earlier execution of the same request.
    earlier_result: Option<Value>,
    /// Notifications to publish after commit.
    notifications: Mutex<Vec<CommitHook>>,
    /// Further actions after commit.
    after_commit: Mutex<Vec<CommitHook>>,
}

type CommitHook = Box<dyn FnOnce(&App) + Send>;

/// A committed change that subscribers are notified of.
pub trait Publish: Send + 'static {
    /// Publishes the change to all subscribers. Call only after the commit.
    fn publish(self, app: &App);
}

impl Publish for Change {
    fn publish(self, app: &App) {
        app.announce(self);
    }
}

/// Where the result is kept, when the request carries an `Idempotency-Key`.
pub(super) struct IdempotencyRecord {
    pub(super) request: idempotency_key::Model,
    /// Which write of the request it is.
    pub(super) slot: String,
}

impl App {
    /// Begins the unit of work of an operation. If the request carries an `Idempotency-Key`, the first
    /// statement takes the key, so that a concurrent retry waits here. A repeated request begins too: the
    /// operation checks the actor's rights as usual, then calls [`UnitOfWork::replayed`].
    ///
    /// # Errors
    /// [`Error::IdempotencyMismatch`] when the key came with another request.
    pub async fn begin(&self, actor: &User) -> Result<UnitOfWork> {
        self.begin_in(actor, self.db.begin().await?).await
    }

    /// Begins the unit of work of an operation that first locks the conversation, or other row, with the id
    /// `lock_key`: those that wait for the same id take a bounded share of the database connections.
    ///
    /// # Errors
    /// [`Error::IdempotencyMismatch`] when the key came with another request.
    pub async fn begin_locking(&self, actor: &User, lock_key: Uuid) -> Result<UnitOfWork> {
        self.begin_in(actor, self.db.begin_at(lock_key.as_bytes()).await?).await
    }

    async fn begin_in(&self, actor: &User, tx: Transaction) -> Result<UnitOfWork> {
        let Some(WriteSlot { key, fingerprint, name: slot }) = idempotency::take_slot() else {
            return Ok(UnitOfWork::new(self, tx, None));
        };
        let request = idempotency_key::Model {
            actor_id: actor.id.clone(),
            key,
            fingerprint,
            results: Value::Object(Default::default()),
            created_at: self.clock.now(),
        };
        let mine = idempotency_key::Entity::insert(request.clone().into_active_model().reset_all())
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&tx)
            .await?;
        if mine > 0 {
            return Ok(UnitOfWork::new(self, tx, Some(IdempotencyRecord { request, slot })));
        }
        let id = (request.actor_id, request.key);
        let found = idempotency_key::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
        // The key has expired and was just deleted.
        let mut found = found
            .ok_or_else(|| Error::Conflict("The result of this Idempotency-Key has expired".to_owned()))?;
        if found.fingerprint != request.fingerprint {
            return Err(Error::IdempotencyMismatch);
        }
        let done = found.results.get_mut(&slot).map(Value::take);
        Ok(UnitOfWork {
            earlier_result: done,
            ..UnitOfWork::new(self, tx, Some(IdempotencyRecord { request: found, slot }))
        })
    }
}

impl App {
    /// Returns the result of the actor's next write if the request was executed before: for an operation
    /// with expensive work before its first write. The operation checks the actor's rights first, as before
    /// [`UnitOfWork::replayed`].
    ///
    /// # Errors
    /// [`Error::IdempotencyMismatch`] when the key came with another request.
    pub async fn find_earlier_result<T: DeserializeOwned>(&self, actor: &User) -> Result<Option<T>> {
        let Some(WriteSlot { key, fingerprint, name: slot }) = idempotency::next_slot() else {
            return Ok(None);
        };
        let id = (actor.id.clone(), key);
        let found = idempotency_key::Entity::find_by_id(id).one(self.db.read()).await?;
        let Some(mut found) = found else { return Ok(None) };
        if found.fingerprint != fingerprint {
            return Err(Error::IdempotencyMismatch);
        }
        let done = found.results.get_mut(&slot).map(Value::take);
        done.map(serde_json::from_value).transpose().map_err(unreadable)
    }

    /// Begins a unit of work that supports no `Idempotency-Key`.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn begin_without_key(&self) -> Result<UnitOfWork> {
        Ok(UnitOfWork::new(self, self.db.begin().await?, None))
    }

    /// Begins the transaction of a batch whose requests have their own keys; `lock_key` is the key of its first lock, if
    /// it needs only one.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub(super) async fn begin_batch(&self, lock_key: Option<Uuid>) -> Result<UnitOfWork> {
        let tx = match lock_key {
            Some(lock_key) => self.db.begin_at(lock_key.as_bytes()).await?,
            None => self.db.begin().await?,
        };
        Ok(UnitOfWork::new(self, tx, None))
    }
}

impl UnitOfWork {
    fn new(app: &App, tx: Transaction, kept: Option<IdempotencyRecord>) -> Self {
        Self {
            app: app.clone(),
            tx,
            idempotency: kept,
            earlier_result: None,
            notifications: Mutex::default(),
            after_commit: Mutex::default(),
        }
    }

    /// Returns the result of an earlier execution of the same request; `None` if it is new. An operation
    /// calls this after checking the actor's rights, and returns the result instead of acting again.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub fn replayed<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.earlier_result.clone().map(serde_json::from_value).transpose().map_err(unreadable)
    }

    /// Publishes notifications after commit, before any other action.
    pub fn publish<P: Publish>(&self, notifications: impl IntoIterator<Item = P>) {
        let hooks = notifications
            .into_iter()
            .map(|notification| -> CommitHook { Box::new(move |app: &App| notification.publish(app)) });
        self.notifications.lock().extend(hooks);
    }

    /// Runs an in-memory action after commit, even if the caller has disconnected: wakes jobs, notifies
    /// subscribers, starts replies.
    pub fn after_commit(&self, then: impl FnOnce(&App) + Send + 'static) {
        self.after_commit.lock().push(Box::new(then));
    }

    /// Commits and returns the result of the operation; a retry with the same key returns it too.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if nothing was stored, [`Error::OutcomeUnknown`] if that is unknown: a retry
    /// with the same key finds out.
    pub async fn commit<T: Serialize + DeserializeOwned>(self, result: T) -> Result<T> {
        // An operation that did not call `replayed` acted again; it is rolled back.
        if let Some(done) = self.replayed()? {
            return Ok(done);
        }
        if let Some(IdempotencyRecord { request, slot }) = self.idempotency {
            let mut results = request.results.clone();
            let result = serde_json::to_value(&result).map_err(unreadable)?;
            idempotency_accounts::list(&self.tx, [(&request, &result)]).await?;
            results[slot] = result;
            let mut row = request.into_active_model();
            row.results = Set(results);
            row.update(&self.tx).await?;
        }
        let Self { app, tx, notifications, after_commit: after, .. } = self;
        let tasks = app.tasks.clone();
        // Spawned, so that committed changes are published even if the caller disconnects.
        let told = async move {
            tx.commit().await?;
            for then in notifications.into_inner().into_iter().chain(after.into_inner()) {
                then(&app);
            }
            Ok::<_, CommitError>(())
        };
        let told = tasks.spawn(told.in_current_span()).await;
        told.map_err(|error| Error::OutcomeUnknown(error.into()))??;
        Ok(result)
    }
}

pub(super) fn unreadable(error: serde_json::Error) -> Error {
    Error::Internal(anyhow::Error::new(error).context("the result of a write"))
}

/// Deletes expired idempotency keys.
///
/// # Errors
/// [`Error::Internal`].
pub async fn prune(app: &App) -> Result<()> {
    idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::CreatedAt.lt(app.clock.now() - RETENTION))
        .exec(app.db.write())
        .await?;
    Ok(())
}

impl Deref for UnitOfWork {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        &self.tx
    }
}

/// Makes the unit of work usable as a connection.
#[async_trait]
impl ConnectionTrait for UnitOfWork {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.tx.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.tx.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.tx.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.tx.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.tx.query_all_raw(statement).await
    }
}
