//! Batched loading of rows that several nouns share.

use std::collections::HashMap;

use entity::{participant, reaction, space, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    dataloader::{Loader, by_first},
    lists,
};
use crate::{
    app::App,
    domain::{
        PageRows, User, Window, blocks, communities,
        conversations::{
            self, ConversationScope, MessageRow, Person, ReactionCount, ReadRight, ReadableConversation,
            VisibleConversation,
        },
        spaces::{self, SpaceSession},
    },
    error::Result,
};

/// Loads users by id.
pub(super) struct Users;
/// Loads whether a user has a display name in some community.
pub(super) struct Aliased;
/// Loads users under their names in conversations.
pub(super) struct KnownIn;
/// Loads participants by session.
pub(super) struct Participants;
/// Loads spaces that the viewer, signed in or not, may see.
pub(super) struct Spaces;

/// Loads conversations that are visible to the viewer, by viewer and id.
pub(super) struct Conversations;
/// Loads conversations that the viewer may read, by viewer and target.
pub(super) struct ReadableAt;
/// Loads pages of messages in readable conversations, without totals.
pub(super) struct MessageParts;
/// Loads sessions of spaces that the viewer may see, by viewer and id.
pub(super) struct Sessions;
/// Loads pages of the sessions of visible spaces, with totals if requested.
pub(super) struct SessionParts;
/// Loads messages by their conversation, which may be read, and id.
pub(super) struct Messages;
/// Loads the newest message that the viewer can read. The caller has checked the right to read the
/// conversation.
pub(super) struct LastMessages;
/// Loads titles of conversations.
pub(super) struct Titles;
/// Loads the reactions to messages.
pub(super) struct Reactions;
/// Loads the viewer's own reactions to messages.
pub(super) struct OwnReactions;
/// Loads the first users who reacted to messages.
pub(super) struct Reactors;
/// Loads the viewer's read marks by conversation.
pub(super) struct ReadMarks;
/// Loads the viewer's number of unread messages by conversation.
pub(super) struct Unread;

/// Loads whether one user blocked another.
pub(super) struct Blocked;

/// Key of an object that belongs to one user: the user's id and the object's id.
pub(super) type Own = (String, Uuid);

impl Loader for Users {
    type Key = String;
    type Value = User;

    async fn load(app: &App, ids: &[String]) -> Result<HashMap<String, User>> {
        let rows = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(app.db.read()).await?;
        Ok(rows.into_iter().map(|user| (user.id.clone(), user)).collect())
    }
}

impl Loader for Aliased {
    type Key = String;
    type Value = ();

    async fn load(app: &App, ids: &[String]) -> Result<HashMap<String, ()>> {
        let rows = communities::list_aliased(app, ids).await?;
        Ok(rows.into_iter().map(|id| (id, ())).collect())
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
        let rows = spaces::list_participants(app, sessions, lists::PARTICIPANTS as u64).await?;
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

impl Loader for ReadableAt {
    type Key = (String, ConversationScope);
    type Value = ReadableConversation;

    async fn load(app: &App, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut found = HashMap::new();
        for (user, places) in by_first(keys) {
            let rows = conversations::list_readable_at(app, user, &places).await?;
            found.extend(rows.into_iter().map(|(place, row)| ((user.clone(), place), row)));
        }
        Ok(found)
    }
}

impl Loader for MessageParts {
    type Key = (Window, ReadRight);
    type Value = PageRows<MessageRow>;

    async fn load(app: &App, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut found = HashMap::new();
        for (window, readable) in by_first(keys) {
            let slices = conversations::list_messages(app, &readable, *window).await?;
            found.extend(slices.into_iter().map(|(right, slice)| ((*window, right), slice)));
        }
        Ok(found)
    }
}

impl Loader for Sessions {
    type Key = Own;
    type Value = SpaceSession;

    async fn load(app: &App, keys: &[Own]) -> Result<HashMap<Own, SpaceSession>> {
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = spaces::list_visible_sessions(app, user, &ids).await?;
            found.extend(rows.into_iter().map(|row| ((user.clone(), row.session.id), row)));
        }
        Ok(found)
    }
}

impl Loader for SessionParts {
    type Key = ((Window, bool), Uuid);
    type Value = PageRows<SpaceSession>;

    async fn load(app: &App, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut found = HashMap::new();
        for (part, ids) in by_first(keys) {
            let slices = spaces::list_recent_sessions(app, &ids, part.0, part.1).await?;
            found.extend(slices.into_iter().map(|(id, slice)| ((*part, id), slice)));
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

impl Loader for Reactors {
    type Key = Uuid;
    type Value = Vec<reaction::Model>;

    async fn load(app: &App, messages: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>> {
        let mut by_message: HashMap<Uuid, Self::Value> = HashMap::new();
        for row in conversations::list_reactors(app, messages).await? {
            by_message.entry(row.message_id).or_default().push(row);
        }
        Ok(by_message)
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

/// Groups keys by user, for one statement per user. An execution has one viewer.
fn by_user<T: Copy>(keys: &[(String, T)]) -> HashMap<&str, Vec<T>> {
    let mut by_user: HashMap<&str, Vec<T>> = HashMap::new();
    for (user, id) in keys {
        by_user.entry(user).or_default().push(*id);
    }
    by_user
}
