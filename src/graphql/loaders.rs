//! Rows that many fields of one answer ask for, loaded together.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_graphql::{
    dataloader::{DataLoader, Loader},
    futures_util::future::BoxFuture,
    runtime::{Timer, TokioSpawner},
};
use entity::{conversation, participant, space, user};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        self, Error, User, blocks,
        conversations::{self, MessageRow, ReactionCount},
        spaces,
    },
};

/// Loads people by id.
pub(super) struct Users(pub(super) App);
/// Loads who takes part, by session.
pub(super) struct Participants(pub(super) App);
/// Loads spaces by id.
pub(super) struct Spaces(pub(super) App);

/// Loads conversations by id.
pub(super) struct Conversations(pub(super) App);
/// Loads messages by id.
pub(super) struct Messages(pub(super) App);
/// Loads the newest message, by conversation.
pub(super) struct LastMessages(pub(super) App);
/// Loads what conversations are called.
pub(super) struct Titles(pub(super) App);
/// Loads the emoji on messages.
pub(super) struct Reactions(pub(super) App);
/// Loads somebody's own emoji on messages.
pub(super) struct OwnReactions(pub(super) App);
/// Loads how far somebody has read, by conversation.
pub(super) struct ReadMarks(pub(super) App);

/// Loads whether somebody blocked somebody else.
pub(super) struct Blocked(pub(super) App);

/// Something of somebody's: who, and on or in what.
pub(super) type Own = (String, Uuid);

/// A failure that every waiting field shares.
pub(super) type Shared = Arc<Error>;

impl Loader<String> for Users {
    type Value = User;
    type Error = Shared;

    async fn load(&self, ids: &[String]) -> Result<HashMap<String, User>, Shared> {
        let rows = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(self.0.db.read()).await;
        let rows = rows.map_err(|error| Arc::new(error.into()))?;
        Ok(rows.into_iter().map(|user| (user.id.clone(), user)).collect())
    }
}

impl Loader<Uuid> for Participants {
    type Value = Vec<(participant::Model, Option<User>)>;
    type Error = Shared;

    async fn load(&self, sessions: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Shared> {
        let rows = spaces::list_participants(&self.0, sessions).await.map_err(Arc::new)?;
        let mut by_session: HashMap<Uuid, Self::Value> = HashMap::new();
        for row in rows {
            by_session.entry(row.0.session_id).or_default().push(row);
        }
        Ok(by_session)
    }
}

impl Loader<Uuid> for Spaces {
    type Value = space::Model;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, space::Model>, Shared> {
        let rows = spaces::list_by_ids(&self.0, ids).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|space| (space.id, space)).collect())
    }
}

impl Loader<Uuid> for Conversations {
    type Value = conversation::Model;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, conversation::Model>, Shared> {
        let rows = conversations::list_by_id(&self.0, ids).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<Uuid> for Messages {
    type Value = MessageRow;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, MessageRow>, Shared> {
        let rows = conversations::list_messages_by_id(&self.0, ids).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| (row.message.id, row)).collect())
    }
}

impl Loader<Uuid> for LastMessages {
    type Value = MessageRow;
    type Error = Shared;

    async fn load(&self, conversations: &[Uuid]) -> Result<HashMap<Uuid, MessageRow>, Shared> {
        let rows = conversations::list_last(&self.0, conversations).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| (row.message.conversation_id, row)).collect())
    }
}

impl Loader<Uuid> for Titles {
    type Value = String;
    type Error = Shared;

    async fn load(&self, conversations: &[Uuid]) -> Result<HashMap<Uuid, String>, Shared> {
        let rows = conversations::list_titles(&self.0, conversations).await.map_err(Arc::new)?;
        Ok(rows.into_iter().collect())
    }
}

impl Loader<Uuid> for Reactions {
    type Value = Vec<ReactionCount>;
    type Error = Shared;

    async fn load(&self, messages: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Shared> {
        let rows = conversations::list_reactions(&self.0, messages).await.map_err(Arc::new)?;
        let mut by_message: HashMap<Uuid, Self::Value> = HashMap::new();
        for row in rows {
            by_message.entry(row.message_id).or_default().push(row);
        }
        Ok(by_message)
    }
}

impl Loader<Own> for OwnReactions {
    type Value = Vec<String>;
    type Error = Shared;

    async fn load(&self, keys: &[Own]) -> Result<HashMap<Own, Self::Value>, Shared> {
        let mut own: HashMap<Own, Self::Value> = HashMap::new();
        for (user, messages) in by_user(keys) {
            let rows = conversations::list_own_reactions(&self.0, user, &messages).await.map_err(Arc::new)?;
            for (message, emoji) in rows {
                own.entry((user.to_owned(), message)).or_default().push(emoji);
            }
        }
        Ok(own)
    }
}

impl Loader<Own> for ReadMarks {
    type Value = i64;
    type Error = Shared;

    async fn load(&self, keys: &[Own]) -> Result<HashMap<Own, i64>, Shared> {
        let mut marks = HashMap::new();
        for (user, ids) in by_user(keys) {
            let rows = conversations::list_read_marks(&self.0, user, &ids).await.map_err(Arc::new)?;
            marks.extend(rows.into_iter().map(|row| ((row.user_id, row.conversation_id), row.number)));
        }
        Ok(marks)
    }
}

impl Loader<(String, String)> for Blocked {
    type Value = ();
    type Error = Shared;

    async fn load(&self, pairs: &[(String, String)]) -> Result<HashMap<(String, String), ()>, Shared> {
        let mut people: HashMap<&str, Vec<String>> = HashMap::new();
        for (viewer, author) in pairs {
            people.entry(viewer).or_default().push(author.clone());
        }
        let mut blocked = HashMap::new();
        for (viewer, authors) in people {
            let found = blocks::list_blocked(&self.0, viewer, &authors).await.map_err(Arc::new)?;
            blocked.extend(found.into_iter().map(|author| ((viewer.to_owned(), author), ())));
        }
        Ok(blocked)
    }
}

/// Requests of several people may be loaded together: a statement for each of them.
fn by_user(keys: &[Own]) -> HashMap<&str, Vec<Uuid>> {
    let mut by_user: HashMap<&str, Vec<Uuid>> = HashMap::new();
    for (user, id) in keys {
        by_user.entry(user).or_default().push(*id);
    }
    by_user
}

/// A loader that collects what is asked for until every ready field has asked.
pub(super) fn batched<L>(loader: L) -> DataLoader<L> {
    DataLoader::new(loader, TokioSpawner::current(), NextTurn)
}

/// What a loader failed with, as the domain says it.
pub(super) fn failed(error: &Shared) -> domain::Error {
    Error::Internal(anyhow::anyhow!("{error}: {:#}", anyhow::Error::msg(format!("{error:?}"))))
}

/// Collects what is asked for until every ready field has asked, instead of for a millisecond.
struct NextTurn;

impl Timer for NextTurn {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        tokio::task::yield_now().boxed()
    }
}
