//! Actions of users in a schedule.

use entity::{
    journal::{CauseKind, Kind},
    membership,
};
use plaza::{
    app::App,
    domain::{
        IdempotencyKey, User,
        communities::{self, CommunityChange, Join, MembershipChange},
        wallet::{self, Cause, Fee, Hold},
    },
    error::{Error, Result},
};
use uuid::Uuid;

use super::{crash, random::Random};

/// One action of a user.
#[derive(Clone, Debug)]
pub enum Deed {
    Grant { admin: User, who: User, amount: i64 },
    Join { who: User, community: Uuid, expected: Option<i64> },
    Leave { who: User, community: Uuid },
    Renewing { who: User, community: Uuid, on: bool },
    Cancel { who: User, community: Uuid },
    Fees { creator: User, community: Uuid, join: i64, monthly: i64 },
    Renewals,
    Promise { who: User, creator: User, community: Uuid, amount: i64 },
    Settle { hold: Uuid, capture: bool },
}

/// How an action is sent: the number of requests, with a key if more than one, and the number of statements
/// before each crash.
#[derive(Clone, Debug)]
pub struct Sending {
    pub key: Option<String>,
    pub crashes: Vec<Option<u32>>,
}

/// The result of an action.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Granted(Uuid),
    Joined(membership::Model),
    Left,
    Held(Option<Uuid>),
    Settled,
    /// Any other result.
    Done,
    /// Refused by a rule.
    Refused(String),
    /// Ended between two statements.
    Crashed,
}

impl Sending {
    pub fn any(random: &mut Random, number: u64, deed: &Deed) -> Self {
        let mut crash = || random.once_in(3).then(|| u32::try_from(random.below(14)).expect("fits"));
        let first = crash();
        // Background work has no key.
        let asked = !matches!(deed, Deed::Renewals | Deed::Promise { .. } | Deed::Settle { .. });
        let key = (asked && random.once_in(3)).then(|| format!("key-{number}"));
        let mut crashes = vec![first];
        if key.is_some() {
            crashes.extend([first.map(|statements| statements / 2), None]);
        }
        Self { key, crashes }
    }
}

impl Deed {
    /// Sends the action with its repetitions. All answers of one request must be equal.
    pub async fn send(self, app: App, sending: Sending) -> Outcome {
        let mut last = Outcome::Crashed;
        for statements in &sending.crashes {
            let retry = sending.key.clone().map(|key| IdempotencyKey::new(key, &format!("{self:?}")));
            let deed = IdempotencyKey::scope(retry, self.clone().act(&app));
            let outcome = match statements {
                Some(statements) => crash::after(*statements, deed).await,
                None => Some(deed.await),
            };
            let outcome = match outcome {
                None => Outcome::Crashed,
                Some(Ok(outcome)) => outcome,
                Some(Err(error @ Error::Internal(_))) => panic!("{self:?}: {error:?}"),
                Some(Err(error)) => Outcome::Refused(error.to_string()),
            };
            match (&last, &outcome) {
                // A crash changed nothing, and a refused action may be possible now.
                (Outcome::Crashed | Outcome::Refused(_), _) => last = outcome,
                (done, Outcome::Crashed) => last = done.clone(),
                (done, again) => assert_eq!(done, again, "{self:?} was answered in two ways"),
            }
        }
        last
    }

    async fn act(self, app: &App) -> Result<Outcome> {
        match self {
            Self::Grant { admin, who, amount } => {
                let grant = wallet::grant(app, &admin, &who.id, amount, "A gift").await?;
                Ok(Outcome::Granted(grant.id))
            }
            Self::Join { who, community, expected } => {
                let join = Join { expected_total: expected };
                communities::join(app, &who, community, join).await.map(Outcome::Joined)
            }
            Self::Leave { who, community } => {
                communities::leave(app, &who, community).await?;
                Ok(Outcome::Left)
            }
            Self::Renewing { who, community, on } => {
                let change = MembershipChange { auto_renew: Some(on), ..MembershipChange::default() };
                communities::update_membership(app, &who, community, change).await?;
                Ok(Outcome::Done)
            }
            Self::Cancel { who, community } => {
                communities::cancel(app, &who, community).await?;
                Ok(Outcome::Done)
            }
            Self::Fees { creator, community, join, monthly } => {
                let change = CommunityChange {
                    join_fee: Some(join),
                    monthly_fee: Some(monthly),
                    ..CommunityChange::default()
                };
                communities::update(app, &creator, community, change).await?;
                Ok(Outcome::Done)
            }
            Self::Renewals => {
                communities::renew_due(app).await?;
                Ok(Outcome::Done)
            }
            Self::Promise { who, creator, community, amount } => {
                promise(app, &who, &creator, community, amount).await
            }
            Self::Settle { hold, capture } => {
                let tx = app.db.begin().await?;
                if capture {
                    wallet::capture(app, &tx, hold).await?;
                } else {
                    wallet::void(app, &tx, hold).await?;
                }
                tx.commit().await?;
                Ok(Outcome::Settled)
            }
        }
    }
}

async fn promise(app: &App, who: &User, creator: &User, community: Uuid, amount: i64) -> Result<Outcome> {
    let hold = Hold {
        payer: &who.id,
        payee: &creator.id,
        fee: Fee { kind: Kind::CommunityAgentCall, amount },
        refusal: "Insufficient balance for agent call",
        cause: Cause { kind: CauseKind::Community, id: &community.to_string() },
        what: "A club",
    };
    let tx = app.db.begin().await?;
    let hold = wallet::hold(app, &tx, hold).await?;
    tx.commit().await?;
    Ok(Outcome::Held(hold))
}
