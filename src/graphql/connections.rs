//! The open connections of all servers, for administrators.

use async_graphql::{Context, Enum, ID, InputObject, Object};

use super::{
    DateTime,
    context::{ContextExt, uuid},
    paging::{Connection, Edge, Node, PageInfo},
    payloads::EndConnectionPayload,
    users::User,
};
use crate::{
    domain::{Cursor, Page, connections},
    error::Result,
    live,
};

/// Kinds of open connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "live::ConnectionKind")]
pub(super) enum ConnectionKind {
    /// A WebSocket of GraphQL.
    WebSocket,
    /// An event stream of GraphQL, for one operation or for several.
    GraphqlStream,
    /// An event stream of a REST path.
    RestStream,
}

/// An open connection of a client: a WebSocket or an event stream.
pub(super) struct OpenConnectionInfo(live::OpenConnection);

impl Node for OpenConnectionInfo {
    const NAME: &'static str = "OpenConnectionInfo";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.opened_at, id: self.0.id }
    }
}

/// An open connection of a client: a WebSocket or an event stream.
#[Object]
impl OpenConnectionInfo {
    /// Id of the connection while it is open (UUID).
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The kind of the connection.
    async fn kind(&self) -> ConnectionKind {
        self.0.kind.into()
    }

    /// The account that uses the connection; null when it is signed out.
    async fn user(&self) -> Option<User> {
        self.0.user.clone().map(|id| User::maybe(id, None))
    }

    /// Network address of the client; null when it is unknown.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Time when the connection was opened.
    async fn opened_at(&self) -> DateTime {
        self.0.opened_at.into()
    }

    /// Number of subscriptions that the connection carries now.
    async fn subscription_count(&self) -> u64 {
        self.0.subscriptions as u64
    }

    /// Id of the server that holds the connection, as in its log. A server gets a new id at each start.
    async fn server_id(&self) -> ID {
        self.0.server.into()
    }
}

/// A page of the open connections of all servers.
pub(super) struct OpenConnectionInfoConnection {
    page: Connection<OpenConnectionInfo>,
    silent: Vec<ID>,
}

/// A page of the open connections of all servers.
#[Object]
impl OpenConnectionInfoConnection {
    /// The items of this page.
    async fn nodes(&self) -> &[OpenConnectionInfo] {
        &self.page.0.rows
    }

    /// The items with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Edge<'_, OpenConnectionInfo>>> {
        self.page.edges(ctx).await
    }

    /// Position of this page in the whole list.
    async fn page_info(&self, ctx: &Context<'_>) -> async_graphql::Result<PageInfo> {
        self.page.page_info(ctx).await
    }

    /// Number of open connections of all servers that answered.
    async fn total_count(&self) -> u64 {
        self.page.0.total.unwrap_or_default()
    }

    /// Ids of the servers that did not answer in time. Their connections are missing from the list.
    async fn silent_server_ids(&self) -> &[ID] {
        &self.silent
    }
}

/// Input of `endConnection`.
#[derive(InputObject)]
pub(super) struct EndConnectionInput {
    /// Id of the open connection.
    connection_id: ID,
}

/// Queries about open connections.
#[derive(Default)]
pub(super) struct ConnectionQuery;

#[Object]
impl ConnectionQuery {
    /// Lists the open WebSockets and event streams of all servers, newest first. Each server has one second to answer.
    /// Administrators only.
    async fn open_connections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Result<OpenConnectionInfoConnection> {
        let window =
            Page { first, after, last, before, ..Page::default() }.window(OpenConnectionInfo::NAME)?;
        let connections::Connections { page, silent } =
            connections::list(ctx.app()?, ctx.user()?, window).await?;
        Ok(OpenConnectionInfoConnection {
            page: Connection(page.map(OpenConnectionInfo)),
            silent: silent.into_iter().map(ID::from).collect(),
        })
    }
}

/// Mutations of open connections.
#[derive(Default)]
pub(super) struct ConnectionMutation;

#[Object]
impl ConnectionMutation {
    /// Ends an open connection of any server. A WebSocket is closed with 1008, after which clients of the protocol do
    /// not reconnect; an event stream ends with an error. The client may open another connection. Administrators only.
    async fn end_connection(
        &self,
        ctx: &Context<'_>,
        input: EndConnectionInput,
    ) -> Result<EndConnectionPayload> {
        let id = uuid("connectionId", &input.connection_id)?;
        let ended = connections::end(ctx.app()?, ctx.user()?, id).await?;
        Ok(EndConnectionPayload { deleted_id: ended.id.into(), is_confirmed: ended.is_confirmed })
    }
}
