//! The users and communities of a schedule, their actions, and its invariants.

use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{community, journal, journal_line, ledger_account, membership, user};
use plaza::{
    app::{App, Policies},
    clock::Clock,
    database::Database,
    domain::{
        User, Window,
        communities::{self, NewCommunity},
        wallet,
    },
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use tempfile::TempDir;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    crash,
    deeds::{Deed, Outcome, Sending},
    random::Random,
};
use crate::{ledger::Books, support::TestPostgres};

/// The state of a schedule.
pub struct World {
    app: App,
    admin: Option<User>,
    people: Vec<User>,
    /// Communities and their creators.
    communities: Vec<(Uuid, User)>,
    holds: Vec<Uuid>,
    deeds: u64,
    done: Vec<(DateTime<Utc>, Deed, Outcome)>,
    _folder: TempDir,
    _postgres: Option<TestPostgres>,
}

impl World {
    pub async fn on_sqlite() -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("plaza.db").display());
        let db = Database::connect(&url).await.expect("SQLite opens");
        db.migrate().await.expect("the migrations run");
        Self::new(db, folder, None)
    }

    pub async fn on_postgres() -> Option<Self> {
        let postgres = TestPostgres::migrated().await?;
        let db = Database::connect(&postgres.url).await.expect("PostgreSQL answers");
        Some(Self::new(db, TempDir::new().expect("a folder"), Some(postgres)))
    }

    fn new(mut db: Database, folder: TempDir, postgres: Option<TestPostgres>) -> Self {
        db.on_statement(|_| crash::statement());
        let start = "2026-03-05T12:00:00.123456Z".parse().expect("a time");
        Self {
            app: App::new(db, Clock::manual(start), Policies::default()),
            admin: None,
            people: Vec::new(),
            communities: Vec::new(),
            holds: Vec::new(),
            deeds: 0,
            done: Vec::new(),
            _folder: folder,
            _postgres: postgres,
        }
    }

    /// Six users. Two of them have one community each.
    pub async fn people(&mut self, random: &mut Random) {
        for (name, is_admin) in [
            ("admin", true),
            ("ann", false),
            ("bob", false),
            ("cat", false),
            ("dan", false),
            ("eve", false),
            ("fay", false),
        ] {
            let user = self.person(name, is_admin).await;
            if is_admin { self.admin = Some(user) } else { self.people.push(user) }
        }
        let creators = self.people[..2].to_vec();
        for creator in creators {
            let new = NewCommunity {
                name: format!("The club of {}", creator.name),
                join_fee: Some(random.between(1, 12)),
                monthly_fee: Some(random.between(1, 12)),
                ..NewCommunity::default()
            };
            let community = communities::create(&self.app, &creator, new).await.expect("is made");
            self.communities.push((community.id, creator));
        }
    }

    async fn person(&self, name: &str, is_admin: bool) -> User {
        let now = self.app.clock.now();
        let user = user::Model {
            name_fold: String::new(),
            id: name.to_owned(),
            email: format!("{name}@example.com"),
            email_fold: format!("{name}@example.com"),
            email_skeleton: None,
            email_verified: true,
            name: name.to_owned(),
            image: None,
            is_admin,
            banned_at: None,
            ban_reason: None,
            deleted_at: None,
            created_at: now,
            updated_at: now,
        };
        user.into_active_model().reset_all().insert(self.app.db.write()).await.expect("is inserted")
    }

    /// Runs some actions concurrently.
    pub async fn round(&mut self, random: &mut Random, deeds: u32) {
        let now = self.app.clock.now();
        let mut tasks = JoinSet::new();
        for _ in 0..deeds {
            self.deeds += 1;
            let deed = self.deed(random);
            let sending = Sending::any(random, self.deeds, &deed);
            let app = self.app.clone();
            tasks.spawn(async move { (deed.clone(), deed.send(app, sending).await) });
        }
        for (deed, outcome) in tasks.join_all().await {
            match (&deed, &outcome) {
                (_, Outcome::Held(Some(hold))) => self.holds.push(*hold),
                (Deed::Settle { hold, .. }, Outcome::Settled) => self.holds.retain(|held| held != hold),
                _ => {}
            }
            self.done.push((now, deed, outcome));
        }
    }

    fn deed(&self, random: &mut Random) -> Deed {
        let who = random.pick(&self.people).clone();
        let (community, creator) = random.pick(&self.communities).clone();
        let hold = (!self.holds.is_empty()).then(|| *random.pick(&self.holds));
        match (random.below(20), hold) {
            (0..=3, _) => {
                let admin = self.admin.clone().expect("there is one");
                Deed::Grant { admin, who, amount: random.between(1, 40) }
            }
            (4..=9, _) => {
                let expected = random.once_in(5).then(|| random.between(2, 20));
                Deed::Join { who, community, expected }
            }
            (10..=11, _) => Deed::Leave { who, community },
            (12..=13, _) => Deed::Renewing { who, community, on: !random.once_in(4) },
            (14, _) => Deed::Cancel { who, community },
            (15, _) => {
                let (join, monthly) = (random.between(1, 12), random.between(1, 12));
                Deed::Fees { creator, community, join, monthly }
            }
            (16..=17, _) => Deed::Renewals,
            (18, Some(hold)) => Deed::Settle { hold, capture: random.once_in(2) },
            _ => Deed::Promise { who, creator, community, amount: random.between(1, 9) },
        }
    }

    /// Advances the clock by some hours or days.
    pub fn advance(&self, random: &mut Random) {
        let hours = if random.once_in(3) { random.below(24 * 25) } else { random.below(48) };
        self.app.clock.advance(Duration::from_secs(hours * 3600 + 1));
    }

    /// Checks the invariants.
    pub async fn audit(&self, seed: u64) {
        let crashed = self.done.iter().filter(|(_, _, outcome)| *outcome == Outcome::Crashed).count();
        assert!(crashed > 0, "seed {seed}: something crashed");
        let books = Books::audit(&self.app).await;
        let audit = wallet::check(&self.app).await.expect("checks");
        assert_eq!(audit.faults, Vec::<String>::new(), "seed {seed}");
        for person in &self.people {
            assert_eq!(
                self.statement(person).await,
                books.available(&person.id),
                "seed {seed}: {}",
                person.id
            );
        }
        self.grants(seed).await;
        for (id, creator) in &self.communities {
            self.memberships(seed, *id, creator).await;
        }
    }

    /// Returns the sum of a user's statement, read page by page.
    async fn statement(&self, person: &User) -> i64 {
        let wallet = wallet::get_wallet(&self.app, person).await.expect("reads");
        let mut sum = 0;
        for page in 1.. {
            let window = Window::Numbered { page, limit: 7 };
            let slice = wallet::list_entries(&self.app, &wallet, window).await.expect("reads");
            sum += slice.rows.iter().map(|entry| entry.line.amount).sum::<i64>();
            if !slice.more_after {
                break;
            }
        }
        assert_eq!(sum, wallet.balance, "the statement explains the balance");
        sum
    }

    /// The granted coins equal the answered grants.
    async fn grants(&self, seed: u64) {
        let granted = self.done.iter().filter_map(|(_, deed, outcome)| match (deed, outcome) {
            (Deed::Grant { amount, .. }, Outcome::Granted(_)) => Some(amount),
            _ => None,
        });
        let ledger = wallet::read_ledger(&self.app, self.admin.as_ref().expect("there is one")).await;
        assert_eq!(ledger.expect("reads").issued, granted.sum::<i64>(), "seed {seed}");
    }

    /// Every join was paid once, and no period was paid twice.
    async fn memberships(&self, seed: u64, id: Uuid, creator: &User) {
        let db = self.app.db.read();
        let community = community::Entity::find_by_id(id).one(db).await.expect("reads").expect("is there");
        let members = membership::Entity::find().filter(membership::Column::CommunityId.eq(id));
        let members = i64::try_from(members.count(db).await.expect("counts")).expect("fits");
        assert_eq!(community.member_count, members, "seed {seed}");
        for person in self.people.iter().filter(|person| person.id != creator.id) {
            let of = |kind| self.payments(person, id, kind);
            // The fees are never 0 here, so each join and each period leaves a journal.
            let mut joined: HashSet<Uuid> = HashSet::new();
            let mut leaves = Vec::new();
            for (at, deed, outcome) in &self.done {
                match (deed, outcome) {
                    (Deed::Join { who, community, .. }, Outcome::Joined(membership))
                        if who.id == person.id && *community == id =>
                    {
                        joined.insert(membership.id);
                    }
                    (Deed::Leave { who, community }, Outcome::Left)
                        if who.id == person.id && *community == id =>
                    {
                        leaves.push(*at);
                    }
                    _ => {}
                }
            }
            assert_eq!(
                of(journal::Kind::CommunityJoin).await.len(),
                joined.len(),
                "seed {seed}: {}",
                person.id
            );
            let periods = of(journal::Kind::CommunitySubscription).await;
            for (first, begun) in periods.iter().enumerate() {
                // A period has 30 days; its renewal may be 3 days late.
                let soon = periods[first + 1..].iter().take_while(|at| **at - *begun < TimeDelta::days(27));
                let end = *begun + TimeDelta::days(27);
                let left = leaves.iter().filter(|at| (*begun..end).contains(*at)).count();
                assert!(
                    soon.count() <= left,
                    "seed {seed}: {} paid twice: {periods:?}, left {leaves:?}",
                    person.id
                );
            }
        }
    }

    /// Returns the times of a user's payments to a community, oldest first.
    async fn payments(&self, person: &User, community: Uuid, kind: journal::Kind) -> Vec<DateTime<Utc>> {
        let db = self.app.db.read();
        let account = ledger_account::Entity::find()
            .filter(ledger_account::Column::OwnerId.eq(&person.id))
            .filter(ledger_account::Column::Kind.eq(ledger_account::Kind::Available));
        let Some(account) = account.one(db).await.expect("reads") else { return Vec::new() };
        let rows = journal_line::Entity::find()
            .find_also_related(journal::Entity)
            .filter(journal_line::Column::AccountId.eq(account.id))
            .filter(journal_line::Column::Amount.lt(0))
            .filter(journal::Column::Kind.eq(kind))
            .filter(journal::Column::CauseId.eq(community.to_string()));
        let rows = rows.all(db).await.expect("reads");
        let mut times: Vec<_> =
            rows.into_iter().filter_map(|(_, journal)| Some(journal?.created_at)).collect();
        times.sort_unstable();
        times
    }
}
