//! Queries about communities.

use async_graphql::{Context, ID, Object};

use super::{
    CommunityKind, CommunitySort,
    kinds::Community,
    loaders::{Communities, ViewerId},
    memberships::{MemberRole, Membership},
};
use crate::{
    domain::{
        Page, at_least,
        communities::{self, Browse, MemberList, MemberRow},
        rows,
    },
    error::Result,
    graphql::{
        RestDocument, Site,
        context::{ContextExt, uuid},
        deferred_input::DeferredInput,
        lists,
        paging::{Connection, Node, wants_total},
    },
};

/// Returns whether the query selects more than the id of the creators in a connection of communities.
fn wants_creator(ctx: &Context<'_>) -> bool {
    let look = ctx.look_ahead();
    let more = |node: async_graphql::Lookahead<'_>| {
        let creator = node.field("creator");
        creator.field("name").exists() || creator.field("image").exists()
    };
    more(look.field("nodes")) || more(look.field("edges").field("node"))
}

/// Queries about communities.
#[derive(Default)]
pub(in crate::graphql) struct CommunityQuery;

#[Object]
impl CommunityQuery {
    /// Lists active communities. Pages by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filters")]
    async fn communities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only communities of this kind.")] kind: Option<
            DeferredInput<CommunityKind>,
        >,
        #[graphql(desc = "Returns only items with exactly this category.")] category: Option<String>,
        #[graphql(desc = "Part of the name or the description, ignoring case.")] search: Option<String>,
        #[graphql(desc = "Sort order (default: most members first).")] sort: Option<CommunitySort>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<Community>> {
        let browse = Browse {
            kind: kind.map(|kind| kind.map(Into::into)),
            category,
            search,
            sort: sort.map(Into::into).unwrap_or_default(),
            window: Page { first, after, last, before, page, limit }.ranked_window(Community::NAME)?,
            creators: wants_creator(ctx),
            total: wants_total(ctx),
        };
        Ok(Community::connection(communities::list_active(ctx.app()?, browse).await?))
    }

    /// Finds a community that the viewer may see: active, or joined by the viewer. Returns null otherwise.
    async fn community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] id: ID,
    ) -> Result<Option<Community>> {
        let user = ctx.viewer()?.find_user();
        let key =
            (user.map_or(ViewerId::Anonymous, |user| ViewerId::Account(user.id.clone())), uuid("id", &id)?);
        let row = ctx.load::<Communities>(key).await?;
        Ok(row.map(|row| Community::new((row, None))))
    }

    /// Lists the members of a community, in the order of `Community.members`; null when the viewer may not
    /// see the community.
    #[graphql(deprecation = "For REST: use `Community.members`.")]
    async fn community_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
        #[graphql(desc = "Returns only members with this role.")] role: Option<MemberRole>,
        #[graphql(desc = "Maximum number of members (default 1000, maximum 1000).")] limit: Option<i32>,
        #[graphql(desc = "Number of members to skip (default 0).")] offset: Option<i32>,
    ) -> Result<Option<Vec<Membership>>> {
        let is_whole = limit.is_none();
        let most = lists::MEMBERS as u64;
        // Legacy clients search the whole list for themselves. Rows that do not fit into a response are not
        // read.
        let most = match (ctx.data_opt::<RestDocument>(), ctx.data_opt::<Site>()) {
            (Some(_), Some(site)) => (site.answer_bytes / lists::MEMBER_BYTES).max(1) as u64,
            _ => most,
        };
        let limit = Some(rows("limit", limit, 1, most, most)?);
        let roster = MemberList { role: role.map(Into::into), limit, offset: at_least("offset", offset, 0)? };
        let id = uuid("communityId", &community_id)?;
        let list = communities::list_members_page(ctx.app()?, ctx.viewer()?.find_user(), id, roster).await?;
        let Some(mut rows) = list else { return Ok(None) };
        // Without a limit, the list ends where the answer does.
        if let (true, Some(_), Some(site)) =
            (is_whole, ctx.data_opt::<RestDocument>(), ctx.data_opt::<Site>())
        {
            rows.truncate(fitting(&rows, site.answer_bytes));
        }
        Ok(Some(rows.into_iter().map(Membership::new).collect()))
    }
}

/// Returns the number of members, from the first, that fit into a REST answer of this many bytes.
fn fitting(rows: &[MemberRow], answer_bytes: usize) -> usize {
    let mut left = answer_bytes.saturating_sub(lists::MEMBER_FRAME);
    let fits = |(row, user): &&MemberRow| {
        let (name, image) = user
            .as_ref()
            .map_or((0, 0), |user| (user.name.len(), user.image.as_ref().map_or(0, String::len)));
        // The alias also appears as the name.
        let alias = row.display_name.as_ref().map_or(0, String::len);
        let bytes = lists::MEMBER_FRAME + row.user_id.len() + name.max(alias) + image + alias;
        left.checked_sub(bytes).map(|rest| left = rest).is_some()
    };
    rows.iter().take_while(fits).count()
}
