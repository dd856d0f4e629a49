//! The open connections of all servers, for administrators.

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        PageRows, User, Window,
        accounts::check_admin,
        audit::{self, Action, AuditEntry},
    },
    error::{Error, Result},
    live::{Collected, OpenConnection, Slice},
};

/// A page of connections.
#[derive(Clone, Debug)]
pub struct Connections {
    /// The page. Its total counts the connections of the servers that answered.
    pub page: PageRows<OpenConnection>,
    /// The servers that did not answer in time, whose connections are missing.
    pub silent: Vec<Uuid>,
}

/// A connection that was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedConnection {
    /// The connection.
    pub id: Uuid,
    server: Uuid,
    /// Whether its server has confirmed the end.
    #[serde(skip)]
    pub is_confirmed: bool,
}

/// Lists the open connections of all servers, newest first. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list(app: &App, actor: &User, window: Window) -> Result<Connections> {
    check_admin(actor)?;
    let (from, is_backward) = match window {
        Window::Forward { after, .. } => (after, false),
        Window::Backward { before, .. } => (before, true),
        Window::Numbered { .. } => return Err(Error::invalid("page", "This list has no numbered pages")),
    };
    // One more, which shows whether others follow.
    let limit = usize::try_from(window.limit()).unwrap_or(usize::MAX).saturating_add(1);
    let slice = Slice { limit, from: from.map(|cursor| cursor.id), is_backward };
    let Collected { mut rows, total, silent } = app.open_connections.collect(slice).await;
    rows.sort_unstable_by_key(|row| row.id);
    if !is_backward {
        rows.reverse();
    }
    Ok(Connections { page: PageRows::new(rows, window, Some(total as u64)), silent })
}

/// Ends an open connection of any server. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Unavailable`] if a server that may have it does not answer.
pub async fn end(app: &App, actor: &User, id: Uuid) -> Result<EndedConnection> {
    check_admin(actor)?;
    if let Some(done) = app.find_earlier_result(actor).await? {
        return Ok(confirm(app, done).await);
    }
    // Found before the transaction, which must not wait for other servers.
    let found = find(app, id).await?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(confirm(app, done).await);
    }
    let entry = AuditEntry::of(actor, Action::ConnectionEnded).to(found.user.as_deref()).on(id);
    audit::record(app, &tx, entry.with(json!({ "kind": found.kind, "serverId": found.server }))).await?;
    let server = found.server;
    // Sent even if the caller has disconnected.
    tx.after_commit(move |app| drop(app.open_connections.end(server, id)));
    let ended = tx.commit(EndedConnection { id, server, is_confirmed: false }).await?;
    Ok(confirm(app, ended).await)
}

/// Sends the end again, which has no further effect, and waits until the connection's server confirms it.
async fn confirm(app: &App, ended: EndedConnection) -> EndedConnection {
    let is_confirmed = app.open_connections.end(ended.server, ended.id).await;
    EndedConnection { is_confirmed, ..ended }
}

async fn find(app: &App, id: Uuid) -> Result<OpenConnection> {
    let Collected { mut rows, silent, .. } = app.open_connections.find(id).await;
    match rows.pop() {
        Some(found) => Ok(found),
        None if silent.is_empty() => Err(Error::NotFound("Connection")),
        None => Err(Error::Unavailable(anyhow::anyhow!(
            "{} servers did not report whether they hold the connection",
            silent.len()
        ))),
    }
}
