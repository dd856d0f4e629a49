//! Asking to be verified.

use entity::{
    community::{self, Kind},
    verification_request::{self, Status},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, TryIntoModel, sea_query::OnConflict};
use uuid::Uuid;

use crate::{
    app::App,
    database::Transaction,
    domain::{Error, Result, User, communities, communities::Action, text},
};

/// What a business says of itself; an administrator looks at it.
#[derive(Clone, Debug, Default)]
pub struct Papers {
    /// What it is called, at most 200 characters.
    pub business_name: Option<String>,
    /// Its number in a register, at most 100 characters.
    pub business_registration: Option<String>,
    /// Where its documents are; never fetched.
    pub documents_url: Option<String>,
}

impl Papers {
    fn check(self) -> Result<Self> {
        let line = |field, text: Option<String>, most| {
            let text = text.map(|text| text::at_most(field, text.trim().to_owned(), most)).transpose()?;
            Ok::<_, Error>(text.filter(|text| !text.is_empty()))
        };
        Ok(Self {
            business_name: line("businessName", self.business_name, 200)?,
            business_registration: line("businessRegistration", self.business_registration, 100)?,
            documents_url: self.documents_url.map(|url| text::web_url("documentsUrl", &url)).transpose()?,
        })
    }
}

/// Asks the platform to verify an official account. Its creator only; one request waits at a time.
///
/// # Errors
/// [`Error::Forbidden`], also where there is no such community; [`Error::Invalid`] where it is not active or no
/// official account, and for what is said; [`Error::Conflict`] while one waits.
pub async fn request(
    app: &App,
    actor: &User,
    community_id: Uuid,
    papers: Papers,
) -> Result<verification_request::Model> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        lock_own(&tx, actor, community_id).await?;
        return Ok(done);
    }
    let request = send(app, &tx, actor, community_id, papers).await?;
    tx.commit(request).await
}

/// The same in a transaction of the caller's.
pub(crate) async fn send(
    app: &App,
    tx: &Transaction,
    actor: &User,
    community_id: Uuid,
    papers: Papers,
) -> Result<verification_request::Model> {
    let community = lock_own(tx, actor, community_id).await?;
    if community.kind != Kind::Official {
        return Err(Error::invalid("communityId", "Only official accounts can be verified"));
    }
    let papers = papers.check()?;
    let row = verification_request::ActiveModel {
        id: Set(app.new_id()?),
        community_id: Set(community_id),
        requester_id: Set(actor.id.clone()),
        business_name: Set(papers.business_name),
        business_registration: Set(papers.business_registration),
        documents_url: Set(papers.documents_url),
        status: Set(Status::Pending),
        status_rank: Set(1),
        reviewer_id: Set(None),
        reviewer_notes: Set(None),
        created_at: Set(app.clock.now()),
        reviewed_at: Set(None),
    };
    // The index lets one of a community wait.
    let sent = verification_request::Entity::insert(row.clone())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    if sent == 0 {
        return Err(Error::Conflict("A verification request is already pending".to_owned()));
    }
    Ok(row.try_into_model()?)
}

/// The actor's own community, locked.
async fn lock_own(tx: &impl ConnectionTrait, actor: &User, id: Uuid) -> Result<community::Model> {
    communities::get_locked_for(tx, actor, id, Action::RequestVerification).await.map_err(|error| match error
    {
        Error::NotFound(_) => Error::Forbidden("Only the creator can request verification"),
        other => other,
    })
}
