//! Notifications of PostgreSQL, on a connection of their own.

use std::io::{Error as IoError, ErrorKind};

use sea_orm::sqlx::{
    self, PgPool,
    pool::PoolOptions,
    postgres::{PgListener, PgNotification, Postgres},
};

use super::{Database, options::Target};

/// A connection that listens on a channel. It does not reconnect.
pub struct Notifications {
    listener: PgListener,
    pool: PgPool,
}

impl Database {
    /// Connects and listens on a channel of PostgreSQL.
    ///
    /// # Errors
    /// Returns an error if PostgreSQL does not answer, or on SQLite, which has no notifications.
    pub async fn notifications(&self, channel: &str) -> Result<Notifications, sqlx::Error> {
        let Target::Postgres(options) = &*self.migrations else {
            return Err(sqlx::Error::Configuration("SQLite has no notifications".into()));
        };
        let pool = PoolOptions::<Postgres>::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_with(options.as_ref().clone())
            .await?;
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        listener.listen(channel).await?;
        Ok(Notifications { listener, pool })
    }
}

impl Notifications {
    /// Sends notifications in this order, in one statement.
    ///
    /// # Errors
    /// Returns an error if PostgreSQL does not answer or a text has 8000 bytes or more.
    pub async fn notify(&mut self, channel: &str, texts: Vec<String>) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text")
            .bind(channel)
            .bind(texts)
            .execute(&mut self.listener)
            .await?;
        Ok(())
    }

    /// Returns the text of the next notification. Dropping the future loses nothing.
    ///
    /// # Errors
    /// Returns an error if the connection was lost.
    pub async fn next(&mut self) -> Result<String, sqlx::Error> {
        let notification: Option<PgNotification> = self.listener.try_recv().await?;
        let notification = notification.ok_or_else(|| IoError::from(ErrorKind::ConnectionReset))?;
        Ok(notification.payload().to_owned())
    }

    /// Closes the connection.
    pub async fn end(self) {
        drop(self.listener);
        self.pool.close().await;
    }
}
