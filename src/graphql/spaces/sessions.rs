//! Sessions of spaces and who takes part in them.

use async_graphql::{Context, Enum, ID, InputObject, Json, Object, SimpleObject};
use entity::{participant, space_session};
use serde_json::Value;

use crate::{
    domain::{
        self, Cursor, Error, Result, Slice,
        conversations::{self, Target},
        spaces::{self, Join, SessionChange},
    },
    graphql::{
        Coins, DateTime,
        context::{Asked, uuid},
        conversations::Conversation,
        lists,
        loaders::{Participants, Spaces},
        paging::{Connection, Node},
        spaces::Space,
        users::User,
    },
};

/// States of a session: `WAITING`, then `ACTIVE` and `PAUSED` alternately, finally `FINISHED` or `CANCELLED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "space_session::Status")]
pub(in crate::graphql) enum SpaceSessionStatus {
    /// Open, not started yet.
    Waiting,
    /// The session is running.
    Active,
    /// Interrupted; may continue.
    Paused,
    /// The session ended normally.
    Finished,
    /// The session was abandoned.
    Cancelled,
}

/// Who decides a participant's moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "participant::ControlMode")]
pub(in crate::graphql) enum ControlMode {
    /// An agent decides.
    Agent,
    /// The person decides.
    Human,
    /// The person, with an agent's help.
    Copilot,
}

/// One run of a space's app.
pub(in crate::graphql) struct SpaceSession(pub(in crate::graphql) spaces::SpaceSession);

impl SpaceSession {
    pub(in crate::graphql) fn connection(slice: Slice<spaces::SpaceSession>) -> Connection<Self> {
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(Self).collect();
        Connection(Slice { rows, window, more_after, more_before, total })
    }
}

impl Node for SpaceSession {
    const NAME: &'static str = "SpaceSession";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.session.created_at, id: self.0.session.id }
    }
}

/// One run of a space's app.
#[Object]
impl SpaceSession {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.0.session.id.into()
    }

    /// Id of the space.
    async fn space_id(&self) -> ID {
        self.0.session.space_id.into()
    }

    /// Id of the space.
    async fn space(&self, ctx: &Context<'_>) -> Result<Space> {
        let viewer = ctx.viewer()?.find_user().map(|user| user.id.clone());
        let space = ctx.load::<Spaces>((viewer, self.0.session.space_id)).await?;
        Ok(Space::new((space.ok_or(Error::NotFound("Space"))?, None)))
    }

    /// The chat of the session; null when the viewer may not read it.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Option<Conversation>> {
        let target = Target::Session(self.0.session.id);
        let seat = conversations::find_readable(ctx.app()?, ctx.user()?, &target).await?;
        Ok(seat.map(|seat| seat.into_readable().into()))
    }

    /// Current state of the session.
    async fn status(&self) -> SpaceSessionStatus {
        self.0.session.status.into()
    }

    /// State of the app, as JSON.
    async fn state(&self) -> Json<Value> {
        Json(self.0.session.state.clone())
    }

    /// How often the state was written; send it back as `expectedVersion`.
    async fn version(&self) -> i64 {
        self.0.session.version
    }

    /// The app's own name for the current phase; null when unset.
    async fn current_phase(&self) -> Option<&str> {
        self.0.session.current_phase.as_deref()
    }

    /// Prize of the session in coins.
    async fn prize_pool(&self) -> Coins {
        Coins(self.0.session.prize_pool)
    }

    /// When it first became active.
    async fn started_at(&self) -> Option<DateTime> {
        self.0.session.started_at.map(DateTime)
    }

    /// When it was finished or cancelled.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.session.finished_at.map(DateTime)
    }

    /// Time when the session was opened.
    async fn created_at(&self) -> DateTime {
        self.0.session.created_at.into()
    }

    /// Number of connected participants.
    async fn participant_count(&self) -> i64 {
        self.0.participant_count
    }

    /// Who takes or took part, in the order they joined; the first 100.
    async fn participants(&self, ctx: &Context<'_>) -> Result<Vec<Participant>> {
        let rows = ctx.load::<Participants>(self.0.session.id).await?;
        let rows = rows.unwrap_or_default().into_iter().take(lists::PARTICIPANTS);
        Ok(rows.map(|(row, user)| Participant { row, user }).collect())
    }
}

/// A person's part in one session.
pub(in crate::graphql) struct Participant {
    row: participant::Model,
    user: Option<domain::User>,
}

/// A person's part in one session.
#[Object]
impl Participant {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The user concerned.
    async fn user(&self) -> User {
        User::maybe(self.row.user_id.clone(), self.user.clone())
    }

    /// The agent that plays for them, if one does.
    async fn agent_id(&self) -> Option<ID> {
        self.row.agent_id.map(ID::from)
    }

    /// The participant's role in the session.
    async fn role(&self) -> &str {
        &self.row.role
    }

    /// Who decides the participant's moves.
    async fn control_mode(&self) -> ControlMode {
        self.row.control_mode.into()
    }

    /// Whether they are there now.
    async fn is_connected(&self) -> bool {
        self.row.is_connected
    }

    /// When they first joined.
    async fn joined_at(&self) -> DateTime {
        self.row.joined_at.into()
    }
}

/// A session to be opened.
#[derive(InputObject)]
pub(in crate::graphql) struct OpenSpaceSessionInput {
    /// Id of the space to open the session in.
    space_id: ID,
}

/// How to join a session.
#[derive(InputObject)]
pub(in crate::graphql) struct JoinSpaceSessionInput {
    /// Id of the space session.
    session_id: ID,
    /// The space it belongs to; another one is refused.
    space_id: Option<ID>,
    /// The agent that plays for the viewer; it must be their own.
    agent_id: Option<String>,
    /// The participant's role in the session (default `player`).
    role: Option<String>,
    /// Who decides the participant's moves (default `HUMAN`).
    control_mode: Option<ControlMode>,
}

/// Which session to leave.
#[derive(InputObject)]
pub(in crate::graphql) struct LeaveSpaceSessionInput {
    /// Id of the space session.
    session_id: ID,
    /// The space it belongs to; another one is refused.
    space_id: Option<ID>,
}

/// Somebody to be removed from a session.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveFromSpaceSessionInput {
    /// Id of the space session.
    session_id: ID,
    /// Who takes part in it no longer.
    user_id: ID,
}

/// Changes to a session; absent leaves a part as it is.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateSpaceSessionInput {
    /// Id of the space session.
    session_id: ID,
    /// The app's own state, an object of at most 64 KiB.
    state: Option<Json<Value>>,
    /// The version that was read; when another one is stored the change is refused with `VERSION_CONFLICT`.
    expected_version: Option<i64>,
    /// The app's own name for the current phase, at most 100 characters.
    phase: Option<String>,
    /// Where in its life it goes.
    status: Option<SpaceSessionStatus>,
}

/// Result of `joinSpaceSession`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct JoinSpaceSessionPayload {
    /// The viewer's participant, connected.
    participant: Participant,
    /// False when they had taken part before.
    created: bool,
}

/// Queries about sessions of spaces.
#[derive(Default)]
pub(in crate::graphql) struct SpaceSessionQuery;

#[Object]
impl SpaceSessionQuery {
    /// Finds a session of a space that the viewer may see. Returns null otherwise.
    async fn space_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space session.")] id: ID,
    ) -> Result<Option<SpaceSession>> {
        Ok(spaces::find_session(ctx.app()?, ctx.user()?, uuid("id", &id)?).await?.map(SpaceSession))
    }

    /// Lists the sessions of a space that the viewer may see, newest first (at most 1000).
    async fn space_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space.")] space_id: ID,
    ) -> Result<Vec<SpaceSession>> {
        let space = uuid("spaceId", &space_id)?;
        let slice = spaces::list_sessions(ctx.app()?, ctx.user()?, space).await?;
        Ok(slice.rows.into_iter().map(SpaceSession).collect())
    }
}

/// What can be done with sessions of spaces.
#[derive(Default)]
pub(in crate::graphql) struct SpaceSessionMutation;

#[Object]
impl SpaceSessionMutation {
    /// Opens a session in a space; the viewer takes part at once.
    async fn open_space_session(
        &self,
        ctx: &Context<'_>,
        input: OpenSpaceSessionInput,
    ) -> Result<SpaceSession> {
        let space = uuid("spaceId", &input.space_id)?;
        spaces::open_session(ctx.app()?, ctx.user()?, space).await.map(SpaceSession)
    }

    /// Joins a session; joining again reconnects.
    async fn join_space_session(
        &self,
        ctx: &Context<'_>,
        input: JoinSpaceSessionInput,
    ) -> Result<JoinSpaceSessionPayload> {
        let user = ctx.user()?;
        let space = input.space_id.as_ref().map(|id| uuid("spaceId", id)).transpose()?;
        let session = uuid("sessionId", &input.session_id)?;
        let join = Join {
            agent_id: input.agent_id,
            role: input.role,
            control_mode: input.control_mode.map(Into::into),
        };
        let joined = spaces::join(ctx.app()?, user, space, session, join).await?;
        let participant = Participant { row: joined.participant, user: Some(user.clone()) };
        Ok(JoinSpaceSessionPayload { participant, created: joined.created })
    }

    /// Leaves a session; leaving again changes nothing.
    async fn leave_space_session(
        &self,
        ctx: &Context<'_>,
        input: LeaveSpaceSessionInput,
    ) -> Result<Participant> {
        let user = ctx.user()?;
        let space = input.space_id.as_ref().map(|id| uuid("spaceId", id)).transpose()?;
        let session = uuid("sessionId", &input.session_id)?;
        let row = spaces::leave(ctx.app()?, user, space, session).await?;
        Ok(Participant { row, user: Some(user.clone()) })
    }

    /// Updates state, phase or status of a session if its version still equals `expectedVersion`. Owner of the space
    /// and participants only.
    async fn update_space_session(
        &self,
        ctx: &Context<'_>,
        input: UpdateSpaceSessionInput,
    ) -> Result<SpaceSession> {
        let change = SessionChange {
            state: input.state.map(|state| state.0),
            expected_version: input.expected_version,
            phase: input.phase,
            status: input.status.map(Into::into),
        };
        let session = uuid("sessionId", &input.session_id)?;
        spaces::update_session(ctx.app()?, ctx.user()?, session, change).await.map(SpaceSession)
    }
    /// Ends somebody's part in a session; where they see the space no more, what they listen to there ends. The space's
    /// owner only.
    async fn remove_from_space_session(
        &self,
        ctx: &Context<'_>,
        input: RemoveFromSpaceSessionInput,
    ) -> Result<SpaceSession> {
        let id = uuid("sessionId", &input.session_id)?;
        spaces::remove_from_session(ctx.app()?, ctx.user()?, id, &input.user_id).await.map(SpaceSession)
    }
}
