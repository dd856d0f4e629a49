//! Requesting verification.

use entity::{
    community::{self, Kind},
    verification_request::{self, Status},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, TryIntoModel, sea_query::OnConflict};
use uuid::Uuid;

use crate::{
    app::App,
    database::Transaction,
    domain::{
        User,
        communities::{self, Action},
    },
    error::{Error, Result},
    text::rule::TextRule,
};

/// Name of a business.
pub const BUSINESS_NAME: TextRule = TextRule::short("businessName", 200);
/// Registration number of a business.
pub const BUSINESS_REGISTRATION: TextRule = TextRule::short("businessRegistration", 100);
/// URL of a business's documents.
pub const DOCUMENTS_URL: TextRule = TextRule::web_url("documentsUrl");

/// Information on a business, for an administrator's review.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// Name, maximum 200 characters.
    pub business_name: Option<String>,
    /// Registration number, maximum 100 characters.
    pub business_registration: Option<String>,
    /// URL of its documents; the server never fetches it.
    pub documents_url: Option<String>,
}

impl Documents {
    fn check(self) -> Result<Self> {
        let line = |rule: TextRule, text: Option<String>| {
            let text = text.map(|text| rule.check(&text)).transpose()?;
            Ok::<_, Error>(text.filter(|text| !text.is_empty()))
        };
        Ok(Self {
            business_name: line(BUSINESS_NAME, self.business_name)?,
            business_registration: line(BUSINESS_REGISTRATION, self.business_registration)?,
            documents_url: self.documents_url.map(|url| DOCUMENTS_URL.check(&url)).transpose()?,
        })
    }
}

/// Requests verification of an official account. Creator only; one pending request per community.
///
/// # Errors
/// [`Error::Forbidden`], also if the community does not exist; [`Error::Invalid`] if it is not active or
/// not an official account, and for the documents; [`Error::Conflict`] while a request is pending.
pub async fn request(
    app: &App,
    actor: &User,
    community_id: Uuid,
    documents: Documents,
) -> Result<verification_request::Model> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        lock_own(&tx, actor, community_id).await?;
        return Ok(done);
    }
    let request = send(app, &tx, actor, community_id, documents).await?;
    tx.commit(request).await
}

/// Like [`request()`], in the caller's transaction.
pub(crate) async fn send(
    app: &App,
    tx: &Transaction,
    actor: &User,
    community_id: Uuid,
    documents: Documents,
) -> Result<verification_request::Model> {
    let community = lock_own(tx, actor, community_id).await?;
    if community.kind != Kind::Official {
        return Err(Error::invalid("communityId", "Only official accounts can be verified"));
    }
    let documents = documents.check()?;
    let row = verification_request::ActiveModel {
        id: Set(app.new_id()?),
        community_id: Set(community_id),
        requester_id: Set(actor.id.clone()),
        business_name: Set(documents.business_name),
        business_registration: Set(documents.business_registration),
        documents_url: Set(documents.documents_url),
        status: Set(Status::Pending),
        status_rank: Set(1),
        reviewer_id: Set(None),
        reviewer_notes: Set(None),
        created_at: Set(app.clock.now()),
        reviewed_at: Set(None),
    };
    // A unique index allows one pending request per community.
    let sent = verification_request::Entity::insert(row.clone())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    if sent == 0 {
        return Err(Error::Conflict("A verification request is already pending".to_owned()));
    }
    Ok(row.try_into_model()?)
}

/// Locks and returns the actor's own community.
async fn lock_own(tx: &impl ConnectionTrait, actor: &User, id: Uuid) -> Result<community::Model> {
    communities::get_locked_for(tx, actor, id, Action::RequestVerification).await.map_err(|error| match error
    {
        Error::NotFound(_) => Error::Forbidden("Only the creator can request verification"),
        other => other,
    })
}
