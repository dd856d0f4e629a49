//! Episodes of support chats.

use chrono::{DateTime, Utc};
use entity::{
    support_chat,
    support_episode::{self, ResolvedBy},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Unchanged, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, Order as Direction, QueryFilter,
};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{Order, Window},
    error::{Error, Result},
};

/// Lists the newest `most` episodes of each of these chats, oldest first, without an access check.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_episodes(app: &App, chats: &[Uuid], most: u64) -> Result<Vec<support_episode::Model>> {
    use support_episode::{Column, Entity};
    let newest = Order { rank: None, at: Column::Number, id: Column::Id, direction: Direction::Desc };
    // The statement reads one row more than the window has.
    let window = Window::Forward { limit: most.saturating_sub(1), after: None };
    let select = newest.parts(Entity::find(), &Condition::all(), Column::ChatId, chats, window);
    let mut episodes = select.all(app.db.read()).await?;
    episodes.reverse();
    Ok(episodes)
}

/// Inserts the episode whose number the chat has.
pub(super) async fn begin(app: &App, tx: &impl ConnectionTrait, chat: &support_chat::Model) -> Result<()> {
    let new = support_episode::Model {
        id: app.new_id()?,
        chat_id: chat.id,
        community_id: chat.community_id,
        number: chat.episode,
        opened_at: app.clock.now(),
        question_id: None,
        first_response_at: None,
        first_response_ms: None,
        next_responses: 0,
        next_response_ms: 0,
        ai_answers: 0,
        first_was_late: false,
        next_were_late: 0,
        away_told: false,
        resolved_at: None,
        resolved_by: None,
        resolver_id: None,
        rating: None,
        comment: None,
        rated_at: None,
    };
    let row = new.into_active_model().reset_all();
    support_episode::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Returns the newest episode of a chat.
pub(super) async fn get_current(
    db: &impl ConnectionTrait,
    chat: &support_chat::Model,
) -> Result<support_episode::Model> {
    let found = support_episode::Entity::find()
        .filter(support_episode::Column::ChatId.eq(chat.id))
        .filter(support_episode::Column::Number.eq(chat.episode))
        .one(db)
        .await?;
    found.ok_or_else(|| Error::Internal(anyhow::anyhow!("a support chat has no episode")))
}

/// Updates an episode.
pub(super) async fn save(
    tx: &impl ConnectionTrait,
    episode: support_episode::Model,
) -> Result<support_episode::Model> {
    let id = episode.id;
    let mut row = episode.into_active_model().reset_all();
    row.id = Unchanged(id);
    Ok(row.update(tx).await?)
}

/// Records a team response; `owed_since` is when the customer started to wait for it.
pub(super) fn respond(
    mut episode: support_episode::Model,
    owed_since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> support_episode::Model {
    let waited = owed_since.map(|since| (now - since).num_milliseconds().max(0));
    if episode.first_response_at.is_none() {
        episode.first_response_at = Some(now);
        episode.first_response_ms = waited;
    } else if let Some(waited) = waited {
        episode.next_responses += 1;
        episode.next_response_ms += waited;
    }
    episode
}

/// Marks the episode as resolved.
pub(super) fn close(
    mut episode: support_episode::Model,
    by: ResolvedBy,
    resolver: &str,
    now: DateTime<Utc>,
) -> support_episode::Model {
    episode.resolved_at = Some(now);
    episode.resolved_by = Some(by);
    episode.resolver_id = Some(resolver.to_owned());
    episode
}
