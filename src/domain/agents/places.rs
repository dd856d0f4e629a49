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
        Error, Result, User,
        audit::{self, Deed},
        communities,
        communities::Action,
    },
};

/// So many agents a community has at most.
const MOST: u64 = 100;

/// An agent's place and the agent.
pub type Place = (community_agent::Model, agent_listing::Model);

/// Adds an agent to a community; again changes nothing. The community's creator only, whoever wrote the agent.
///
/// # Errors
/// [`Error::Forbidden`], also where there is no such community; [`Error::Invalid`] for the agent; [`Error::Conflict`]
/// where there are 100.
pub async fn add(app: &App, actor: &User, community_id: Uuid, listing_id: Uuid) -> Result<Place> {
    let tx = app.begin(actor).await?;
    communities::get_locked_for(&tx, actor, community_id, Action::AddAgent)
        .await
        .map_err(|error| hidden(error, "Only the creator can add agents"))?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let listing = find_active(&tx, listing_id)
        .await?
        .ok_or_else(|| Error::invalid("listingId", "Listing not found or not active"))?;
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
        if community_agent::Entity::find().filter(there).count(&tx).await? > MOST {
            return Err(Error::Conflict(format!("A community has {MOST} agents at most")));
        }
        let deed = Deed::of(actor, audit::Action::AgentAdded).within(community_id);
        audit::record(app, &tx, deed.to(listing.owner_id.as_str()).on(listing_id)).await?;
    }
    let place = find(&tx, community_id, listing_id).await?;
    let place = place.ok_or_else(|| Error::Internal(anyhow::anyhow!("an agent that was added is gone")))?;
    tx.commit((place, listing)).await
}

/// Takes an agent out of a community; answers that run go on. The community's creator only.
///
/// # Errors
/// [`Error::Forbidden`], also where there is no such community; [`Error::Missing`] for the agent.
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
        .exec(&tx)
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::Missing("Agent not found in this community"));
    }
    let deed = Deed::of(actor, audit::Action::AgentRemoved).within(community_id).on(listing_id);
    audit::record(app, &tx, deed).await?;
    tx.commit(listing_id).await
}

/// The agents of communities in the order they were added, those taken back by their owners included.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_places(app: &App, communities: &[Uuid]) -> Result<Vec<Place>> {
    let rows = community_agent::Entity::find()
        .filter(community_agent::Column::CommunityId.is_in(communities.iter().copied()))
        .find_also_related(agent_listing::Entity)
        .order_by_asc(community_agent::Column::AddedAt)
        .order_by_asc(community_agent::Column::Id)
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().filter_map(|(place, listing)| Some((place, listing?))).collect())
}

/// The agents of a community that whoever asks may see; none where they may not.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_in(app: &App, actor: Option<&User>, community_id: Uuid) -> Result<Vec<Place>> {
    let actor = actor.map(|actor| actor.id.as_str());
    if communities::list_visible(app, actor, &[community_id]).await?.is_empty() {
        return Ok(Vec::new());
    }
    list_places(app, &[community_id]).await
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

/// A community that is not there is refused like one that is not the actor's.
fn hidden(error: Error, refusal: &'static str) -> Error {
    match error {
        Error::NotFound(_) => Error::Forbidden(refusal),
        other => other,
    }
}
