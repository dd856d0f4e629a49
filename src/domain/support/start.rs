//! Starting and reopening support chats.

use entity::{
    community::{self, Kind, Status as Open},
    support_chat::{self, Status},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    chats::{lock, transition},
    episodes,
    handover::post_away_message,
    lifecycle::Lifecycle,
    team::person_in,
};
use crate::{
    app::App,
    domain::{
        UnitOfWork, User, communities,
        conversations::{self, Person},
    },
    error::{Error, Result},
};

/// Result of starting a chat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Started {
    /// The chat.
    pub chat: support_chat::Model,
    /// Whether the chat existed before.
    pub existing: bool,
}

/// Starts the actor's chat with an official account, or reopens a resolved one with a new episode. Requires
/// no membership.
///
/// # Errors
/// [`Error::NotFound`] for the community, also if it is not active; [`Error::Invalid`] if it is not
/// official, [`Error::MemberBanned`].
pub async fn start(app: &App, actor: &User, community_id: Uuid) -> Result<Started> {
    let tx = app.begin(actor).await?;
    let community = community::Entity::find_by_id(community_id).one(&tx).await?;
    let community = community.filter(|found| found.status == Open::Active);
    let community = community.ok_or(Error::NotFound("Community"))?;
    if community.kind != Kind::Official {
        let refusal = "start-chat is only available for official communities";
        return Err(Error::invalid("communityId", refusal));
    }
    communities::refuse_banned(app, &tx, community_id, &actor.id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let started = match conversations::open_for_customer(app, &tx, community_id, &actor.id).await? {
        Some(conversation) => {
            let chat = open(app, &tx, actor, &community, conversation).await?;
            Started { chat, existing: false }
        }
        None => {
            let found = conversations::find_of_customer(&tx, community_id, &actor.id).await?;
            let found = found.ok_or(Error::NotFound("Conversation"))?;
            let chat = lock(&tx, found.id).await?.ok_or(Error::NotFound("Conversation"))?;
            let chat = match chat.status {
                Status::Resolved => {
                    let by = person_in(&tx, community_id, actor).await?;
                    reopen(app, &tx, &community, chat, by).await?
                }
                _ => chat,
            };
            Started { chat, existing: true }
        }
    };
    tx.publish(post_away_message(app, &tx, &started.chat).await?);
    tx.commit(started).await
}

/// Inserts a new chat and its first episode.
async fn open(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    community: &community::Model,
    conversation_id: Uuid,
) -> Result<support_chat::Model> {
    let now = app.clock.now();
    let new = support_chat::Model {
        id: app.new_id()?,
        conversation_id,
        community_id: community.id,
        customer_id: actor.id.clone(),
        status: Status::AiActive,
        assignee_id: None,
        waiting_since: None,
        episode: 1,
        unanswered_since: None,
        response_due_at: None,
        answer_due_at: None,
        due_at: None,
        late_since: None,
        last_late_at: None,
        unasked_from: None,
        note_count: 0,
        created_at: now,
        updated_at: now,
    };
    let mut row = new.into_active_model().reset_all();
    Lifecycle::begin(community.cs_mode, now).write(&mut row);
    let chat = support_chat::Entity::insert(row).exec_with_returning(tx).await?;
    episodes::begin(app, tx, &chat).await?;
    let by = person_in(tx, community.id, actor).await?;
    tx.publish([conversations::record_support(tx, now, conversation_id, chat.status, Some(by)).await?]);
    Ok(chat)
}

/// Reopens a resolved chat with a new episode in the community's current mode.
pub(super) async fn reopen(
    app: &App,
    tx: &UnitOfWork,
    community: &community::Model,
    chat: support_chat::Model,
    by: Person,
) -> Result<support_chat::Model> {
    let to = Lifecycle::of(&chat).reopen(community.cs_mode, app.clock.now())?;
    next_episode(app, tx, chat, to, by).await
}

/// Starts another episode of a chat in state `to`.
pub(super) async fn next_episode(
    app: &App,
    tx: &UnitOfWork,
    mut chat: support_chat::Model,
    to: Lifecycle,
    by: Person,
) -> Result<support_chat::Model> {
    chat.episode += 1;
    let (chat, notification) = transition(app, tx, chat, to, Some(by)).await?;
    tx.publish([notification]);
    episodes::begin(app, tx, &chat).await?;
    Ok(chat)
}
