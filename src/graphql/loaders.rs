//! Rows that many fields of one answer ask for, loaded together.

use std::collections::HashMap;

use entity::{conversation, participant, space, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        Result, User, blocks,
        conversations::{self, MessageRow, ReactionCount},
        spaces,
    },
    graphql::dataloader::Loader,
};

/// Loads people by id.
pub(super) struct Users;
/// Loads who takes part, by session.
pub(super) struct Participants;
/// Loads spaces by id.
pub(super) struct Spaces;

/// Loads conversations by id.
pub(super) struct Conversations;
/// Loads messages by id.
pub(super) struct Messages;
/// Loads the newest message, by conversation.
pub(super) struct LastMessages;
/// Loads what conversations are called.
pub(super) struct Titles;
/// Loads the emoji on messages.
pub(super) struct Reactions;
/// Loads somebody's own emoji on messages.
pub(super) struct OwnReactions;
/// Loads how far somebody has read, by conversation.
pub(super) struct ReadMarks;

/// Loads whether somebody blocked somebody else.
pub(super) struct Blocked;

/// Something of somebody's: who, and on or in what.
pub(super) type Own = (String, Uuid);

impl Loader for Users {
    type Key = String;
    type Value = User;

    async fn load(app: &App, ids: &[String]) -> Result<HashMap<String, User>> {
        let rows = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(app.db.read()).await?;
        Ok(rows.into_iter().map(|user| (user.id.clone(), user)).collect())
    }
}

impl Loader for Participants {
    type Key = Uuid;
    type Value = Vec<(participant::Model, Option<User>)>;

    async fn load(app: &App, sessions: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>> {
        let rows = spaces::list_participants(app, sessions).await?;
        let mut by_session: HashMap<Uuid, Self::Value> = HashMap::new();
        for row in rows {
            by_session.entry(row.0.session_id).or_default().push(row);
        }
        Ok(by_session)
    }
}

impl Loader for Spaces {
    type Key = Uuid;
    type Value = space::Model;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, space::Model>> {
        let rows = spaces::list_by_ids(app, ids).await?;
        Ok(rows.into_iter().map(|space| (space.id, space)).collect())
    }
}

impl Loader for Conversations {
    type Key = Uuid;
    type Value = conversation::Model;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, conversation::Model>> {
        let rows = conversations::list_by_id(app, ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader for Messages {
    type Key = Uuid;
    type Value = MessageRow;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, MessageRow>> {
        let rows = conversations::list_messages_by_id(app, ids).await?;
        Ok(rows.into_iter().map(|row| (row.message.id, row)).collect())
    }
}

impl Loader for LastMessages {
    type Key = Uuid;
    type Value = MessageRow;

    async fn load(app: &App, conversations: &[Uuid]) -> Result<HashMap<Uuid, MessageRow>> {
        let rows = conversations::list_last(app, conversations).await?;
        Ok(rows.into_iter().map(|row| (row.message.conversation_id, row)).collect())
    }
}

impl Loader for Titles {
    type Key = Uuid;
    type Value = String;

    async fn load(app: &App, conversations: &[Uuid]) -> Result<HashMap<Uuid, String>> {
        let rows = conversations::list_titles(app, conversations).await?;
        Ok(rows.into_iter().collect())
    }
}

impl Loader for Reactions {
    type Key = Uuid;
    type Value = Vec<ReactionCount>;

    async fn load(app: &App, messages: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>> {
        let rows = conversations::list_reactions(app, messages).await?;
        let mut by_message: HashMap<Uuid, Self::Value> = HashMap::new();
        for row in rows {
            by_message.entry(row.message_id).or_default().push(row);
        }
        Ok(by_message)
    }
}

impl Loader for OwnReactions {
    type Key = Own;
    type Value = Vec<String>;

    async fn load(app: &App, keys: &[Own]) -> Result<HashMap<Own, Self::Value>> {
        let mut own: HashMap<Own, Self::Value> = HashMap::new();
        for (user, messages) in by_user(keys) {
            let rows = conversations::list_own_reactions(app, user, &messages).await?;
            for (message, emoji) in rows {
                own.entry((user.to_owned(), message)).or_default().push(emoji);
            }
        }
        Ok(own)
    }
}

impl Loader for ReadMarks {
    type Key = Own;
    type Value = i64;

    async fn load(app: &App, keys: &[Own]) -> Result<HashMap<Own, i64>> {
        let mut marks = HashMap::new();
        for (user, ids) in by_user(keys) {
            let rows = conversations::list_read_marks(app, user, &ids).await?;
            marks.extend(rows.into_iter().map(|row| ((row.user_id, row.conversation_id), row.number)));
        }
        Ok(marks)
    }
}

impl Loader for Blocked {
    type Key = (String, String);
    type Value = ();

    async fn load(app: &App, pairs: &[(String, String)]) -> Result<HashMap<(String, String), ()>> {
        let mut people: HashMap<&str, Vec<String>> = HashMap::new();
        for (viewer, author) in pairs {
            people.entry(viewer).or_default().push(author.clone());
        }
        let mut blocked = HashMap::new();
        for (viewer, authors) in people {
            let found = blocks::list_blocked(app, viewer, &authors).await?;
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
