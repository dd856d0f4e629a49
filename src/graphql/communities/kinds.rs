//! The three kinds of community and what they have in common; what only one kind has is a part of its own beside the core.

use std::ops::Deref;

use async_graphql::{Context, ID, Interface, MergedObject};
use entity::community;
use uuid::Uuid;

use crate::{
    domain::{Cursor, Result, Slice, communities::CommunityRow},
    graphql::{
        Coins, DateTime,
        agents::CommunityAgent,
        communities::{
            CommunityCore, CommunityKind, CommunityStatus, CsMode,
            loaders::{Communities, Seer},
            memberships::{MemberRole, Membership},
            moderation::Ban,
        },
        context::Asked,
        conversations::Conversation,
        lounges::LoungePart,
        paging::{Connection, Node},
        support::official::OfficialSupport,
        users::User,
        verification::OfficialVerification,
    },
};

/// A kind is the core and, where it has fields that the others have not, the parts that are named behind it.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident($($part:ty),*);)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(MergedObject)]
            pub(in crate::graphql) struct $kind(CommunityCore $(, $part)*);

            impl Deref for $kind {
                type Target = CommunityCore;

                fn deref(&self) -> &CommunityCore {
                    &self.0
                }
            }
        )+
    };
}

kinds! {
    /// A community of people who share an interest.
    Club();
    /// A business with its customers.
    OfficialAccount(OfficialVerification, OfficialSupport);
    /// A creator with a voice agent.
    Lounge(LoungePart);
}

/// A club, an official account or a lounge: an organisation with members and a room.
#[derive(Interface)]
#[expect(clippy::duplicated_attributes, reason = "fields of one type are no duplicates")]
#[graphql(
    field(name = "id", ty = "ID", desc = "Unique id of the object (UUID)."),
    field(
        name = "creator",
        ty = "User",
        desc = "The account that runs the community, under its account name."
    ),
    field(name = "name", ty = "String", desc = "Display name, 1 to 100 characters."),
    field(
        name = "description",
        ty = "Option<String>",
        desc = "Description of the community; null when none is set."
    ),
    field(name = "kind", ty = "CommunityKind", desc = "Which of the three it is."),
    field(name = "join_fee", ty = "Coins", desc = "Whole coins for coming in."),
    field(name = "monthly_fee", ty = "Coins", desc = "Whole coins for 30 days; 0 for ever."),
    field(name = "agent_call_fee", ty = "Coins", desc = "Whole coins for each question to an agent."),
    field(
        name = "agent_mentions",
        ty = "bool",
        desc = "Whether `@name` in a message asks the agent of that name, for `agentCallFee`."
    ),
    field(
        name = "status",
        ty = "CommunityStatus",
        desc = "Whether the community is open, suspended or archived."
    ),
    field(
        name = "member_count",
        ty = "i64",
        desc = "Number of members, including those whose membership expired and excluding banned users."
    ),
    field(name = "avatar_url", ty = "Option<String>", desc = "URL of the picture; null when none is set."),
    field(name = "cover_image_url", ty = "Option<String>", desc = "URL of the picture across its page."),
    field(name = "category", ty = "Option<String>", desc = "A slug such as `board_game`."),
    field(
        name = "tags",
        ty = "Option<Vec<String>>",
        desc = "Words to find it by; null where none were given."
    ),
    field(
        name = "verified",
        ty = "bool",
        desc = "True when the platform verified the identity of the community."
    ),
    field(name = "cs_mode", ty = "CsMode", desc = "Who answers the customers of the community."),
    field(
        name = "default_agent_listing_id",
        ty = "Option<ID>",
        desc = "The agent that answers its customers first."
    ),
    field(name = "created_at", ty = "DateTime", desc = "Time of creation."),
    field(name = "updated_at", ty = "DateTime", desc = "Time of the last change."),
    field(
        name = "agents",
        ty = "Vec<CommunityAgent>",
        desc = "The agents that can be asked in it, in the order they were added."
    ),
    field(
        name = "members",
        ty = "Connection<Membership>",
        desc = "The members: creator, then moderators, then the others by time of joining. Page by cursor or by number.",
        arg(name = "role", ty = "Option<MemberRole>", desc = "Only members of this role."),
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "Returns the first n items (default 20, maximum 50)."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Returns the items after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "Returns the last n items (maximum 50)."),
        arg(name = "before", ty = "Option<String>", desc = "Returns the items before this cursor."),
        arg(name = "page", ty = "Option<i32>", desc = "The page's number, from 1."),
        arg(name = "limit", ty = "Option<i32>", desc = "Items per page (default 20, maximum 50).")
    ),
    field(
        name = "viewer_membership",
        ty = "Option<Membership>",
        desc = "The viewer's membership; null when the viewer is not a member."
    ),
    field(
        name = "conversation",
        ty = "Option<Conversation>",
        desc = "Its room, for members; null for others."
    ),
    field(
        name = "monthly_revenue",
        ty = "Option<Coins>",
        desc = "Whole coins that its creator got from its members' fees in the last 30 days; null to others."
    ),
    field(
        name = "bans",
        ty = "Connection<Ban>",
        desc = "Banned users, newest ban first. Visible to the creator and moderators.",
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "Returns the first n items (default 20, maximum 50)."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Returns the items after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "Returns the last n items (maximum 50)."),
        arg(name = "before", ty = "Option<String>", desc = "Returns the items before this cursor.")
    )
)]
pub(in crate::graphql) enum Community {
    /// A club.
    Club(Club),
    /// Id of the official account.
    OfficialAccount(OfficialAccount),
    /// A lounge's subscription.
    Lounge(Lounge),
}

impl Community {
    pub(in crate::graphql) fn new((row, creator): CommunityRow) -> Self {
        let kind = row.kind;
        let core = CommunityCore { row, creator };
        match kind {
            community::Kind::Club => Self::Club(Club(core)),
            community::Kind::Official => {
                let verification = OfficialVerification::of(&core.row);
                let support = OfficialSupport::of(&core.row);
                Self::OfficialAccount(OfficialAccount(core, verification, support))
            }
            community::Kind::Lounge => Self::Lounge(Lounge::of(core)),
        }
    }

    /// A community that something refers to; `None` where the viewer may not see it. Administrators see all.
    pub(in crate::graphql) async fn find(ctx: &Context<'_>, id: Uuid) -> Result<Option<Self>> {
        let viewer = ctx.viewer()?;
        let seer = match viewer.find_user() {
            Some(user) if user.is_admin => Seer::Administrator,
            Some(user) => Seer::Account(user.id.clone()),
            None => Seer::Anybody,
        };
        let row = ctx.load::<Communities>((seer, id)).await?;
        Ok(row.map(|row| Self::new((row, None))))
    }

    pub(in crate::graphql) fn connection(slice: Slice<CommunityRow>) -> Connection<Self> {
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(Self::new).collect();
        Connection(Slice { rows, window, more_after, more_before, total })
    }

    pub(in crate::graphql) fn list(rows: Vec<community::Model>) -> Vec<Self> {
        rows.into_iter().map(|row| Self::new((row, None))).collect()
    }

    fn core(&self) -> &CommunityCore {
        match self {
            Self::Club(club) => club,
            Self::OfficialAccount(account) => account,
            Self::Lounge(lounge) => lounge,
        }
    }
}

impl Lounge {
    pub(in crate::graphql) fn new((row, creator): CommunityRow) -> Self {
        Self::of(CommunityCore { row, creator })
    }

    fn of(core: CommunityCore) -> Self {
        let part = LoungePart { id: core.row.id, creator_id: core.row.creator_id.clone() };
        Self(core, part)
    }
}

impl Node for Community {
    const NAME: &'static str = "Community";

    fn cursor(&self) -> Cursor {
        let row = &self.core().row;
        Cursor { rank: Some(row.member_count), at: row.created_at, id: row.id }
    }
}
