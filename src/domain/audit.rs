//! The audit log: actions of privileged users on others, recorded in the transaction of the action. Append-only.

use entity::audit_event;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use uuid::Uuid;

pub use entity::audit_event::Action;

use crate::{app::App, database::Transaction, domain::User, error::Result};

/// An audit entry, built in one expression.
#[derive(Clone, Debug)]
pub struct AuditEntry<'a> {
    action: Action,
    actor: Option<&'a str>,
    community: Option<Uuid>,
    user: Option<&'a str>,
    subject: Option<String>,
    details: Value,
}

impl<'a> AuditEntry<'a> {
    /// An action by a user.
    pub fn of(actor: &'a User, action: Action) -> Self {
        Self { actor: Some(&actor.id), ..Self::of_operator(action) }
    }

    /// An action by the operator, on the command line.
    pub fn of_operator(action: Action) -> Self {
        Self { action, actor: None, community: None, user: None, subject: None, details: json!({}) }
    }

    /// Sets the community, if any.
    pub fn within(self, community: impl Into<Option<Uuid>>) -> Self {
        Self { community: community.into(), ..self }
    }

    /// Sets the user concerned, if any.
    pub fn to(self, user: impl Into<Option<&'a str>>) -> Self {
        Self { user: user.into(), ..self }
    }

    /// Sets the object concerned, if it is neither the community nor a user.
    pub fn on(self, subject: Uuid) -> Self {
        Self { subject: Some(subject.to_string()), ..self }
    }

    /// Sets the details, a JSON object without secrets and without message texts.
    pub fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }
}

/// Inserts an audit entry; it is committed together with the action.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub(in crate::domain) async fn record(app: &App, tx: &Transaction, entry: AuditEntry<'_>) -> Result<()> {
    let row = audit_event::ActiveModel {
        id: Set(app.new_id()?),
        action: Set(entry.action),
        actor_id: Set(entry.actor.map(str::to_owned)),
        community_id: Set(entry.community),
        user_id: Set(entry.user.map(str::to_owned)),
        subject_id: Set(entry.subject),
        details: Set(entry.details),
        created_at: Set(app.clock.now()),
    };
    row.insert(tx).await?;
    Ok(())
}
