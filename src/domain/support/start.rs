//! Beginning a chat with an official account, or coming back to it.

use entity::{
    community::{self, Kind, Status as Open},
    support_chat::{self, Status},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    chats::{enter, hold},
    episodes,
    handover::tell_away,
    lifecycle::Lifecycle,
    team::person_in,
};
use crate::{
    app::App,
    domain::{
        Error, Result, User, Write, communities,
        conversations::{self, Person},
    },
};

/// A chat that was begun or was there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Started {
    /// The chat.
    pub chat: support_chat::Model,
    /// Whether it was there before.
    pub existing: bool,
}

/// Begins the actor's chat with an official account; one that was resolved is opened again, for a new episode. It takes
/// no membership.
///
/// # Errors
/// [`Error::NotFound`] for the community, also where it is closed; [`Error::Invalid`] where it is not official,
/// [`Error::MemberBanned`].
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
            let chat = hold(&tx, found.id).await?.ok_or(Error::NotFound("Conversation"))?;
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
    tx.tell(tell_away(app, &tx, &started.chat).await?);
    tx.commit(started).await
}

/// Writes a new chat and its first episode.
async fn open(
    app: &App,
    tx: &Write,
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
        note_count: 0,
        created_at: now,
        updated_at: now,
    };
    let mut row = new.into_active_model().reset_all();
    Lifecycle::begin(community.cs_mode, now).write(&mut row);
    let chat = support_chat::Entity::insert(row).exec_with_returning(tx).await?;
    episodes::begin(app, tx, &chat).await?;
    let by = person_in(tx, community.id, actor).await?;
    tx.tell([conversations::record_support(tx, now, conversation_id, chat.status, Some(by)).await?]);
    Ok(chat)
}

/// Opens a resolved chat again, for another episode, as the community serves now.
pub(super) async fn reopen(
    app: &App,
    tx: &Write,
    community: &community::Model,
    chat: support_chat::Model,
    by: Person,
) -> Result<support_chat::Model> {
    let to = Lifecycle::of(&chat).reopen(community.cs_mode, app.clock.now())?;
    next_episode(app, tx, chat, to, by).await
}

/// Begins another episode of a chat, which stands like this from then on.
pub(super) async fn next_episode(
    app: &App,
    tx: &Write,
    mut chat: support_chat::Model,
    to: Lifecycle,
    by: Person,
) -> Result<support_chat::Model> {
    chat.episode += 1;
    let (chat, bell) = enter(app, tx, chat, to, Some(by)).await?;
    tx.tell([bell]);
    episodes::begin(app, tx, &chat).await?;
    Ok(chat)
}

/// The community of a chat.
pub(super) async fn get_community(
    db: &impl ConnectionTrait,
    chat: &support_chat::Model,
) -> Result<community::Model> {
    let found = community::Entity::find_by_id(chat.community_id).one(db).await?;
    found.ok_or(Error::NotFound("Community"))
}
