//! Rows that many fields of one answer ask for, loaded together.

use std::collections::HashMap;

use entity::{participant, space, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        Result, User, blocks,
        conversations::{self, MessageRow, Person, ReactionCount, ReadRight, VisibleConversation},
        spaces,
    },
    graphql::{communities::loaders::by_first, dataloader::Loader},
};

/// Loads people by id.
pub(super) struct Users;
/// Loads people as they are known in conversations.
pub(super) struct KnownIn;
/// Loads who takes part, by session.
pub(super) struct Participants;
/// Loads spaces that somebody, or who is not signed in, may see.
pub(super) struct Spaces;

/// Loads conversations that somebody may know of, by who asks and id.
pub(super) struct Conversations;
/// Loads messages by their conversation, which may be read, and id.
pub(super) struct Messages;
/// Loads the newest message that somebody can still read, by a conversation that they may read.
pub(super) struct LastMessages;
/// Loads what conversations are called.
pub(super) struct Titles;
/// Loads the emoji on messages.
pub(super) struct Reactions;
/// Loads somebody's own emoji on messages.
pub(super) struct OwnReactions;
/// Loads how far somebody has read, by conversation.
pub(super) struct ReadMarks;
/// Loads how many messages somebody has not read and can still read, by conversation.
pub(super) struct Unread;

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

impl Loader for KnownIn {
    type Key = (Uuid, String);
    type Value = Person;

    async fn load(app: &App, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Person>> {
        let known = conversations::list_known(app, keys).await?;
        Ok(known.into_iter().map(|(place, person)| ((place, person.id.clone()), person)).collect())
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
    type Key = (Option<String>, Uuid);
    type Value = space::Model;

    async fn load(app: &App, keys: &[Self::Key]) -> Result<HashMap<Self::Key, space::Model>> {
        let mut found = HashMap::new();
        for (viewer, ids) in by_first(keys) {
            let rows = spaces::list_visible(app, viewer.as_deref(), &ids).await?;
            found.extend(rows.into_iter().map(|space| ((viewer.clone(), space.id), space)));
        }
        Ok(found)
    }
}

impl Loader for Conversations {
    type Key = Own;
    type Value = VisibleConversation;

    async fn load(app: &App, keys: &[Own]) -> Result<HashMap<Own, VisibleConversation>> {
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = conversations::list_visible(app, user, &ids).await?;
            found.extend(rows.into_iter().map(|row| ((user.clone(), row.id), row)));
        }
        Ok(found)
    }
}

impl Loader for Messages {
    type Key = (ReadRight, Uuid);
    type Value = MessageRow;

    async fn load(app: &App, keys: &[Self::Key]) -> Result<HashMap<Self::Key, MessageRow>> {
        let rows = conversations::list_messages_in(app, keys).await?;
        Ok(rows.into_iter().map(|row| ((row.right(), row.message.id), row)).collect())
    }
}

impl Loader for LastMessages {
    type Key = (String, ReadRight);
    type Value = MessageRow;

    async fn load(
        app: &App,
        keys: &[(String, ReadRight)],
    ) -> Result<HashMap<(String, ReadRight), MessageRow>> {
        let mut last = HashMap::new();
        for (user, readable) in by_user(keys) {
            let rows = conversations::list_last(app, user, &readable).await?;
            last.extend(rows.into_iter().map(|row| ((user.to_owned(), row.right()), row)));
        }
        Ok(last)
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

impl Loader for Unread {
    type Key = (String, ReadRight);
    type Value = i64;

    async fn load(app: &App, keys: &[(String, ReadRight)]) -> Result<HashMap<(String, ReadRight), i64>> {
        let mut unread = HashMap::new();
        for (user, readable) in by_user(keys) {
            let rows = conversations::list_unread(app, user, &readable).await?;
            unread.extend(rows.into_iter().map(|(right, count)| ((user.to_owned(), right), count)));
        }
        Ok(unread)
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

/// The keys of each person: a statement for each of them. An execution has one viewer.
fn by_user<T: Copy>(keys: &[(String, T)]) -> HashMap<&str, Vec<T>> {
    let mut by_user: HashMap<&str, Vec<T>> = HashMap::new();
    for (user, id) in keys {
        by_user.entry(user).or_default().push(*id);
    }
    by_user
}
