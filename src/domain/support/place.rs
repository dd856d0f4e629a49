//! A customer's place in the queue, as it changes while they wait.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::support_chat::{self, Status};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{chats::find_by_conversation, queue, watch::Seat};
use crate::{
    app::App,
    domain::{
        Error, Result,
        accounts::{Identity, check_identity},
        conversations::{self, Target},
    },
    live::{Grant, Listen, Look, Looking, Pass, Recheck},
};

/// Where a customer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The chat.
    pub chat: support_chat::Model,
    /// Their place among those who wait, from 1; none when they do not.
    pub position: Option<u64>,
}

/// Listens to where a customer stands: first as it is, then whenever it changes, as long as the actor may read the chat.
///
/// # Errors
/// [`Error::NotFound`] where there is no such chat for the actor.
pub async fn watch_place(
    app: &App,
    identity: &Arc<Identity>,
    conversation_id: Uuid,
) -> Result<Box<dyn Listen>> {
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move {
                let signed_in_until = check_identity(&app, &identity).await?;
                let readable_until = check(&app, &identity, conversation_id).await?;
                Ok([signed_in_until, readable_until].into_iter().flatten().min())
            })
        })
    };
    let mut pass = Pass::new(&app.access, &app.clock, &identity.user.id, identity.grant(), recheck.clone());
    pass.holds_until(recheck().await?);
    let chat = find_by_conversation(app.db.read(), conversation_id).await?.ok_or(HIDDEN)?;
    let grant = Grant::Community { user: identity.user.id.clone(), community: chat.community_id };
    pass.depends_on(&app.access, Some(grant));
    let seat = Seat::take(app, |app| &app.places, chat.community_id);
    let look = Listener { seat, identity: identity.clone(), conversation_id, known: None };
    Ok(Box::new(Looking { look, pass, poll: app.places.poll }))
}

const HIDDEN: Error = Error::NotFound("Conversation");

/// Until when the actor may read the chat, if they may.
async fn check(app: &App, identity: &Identity, conversation_id: Uuid) -> Result<Option<DateTime<Utc>>> {
    let target = Target::Conversation(conversation_id);
    let seat = conversations::find_readable(app, &identity.user, &target).await?;
    Ok(seat.ok_or(HIDDEN)?.valid_until)
}

struct Listener {
    seat: Seat,
    identity: Arc<Identity>,
    conversation_id: Uuid,
    /// What was told: how the chat stands, and the place.
    known: Option<(Status, Option<u64>)>,
}

impl Look for Listener {
    type Change = Place;

    fn bell(&self) -> Arc<Notify> {
        self.seat.bell.clone()
    }

    async fn look(&mut self) -> Result<Option<Place>> {
        let app = &self.seat.app;
        // Whoever was kept out meanwhile is told so now, and nothing else.
        check(app, &self.identity, self.conversation_id).await?;
        let db = app.db.read();
        let chat = find_by_conversation(db, self.conversation_id).await?.ok_or(HIDDEN)?;
        let position = queue::position(db, &chat).await?;
        let is = (chat.status, position);
        let was = self.known.replace(is);
        Ok((was != Some(is)).then_some(Place { chat, position }))
    }
}
