//! Notices that replies come as text because the allowance is used up: once a day per lounge chat.

use entity::{agent_reply, lounge};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{allowance::zone, browse::get};
use crate::{
    app::App,
    domain::{
        conversations::{Notification, post_as_system},
        notices::{Midnight, Notice},
    },
    error::Result,
};

/// Posts in the reply's lounge chat why it has no audio, unless that was posted today.
pub(in crate::domain) async fn notify_exhausted(
    app: &App,
    tx: &impl ConnectionTrait,
    reply: &agent_reply::Model,
) -> Result<Option<Notification>> {
    let lounge = get(tx, reply.community_id).await?;
    let zone = zone(&lounge);
    let today = zone.begin(zone.date(app.clock.now()));
    let before = agent_reply::Entity::find()
        .filter(agent_reply::Column::ConversationId.eq(reply.conversation_id))
        .filter(agent_reply::Column::VoiceNotice.is_not_null())
        .filter(agent_reply::Column::FinishedAt.gte(today))
        .filter(agent_reply::Column::Id.ne(reply.id))
        .count(tx)
        .await?;
    if before > 0 {
        return Ok(None);
    }
    post_as_system(app, tx, reply.conversation_id, &notice(&lounge)).await.map(Some)
}

fn notice(lounge: &lounge::Model) -> Notice {
    let midnight = || lounge.time_zone.clone().map_or(Midnight::Utc, Midnight::In);
    Notice::TextOnly {
        until: (lounge.free_minutes_per_day > 0).then(midnight),
        has_subscription: lounge.subscription_price > 0,
    }
}
