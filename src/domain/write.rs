//! The unit of writing: one transaction a verb, and the promise that a request sent twice happens once.

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
    Error, Result, User,
    conversations::Bell,
    retry::{self, Place},
};
use crate::{
    app::App,
    database::{CommitError, Transaction},
};

/// How long a request may be sent again.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// The transaction of a verb. Dropped without [`Write::commit`], nothing of it stays.
pub struct Write {
    app: App,
    tx: Transaction,
    kept: Option<Kept>,
    /// What the same request came to, when it was carried out before.
    done: Option<Value>,
    /// What is told once it is committed.
    bells: Mutex<Vec<Bell>>,
    /// What else is done then.
    after: Mutex<Vec<After>>,
}

type After = Box<dyn FnOnce(&App) + Send>;

/// Where the result is kept, when the request carries an `Idempotency-Key`.
struct Kept {
    request: idempotency_key::Model,
    /// Which write of the request it is.
    place: String,
}

impl App {
    /// Begins the transaction of a verb. When the actor's request carries an `Idempotency-Key`, the first statement takes
    /// the key, so that of two that come at once the second waits here. A request that was carried out before is begun
    /// all the same: the verb checks the actor's rights as for a new one, and then asks [`Write::replayed`].
    ///
    /// # Errors
    /// [`Error::IdempotencyMismatch`] when the key came with another request.
    pub async fn begin(&self, actor: &User) -> Result<Write> {
        self.begin_in(actor, self.db.begin().await?).await
    }

    /// Begins the transaction of a verb that locks this conversation, or another thing with an id, first: those that
    /// wait for the same one take a bounded share of the database's connections.
    ///
    /// # Errors
    /// [`Error::IdempotencyMismatch`] when the key came with another request.
    pub async fn begin_at(&self, actor: &User, place: Uuid) -> Result<Write> {
        self.begin_in(actor, self.db.begin_at(place.as_bytes()).await?).await
    }

    async fn begin_in(&self, actor: &User, tx: Transaction) -> Result<Write> {
        let Some(Place { key, fingerprint, write: place }) = retry::place() else {
            return Ok(Write::new(self, tx, None));
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
            return Ok(Write::new(self, tx, Some(Kept { request, place })));
        }
        let id = (request.actor_id, request.key);
        let found = idempotency_key::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
        // A day old, and dropped just now.
        let mut found =
            found.ok_or_else(|| Error::Conflict("The request was sent again too late".to_owned()))?;
        if found.fingerprint != request.fingerprint {
            return Err(Error::IdempotencyMismatch);
        }
        let done = found.results.get_mut(&place).map(Value::take);
        Ok(Write { done, ..Write::new(self, tx, Some(Kept { request: found, place })) })
    }
}

impl App {
    /// What the actor's next write came to when the request was carried out before, if it was: for a verb that does
    /// something expensive before it begins to write. The verb checks the actor's rights first, as before
    /// [`Write::replayed`].
    ///
    /// # Errors
    /// [`Error::IdempotencyMismatch`] when the key came with another request.
    pub async fn find_done<T: DeserializeOwned>(&self, actor: &User) -> Result<Option<T>> {
        let Some(Place { key, fingerprint, write: place }) = retry::next_place() else { return Ok(None) };
        let id = (actor.id.clone(), key);
        let found = idempotency_key::Entity::find_by_id(id).one(self.db.read()).await?;
        let Some(mut found) = found else { return Ok(None) };
        if found.fingerprint != fingerprint {
            return Err(Error::IdempotencyMismatch);
        }
        let done = found.results.get_mut(&place).map(Value::take);
        done.map(serde_json::from_value).transpose().map_err(unreadable)
    }

    /// Begins the transaction of what takes no `Idempotency-Key`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_apart(&self) -> Result<Write> {
        Ok(Write::new(self, self.db.begin().await?, None))
    }
}

impl Write {
    fn new(app: &App, tx: Transaction, kept: Option<Kept>) -> Self {
        Self { app: app.clone(), tx, kept, done: None, bells: Mutex::default(), after: Mutex::default() }
    }

    /// What the same request came to when it was carried out before; `None` when it is new. A verb asks once it has
    /// checked that the actor may do this now, and gives the result back instead of acting again.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub fn replayed<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.done.clone().map(serde_json::from_value).transpose().map_err(unreadable)
    }

    /// Tells those who listen to a conversation of an event that was written, once it is committed.
    pub fn tell(&self, bell: impl IntoIterator<Item = Bell>) {
        self.bells.lock().extend(bell);
    }

    /// Does something in memory, once it is committed, whether or not whoever asked is still there: waking those who
    /// wait, telling those who listen, beginning what was promised.
    pub fn after(&self, then: impl FnOnce(&App) + Send + 'static) {
        self.after.lock().push(Box::new(then));
    }

    /// Makes all of it last, and gives back what the verb comes to; the retry of a request with a key gets the same.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when nothing of it was stored, [`Error::OutcomeUnknown`] when that cannot be known: with
    /// its key, the request can be sent again and finds out.
    pub async fn commit<T: Serialize + DeserializeOwned>(self, result: T) -> Result<T> {
        // A verb that did not ask acted again: nothing of that is kept.
        if let Some(done) = self.replayed()? {
            return Ok(done);
        }
        if let Some(Kept { request, place }) = self.kept {
            let mut results = request.results.clone();
            results[place] = serde_json::to_value(&result).map_err(unreadable)?;
            let mut row = request.into_active_model();
            row.results = Set(results);
            row.update(&self.tx).await?;
        }
        let Self { app, tx, bells, after, .. } = self;
        let tasks = app.tasks.clone();
        // In a task of its own: whoever asked may leave now, and what is committed is told all the same.
        let told = async move {
            tx.commit().await?;
            for bell in bells.into_inner() {
                bell.ring(&app);
            }
            for then in after.into_inner() {
                then(&app);
            }
            Ok::<_, CommitError>(())
        };
        let told = tasks.spawn(told.in_current_span()).await;
        told.map_err(|error| Error::OutcomeUnknown(error.into()))??;
        Ok(result)
    }
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::Internal(anyhow::Error::new(error).context("the result of a write"))
}

/// Drops what is too old to be sent again.
///
/// # Errors
/// [`Error::Internal`].
pub async fn prune(app: &App) -> Result<()> {
    idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::CreatedAt.lt(app.clock.now() - KEPT))
        .exec(app.db.write())
        .await?;
    Ok(())
}

impl Deref for Write {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        &self.tx
    }
}

/// So that it stands wherever a connection is asked for.
#[async_trait]
impl ConnectionTrait for Write {
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
