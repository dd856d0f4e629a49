//! Agents in communities.

use entity::{agent_listing, community_agent};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::browse::find_active;
use crate::{
    app::App,
    domain::{
        User,
        audit::{self, AuditEntry},
        communities::{self, Action},
    },
    error::{Error, Result},
};

/// Maximum number of agents per community.
const MAX_AGENTS: u64 = 100;

/// A community agent with its listing.
pub type CommunityAgent = (community_agent::Model, agent_listing::Model);

/// Adds an agent to a community; idempotent. Creator of the community only; the agent may belong to anyone.
///
/// # Errors
/// [`Error::Forbidden`], also if the community does not exist; [`Error::Invalid`] for the agent;
/// [`Error::Conflict`] above 100 agents.
pub async fn add(app: &App, actor: &User, community_id: Uuid, listing_id: Uuid) -> Result<CommunityAgent> {
    let tx = app.begin(actor).await?;
    communities::get_locked_for(&tx, actor, community_id, Action::AddAgent)
        .await
        .map_err(|error| hidden(error, "Only the creator can add agents"))?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let listing = find_active(&tx, listing_id)
        .await?
        .ok_or_else(|| Error::invalid("agentListingId", "Listing not found or not active"))?;
    let new = community_agent::ActiveModel {
        id: Set(app.new_id()?),
        community_id: Set(community_id),
        listing_id: Set(listing_id),
        added_at: Set(app.clock.now()),
    };
    let columns = [community_agent::Column::CommunityId, community_agent::Column::ListingId];
    let added = community_agent::Entity::insert(new)
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(&tx)
        .await?;
    if added > 0 {
        let there = community_agent::Column::CommunityId.eq(community_id);
        if community_agent::Entity::find().filter(there).count(&tx).await? > MAX_AGENTS {
            return Err(Error::Conflict(format!("A community can have at most {MAX_AGENTS} agents")));
        }
        let entry = AuditEntry::of(actor, audit::Action::AgentAdded).within(community_id);
        audit::record(app, &tx, entry.to(listing.owner_id.as_str()).on(listing_id)).await?;
    }
    let place = find(&tx, community_id, listing_id).await?;
    let place = place.ok_or_else(|| Error::Internal(anyhow::anyhow!("the added agent is missing")))?;
    tx.commit((place, listing)).await
}

/// Removes an agent from a community; running replies continue. Creator of the community only.
///
/// # Errors
/// [`Error::Forbidden`], also if the community does not exist; [`Error::Missing`] for the agent.
pub async fn remove(app: &App, actor: &User, community_id: Uuid, listing_id: Uuid) -> Result<Uuid> {
    let tx = app.begin(actor).await?;
    communities::get_locked_for(&tx, actor, community_id, Action::RemoveAgent)
        .await
        .map_err(|error| hidden(error, "Only the creator can remove agents"))?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let gone = community_agent::Entity::delete_many()
        .filter(community_agent::Column::CommunityId.eq(community_id))
        .filter(community_agent::Column::ListingId.eq(listing_id))
        .exec_with_returning(&tx)
        .await?;
    let gone = gone.first().ok_or(Error::Missing("Agent not found in this community"))?.id;
    let entry = AuditEntry::of(actor, audit::Action::AgentRemoved).within(community_id).on(listing_id);
    audit::record(app, &tx, entry).await?;
    tx.commit(gone).await
}

/// Lists the agents of communities in the order of adding, including archived ones.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_of_communities(app: &App, communities: &[Uuid]) -> Result<Vec<CommunityAgent>> {
    let rows = community_agent::Entity::find()
        .filter(community_agent::Column::CommunityId.is_in(communities.iter().copied()))
        .find_also_related(agent_listing::Entity)
        .order_by_asc(community_agent::Column::AddedAt)
        .order_by_asc(community_agent::Column::Id)
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().filter_map(|(place, listing)| Some((place, listing?))).collect())
}

/// Lists the agents of a community; empty if the actor may not see the community.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_in(app: &App, actor: Option<&User>, community_id: Uuid) -> Result<Vec<CommunityAgent>> {
    let actor = actor.map(|actor| actor.id.as_str());
    if communities::list_visible(app, actor, &[community_id]).await?.is_empty() {
        return Ok(Vec::new());
    }
    list_of_communities(app, &[community_id]).await
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    listing_id: Uuid,
) -> Result<Option<community_agent::Model>> {
    Ok(community_agent::Entity::find()
        .filter(community_agent::Column::CommunityId.eq(community_id))
        .filter(community_agent::Column::ListingId.eq(listing_id))
        .one(db)
        .await?)
}

/// Makes an unknown community indistinguishable from one that the actor does not run.
fn hidden(error: Error, refusal: &'static str) -> Error {
    match error {
        Error::NotFound(_) => Error::Forbidden(refusal),
        other => other,
    }
}
