//! Conversations that somebody may know of, with the proof whether they may read them. Only checking the right makes one, so
//! that a new way to a conversation cannot forget to check.

use std::ops::Deref;

use chrono::{DateTime, Utc};
use entity::{
    ban,
    conversation::{self, Kind},
    membership, participant, space_session,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationDef, RelationTrait,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use uuid::Uuid;

use super::{MessageRow, Seat};
use crate::{
    app::App,
    domain::{Result, communities, spaces},
};

/// The proof that whoever asks may read a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReadRight(Uuid);

impl ReadRight {
    /// The right was checked.
    pub(in crate::domain) fn checked(conversation_id: Uuid) -> Self {
        Self(conversation_id)
    }

    /// Which conversation may be read.
    pub fn conversation_id(self) -> Uuid {
        self.0
    }
}

/// A conversation that whoever asks may read.
#[derive(Clone, Debug)]
pub struct ReadableConversation(conversation::Model);

impl ReadableConversation {
    /// The right was checked.
    pub(in crate::domain) fn checked(conversation: conversation::Model) -> Self {
        Self(conversation)
    }

    /// The proof.
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

/// A conversation whose viewer knows that it exists, and may not read it.
#[derive(Clone, Debug)]
pub struct ExpiredConversation(conversation::Model);

impl Deref for ExpiredConversation {
    type Target = conversation::Model;

    fn deref(&self) -> &conversation::Model {
        &self.0
    }
}

/// A conversation that its viewer may know of.
#[derive(Clone, Debug)]
pub enum VisibleConversation {
    /// They may read it.
    Readable(ReadableConversation),
    /// Their membership of its community has expired: they see which conversation it is, and nothing of what is said.
    Expired(ExpiredConversation),
}

impl VisibleConversation {
    /// The conversation, where it may be read.
    pub fn readable(&self) -> Option<&ReadableConversation> {
        match self {
            Self::Readable(conversation) => Some(conversation),
            Self::Expired(_) => None,
        }
    }

    fn judge(conversation: conversation::Model, own: Option<membership::Model>, now: DateTime<Utc>) -> Self {
        let takes_membership = matches!(conversation.kind, Kind::Room | Kind::Lounge);
        let expired =
            own.is_none_or(|own| communities::standing(&own, now) == communities::Standing::Expired);
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

impl Seat {
    /// The conversation that was found to be readable.
    pub fn into_readable(self) -> ReadableConversation {
        ReadableConversation(self.conversation)
    }
}

impl MessageRow {
    /// The proof that whoever was given this message may read its conversation.
    pub fn right(&self) -> ReadRight {
        ReadRight(self.message.conversation_id)
    }
}

/// Those of these conversations that somebody may know of, in no order and in one statement.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_visible(app: &App, user_id: &str, ids: &[Uuid]) -> Result<Vec<VisibleConversation>> {
    let now = app.clock.now();
    let of_these = conversation::Column::Id.is_in(ids.iter().copied());
    let select = conversation::Entity::find().filter(of_these).filter(visible(user_id, now));
    let rows = select.join(JoinType::LeftJoin, membership_of(user_id)).select_also(membership::Entity);
    let rows = rows.all(app.db.read()).await?;
    Ok(rows.into_iter().map(|(row, own)| VisibleConversation::judge(row, own, now)).collect())
}

/// The conversations that somebody takes part in, the last changed first, in one statement.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub(super) async fn list_of_user(app: &App, user_id: &str, most: u64) -> Result<Vec<VisibleConversation>> {
    let now = app.clock.now();
    let rows = conversation::Entity::find()
        .filter(super::access::own(user_id, now))
        .order_by_desc(conversation::Column::LastMicros)
        .order_by_desc(conversation::Column::Id)
        .limit(most)
        .join(JoinType::LeftJoin, membership_of(user_id))
        .select_also(membership::Entity)
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().map(|(row, own)| VisibleConversation::judge(row, own, now)).collect())
}

/// The membership of one person in a conversation's community.
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

/// What a conversation must fulfil for somebody to know of it: as [`super::access::seat`] says for reading, but for
/// memberships that have expired.
fn visible(user_id: &str, now: DateTime<Utc>) -> Condition {
    let as_member = conversation::Column::CommunityId.in_subquery(communities_of(user_id));
    let of_kind = |kind| Condition::all().add(conversation::Column::Kind.eq(kind));
    let as_customer = || conversation::Column::CustomerId.eq(user_id);
    let served = conversation::Column::CommunityId.in_subquery(super::access::on_team(user_id));
    let not_banned = conversation::Column::CommunityId.not_in_subquery(banned_from(user_id, now));
    Condition::any()
        .add(of_kind(Kind::Room).add(as_member.clone()))
        .add(of_kind(Kind::Lounge).add(as_customer()).add(as_member))
        .add(of_kind(Kind::Support).add(as_customer()).add(not_banned))
        .add(of_kind(Kind::Support).add(conversation::Column::CustomerId.ne(user_id)).add(served))
        .add(of_kind(Kind::SpaceSession).add(in_visible_space(user_id)))
}

/// The communities that somebody is a member of.
pub(super) fn communities_of(user_id: &str) -> SelectStatement {
    let own = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::UserId.eq(user_id));
    own.into_query()
}

/// The communities that somebody is banned from now.
pub(super) fn banned_from(user_id: &str, now: DateTime<Utc>) -> SelectStatement {
    let banned = ban::Entity::find()
        .select_only()
        .column(ban::Column::CommunityId)
        .filter(ban::Column::UserId.eq(user_id))
        .filter(Condition::any().add(ban::Column::Until.is_null()).add(ban::Column::Until.gt(now)));
    banned.into_query()
}

/// The chats of sessions of spaces that somebody may see.
fn in_visible_space(user_id: &str) -> Condition {
    let sessions = space_session::Entity::find()
        .select_only()
        .column(space_session::Column::Id)
        .join(JoinType::InnerJoin, space_session::Relation::Space.def())
        .filter(spaces::visible_to(user_id));
    Condition::all().add(conversation::Column::SpaceSessionId.in_subquery(sessions.into_query()))
}

/// The chats of sessions in which somebody takes or took part, where they may see the space.
pub(super) fn of_own_sessions(user_id: &str) -> Condition {
    let sessions = participant::Entity::find()
        .select_only()
        .column(participant::Column::SessionId)
        .join(JoinType::InnerJoin, participant::Relation::Session.def())
        .join(JoinType::InnerJoin, space_session::Relation::Space.def())
        .filter(participant::Column::UserId.eq(user_id))
        .filter(spaces::visible_to(user_id));
    Condition::all().add(conversation::Column::SpaceSessionId.in_subquery(sessions.into_query()))
}
