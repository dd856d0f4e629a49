//! Telling that answers come as text because the minutes are used up: once a day in each talk.

use entity::{agent_reply, lounge};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{allowance::zone, browse::get};
use crate::{
    app::App,
    domain::{
        Result,
        conversations::{Bell, say_as_system},
    },
};

/// Says in the talk of an answer why it is not heard, unless that was said today.
pub(in crate::domain) async fn tell_used_up(
    app: &App,
    tx: &impl ConnectionTrait,
    reply: &agent_reply::Model,
) -> Result<Option<Bell>> {
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
    say_as_system(app, tx, reply.conversation_id, sentence(&lounge)).await.map(Some)
}

fn sentence(lounge: &lounge::Model) -> String {
    let why = if lounge.free_minutes_per_day == 0 {
        "This lounge has no free voice minutes: answers come as text.".to_owned()
    } else {
        let place = lounge.time_zone.as_ref().map_or("UTC".to_owned(), |name| format!("({name})"));
        format!("Your free voice minutes of today are used up: answers come as text until 00:00 {place}.")
    };
    if lounge.subscription_price == 0 {
        return why;
    }
    format!("{why} A subscription has no limit.")
}
