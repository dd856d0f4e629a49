//! Telling the others that somebody types.

use uuid::Uuid;

use super::{
    Seat, Target,
    access::{Intent, get_seat},
};
use crate::{
    app::App,
    domain::{Result, User},
};

/// Tells the listeners that the actor types, for six seconds, or stopped to.
///
/// # Errors
/// Why the actor may not speak there.
pub async fn set_typing(app: &App, actor: &User, conversation_id: Uuid, typing: bool) -> Result<Seat> {
    let now = app.clock.monotonic();
    let target = Target::Conversation(conversation_id);
    let seat = get_seat(app, app.db.read(), actor, &target, Intent::Speak).await?;
    if let Some(hub) = app.conversations.find(conversation_id) {
        hub.act(|doings| doings.typing(&actor.id, typing, now));
    }
    Ok(seat)
}

/// What somebody typed was said.
pub(super) fn stop(app: &App, user_id: &str, conversation_id: Uuid) {
    if let Some(hub) = app.conversations.find(conversation_id) {
        hub.act(|doings| doings.typing(user_id, false, app.clock.monotonic()));
    }
}
