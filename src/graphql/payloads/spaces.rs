//! Results of the mutations of spaces and their sessions.

use async_graphql::{ID, SimpleObject};

use super::payloads;
use crate::graphql::spaces::{
    Space,
    sessions::{Participant, SpaceSession},
};

payloads! {
    CreateSpacePayload of "createSpace" {
        /// The new space.
        space: Space,
    }
    UpdateSpacePayload of "updateSpace" {
        /// The changed space.
        space: Space,
    }
    DeleteSpacePayload of "deleteSpace" {
        /// Id of the deleted space.
        deleted_id: ID,
    }
    InviteToSpacePayload of "inviteToSpace" {
        /// The space that the user may see now.
        space: Space,
    }
    RemoveFromSpacePayload of "removeFromSpace" {
        /// The space without the user.
        space: Space,
    }
    OpenSpaceSessionPayload of "openSpaceSession" {
        /// The new session.
        space_session: SpaceSession,
    }
    JoinSpaceSessionPayload of "joinSpaceSession" {
        /// The viewer's participation, connected.
        participant: Participant,
        /// True when the viewer joined for the first time; false when they reconnected.
        is_new: bool,
    }
    LeaveSpaceSessionPayload of "leaveSpaceSession" {
        /// The viewer's participation, no longer connected.
        participant: Participant,
    }
    UpdateSpaceSessionPayload of "updateSpaceSession" {
        /// The changed session.
        space_session: SpaceSession,
    }
    RemoveFromSpaceSessionPayload of "removeFromSpaceSession" {
        /// The session without the user.
        space_session: SpaceSession,
    }
}
