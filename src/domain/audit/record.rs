//! Writing down what was done, in the transaction in which it was done.

use entity::audit_event;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Action;
use crate::{
    app::App,
    database::Transaction,
    domain::{Result, User},
};

/// What was done, as a verb says it in one line.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    action: Action,
    actor: Option<&'a str>,
    community: Option<Uuid>,
    user: Option<&'a str>,
    subject: Option<String>,
    details: Value,
}

impl<'a> Deed<'a> {
    /// Somebody did this.
    pub fn of(actor: &'a User, action: Action) -> Self {
        Self { actor: Some(&actor.id), ..Self::of_operator(action) }
    }

    /// The operator did this, by a command.
    pub fn of_operator(action: Action) -> Self {
        Self { action, actor: None, community: None, user: None, subject: None, details: json!({}) }
    }

    /// In this community, if in any.
    pub fn within(self, community: impl Into<Option<Uuid>>) -> Self {
        Self { community: community.into(), ..self }
    }

    /// To this person, if to anybody.
    pub fn to(self, user: impl Into<Option<&'a str>>) -> Self {
        Self { user: user.into(), ..self }
    }

    /// To the thing with this id, where that is neither the community nor the person.
    pub fn on(self, subject: Uuid) -> Self {
        Self { subject: Some(subject.to_string()), ..self }
    }

    /// With this beside it, an object: no secret, and nothing that somebody said in a conversation.
    pub fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }
}

/// Writes a deed down: it stays if, and only if, what was done does.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub(in crate::domain) async fn record(app: &App, tx: &Transaction, deed: Deed<'_>) -> Result<()> {
    let row = audit_event::ActiveModel {
        id: Set(app.new_id()?),
        action: Set(deed.action),
        actor_id: Set(deed.actor.map(str::to_owned)),
        community_id: Set(deed.community),
        user_id: Set(deed.user.map(str::to_owned)),
        subject_id: Set(deed.subject),
        details: Set(deed.details),
        created_at: Set(app.clock.now()),
    };
    row.insert(tx).await?;
    Ok(())
}
