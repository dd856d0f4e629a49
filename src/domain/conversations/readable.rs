//! Conversations with the proof of a viewer's right to read them. Only an access check creates the proof,
//! so no path to a conversation can skip it.

use std::{collections::HashMap, ops::Deref};

use chrono::{DateTime, Utc};
use entity::{
    conversation::{self, Kind},
    membership,
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, Order as Direction, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use uuid::Uuid;

use super::{
    MessageRow,
    conditions::{own, visible},
    target::{lounge_chat_scope, room_scope, session_scope},
};
use crate::{
    app::App,
    domain::{Order, PageRows, Window, communities},
    error::Result,
};

/// Proof that the viewer may read a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReadRight(Uuid);

impl ReadRight {
    /// Creates the proof. Call only after an access check.
    pub(in crate::domain) fn checked(conversation_id: Uuid) -> Self {
        Self(conversation_id)
    }

    /// Returns the id of the readable conversation.
    pub fn conversation_id(self) -> Uuid {
        self.0
    }
}

/// A conversation that the viewer may read.
#[derive(Clone, Debug)]
pub struct ReadableConversation(conversation::Model);

impl ReadableConversation {
    /// Creates the proof. Call only after an access check.
    pub(in crate::domain) fn checked(conversation: conversation::Model) -> Self {
        Self(conversation)
    }

    /// Returns the proof.
    pub fn right(&self) -> ReadRight {
        ReadRight(self.0.id)
    }
}

impl Deref for ReadableConversation {
    type Target = conversation::Model;

    fn deref(&self) -> &conversation::Model {
        &self.0
    }
}

/// A conversation whose existence the viewer may know, but not its content.
#[derive(Clone, Debug)]
pub struct ExpiredConversation(conversation::Model);

impl Deref for ExpiredConversation {
    type Target = conversation::Model;

    fn deref(&self) -> &conversation::Model {
        &self.0
    }
}

/// A conversation whose existence the viewer may know.
#[derive(Clone, Debug)]
pub enum VisibleConversation {
    /// The viewer may read it.
    Readable(ReadableConversation),
    /// The viewer's membership has expired: they see the conversation, but no messages.
    Expired(ExpiredConversation),
}

impl VisibleConversation {
    /// Returns the conversation if it is readable.
    pub fn readable(&self) -> Option<&ReadableConversation> {
        match self {
            Self::Readable(conversation) => Some(conversation),
            Self::Expired(_) => None,
        }
    }

    fn read_access(
        conversation: conversation::Model,
        own: Option<membership::Model>,
        now: DateTime<Utc>,
    ) -> Self {
        let takes_membership = matches!(conversation.kind, Kind::Room | Kind::Lounge);
        let expired = own.is_none_or(|own| {
            communities::membership_state(&own, now) == communities::MembershipState::Expired
        });
        if takes_membership && expired {
            Self::Expired(ExpiredConversation(conversation))
        } else {
            Self::Readable(ReadableConversation(conversation))
        }
    }
}

impl Deref for VisibleConversation {
    type Target = conversation::Model;

    fn deref(&self) -> &conversation::Model {
        match self {
            Self::Readable(conversation) => conversation,
            Self::Expired(conversation) => conversation,
        }
    }
}

impl From<ReadableConversation> for VisibleConversation {
    fn from(conversation: ReadableConversation) -> Self {
        Self::Readable(conversation)
    }
}

impl MessageRow {
    /// Returns the proof for the message's conversation.
    pub fn right(&self) -> ReadRight {
        ReadRight(self.message.conversation_id)
    }
}

/// Returns those of the given conversations that the user may see, in no order, in one statement.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_visible(app: &App, user_id: &str, ids: &[Uuid]) -> Result<Vec<VisibleConversation>> {
    list_where(app, user_id, conversation::Column::Id.is_in(ids.iter().copied())).await
}

async fn list_where(app: &App, user_id: &str, which: SimpleExpr) -> Result<Vec<VisibleConversation>> {
    let now = app.clock.now();
    let select = conversation::Entity::find().filter(which).filter(visible(user_id, now));
    let rows = select.join(JoinType::LeftJoin, membership_of(user_id)).select_also(membership::Entity);
    let rows = rows.all(app.db.read()).await?;
    Ok(rows.into_iter().map(|(row, own)| VisibleConversation::read_access(row, own, now)).collect())
}

/// The place that a conversation belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConversationScope {
    /// The room of a community.
    Room(Uuid),
    /// The chat of a space session.
    Session(Uuid),
    /// The viewer's own chat in a lounge.
    LoungeChat(Uuid),
}

impl ConversationScope {
    fn scope(self, user_id: &str) -> String {
        match self {
            Self::Room(community) => room_scope(community),
            Self::Session(session) => session_scope(session),
            Self::LoungeChat(lounge) => lounge_chat_scope(lounge, user_id),
        }
    }

    fn of(conversation: &conversation::Model) -> Option<Self> {
        match conversation.kind {
            Kind::Room => conversation.community_id.map(Self::Room),
            Kind::SpaceSession => conversation.space_session_id.map(Self::Session),
            Kind::Lounge => conversation.community_id.map(Self::LoungeChat),
            Kind::Support => None,
        }
    }
}

/// Lists the conversations at these places that the user may read, in one statement.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_readable_at(
    app: &App,
    user_id: &str,
    places: &[ConversationScope],
) -> Result<HashMap<ConversationScope, ReadableConversation>> {
    let there = conversation::Column::Scope.is_in(places.iter().map(|place| place.scope(user_id)));
    let rows = list_where(app, user_id, there).await?;
    let readable = rows.into_iter().filter_map(|row| match row {
        VisibleConversation::Readable(readable) => Some((ConversationScope::of(&readable)?, readable)),
        VisibleConversation::Expired(_) => None,
    });
    Ok(readable.collect())
}

/// Lists the user's own conversations, or those among the given ones, last changed first, in one statement.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub(super) async fn list_of_user(
    app: &App,
    user_id: &str,
    among: Option<&[Uuid]>,
    most: u64,
) -> Result<Vec<VisibleConversation>> {
    let now = app.clock.now();
    let rows = conversation::Entity::find()
        .filter(own(user_id, now, among))
        .order_by_desc(conversation::Column::LastMicros)
        .order_by_desc(conversation::Column::Id)
        .limit(most)
        .join(JoinType::LeftJoin, membership_of(user_id))
        .select_also(membership::Entity)
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().map(|(row, own)| VisibleConversation::read_access(row, own, now)).collect())
}

/// Reads a page of a user's own conversations, last changed first.
pub(super) async fn page_of_user(
    app: &App,
    user_id: &str,
    window: Window,
    total: bool,
) -> Result<PageRows<VisibleConversation>> {
    let now = app.clock.now();
    let own = conversation::Entity::find().filter(own(user_id, now, None));
    let total = if total { Some(own.clone().count(app.db.read()).await?) } else { None };
    let order = Order {
        rank: Some(conversation::Column::LastMicros),
        at: conversation::Column::CreatedAt,
        id: conversation::Column::Id,
        direction: Direction::Desc,
    };
    let page = order
        .part(own, window)
        .join(JoinType::LeftJoin, membership_of(user_id))
        .select_also(membership::Entity);
    let rows = page.all(app.db.read()).await?;
    let rows = rows.into_iter().map(|(row, own)| VisibleConversation::read_access(row, own, now)).collect();
    Ok(PageRows::new(rows, window, total))
}

/// Joins a user's membership in the conversation's community.
fn membership_of(user_id: &str) -> RelationDef {
    let user_id = user_id.to_owned();
    conversation::Entity::belongs_to(membership::Entity)
        .from(conversation::Column::CommunityId)
        .to(membership::Column::CommunityId)
        .on_condition(move |_, membership| {
            Expr::col((membership, membership::Column::UserId)).eq(user_id.clone()).into()
        })
        .into()
}
