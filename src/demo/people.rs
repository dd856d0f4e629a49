//! Users of the demo.

use entity::{credential, user};

use super::{Ids, id, moment};
use crate::text::fields;

/// A user in the table below.
pub(super) struct Sample {
    /// Local part of the address.
    pub(super) who: &'static str,
    pub(super) name: &'static str,
    /// Description in the start banner.
    pub(super) what: &'static str,
    /// Days after 1 January 2026.
    day: i64,
}

impl Sample {
    /// Returns the e-mail address.
    pub(super) fn email(&self) -> String {
        format!("{}@demo.plaza", self.who)
    }

    /// Returns the id, unless the user signed up before the demo was inserted.
    pub(super) fn id(&self) -> String {
        id(self.joined(), &format!("person {}", self.who)).to_string()
    }

    /// In whole seconds, like all times of accounts.
    fn joined(&self) -> i64 {
        self.day * 86_400 + 9 * 3_600 + self.day * 61
    }
}

/// Returns the rows of the accounts.
pub(super) fn rows() -> Vec<user::Model> {
    let row = |sample: &Sample| user::Model {
        id: sample.id(),
        email_fold: fields::fold(&sample.email()),
        email_skeleton: Some(fields::fold(&sample.email())),
        email: sample.email(),
        email_verified: true,
        name_fold: fields::search_fold(sample.name),
        name: sample.name.to_owned(),
        image: None,
        is_admin: sample.who == "admin",
        banned_at: None,
        ban_reason: None,
        deleted_at: None,
        created_at: moment(sample.joined()),
        updated_at: moment(sample.joined()),
    };
    SAMPLES.iter().map(row).collect()
}

/// One password hash for all users: the password is public, and twelve hashes would take a while.
pub(super) fn credentials(ids: &Ids, password_hash: &str) -> anyhow::Result<Vec<credential::Model>> {
    let row = |sample: &Sample| {
        Ok(credential::Model {
            user_id: ids.of(sample.who)?,
            password_hash: password_hash.to_owned(),
            updated_at: moment(sample.joined()),
        })
    };
    SAMPLES.iter().map(row).collect()
}

/// The table.
pub(super) const SAMPLES: &[Sample] = &[
    Sample { who: "alice", name: "Alice Johansson", what: "a member with many spaces", day: 2 },
    Sample { who: "admin", name: "Oksana Shevchuk", what: "the platform administrator", day: 1 },
    Sample { who: "bruno", name: "Bruno Carvalho", what: "a member, writes Portuguese", day: 6 },
    Sample { who: "chloe", name: "Chloé Laurent", what: "a member, writes French", day: 13 },
    Sample { who: "diego", name: "Diego Fernández", what: "a member, writes Spanish", day: 27 },
    Sample { who: "emre", name: "Emre Yıldız", what: "a member, writes Turkish", day: 41 },
    Sample { who: "jonas", name: "Jonas Müller", what: "a member, writes German", day: 55 },
    Sample { who: "haruka", name: "Haruka Satō", what: "a member, writes Japanese", day: 72 },
    Sample { who: "kasia", name: "Kasia Wiśniewska", what: "a member, writes Polish", day: 86 },
    Sample { who: "mei", name: "Mei Lin", what: "a member, writes Chinese", day: 99 },
    Sample { who: "layla", name: "Layla Haddad", what: "a member, writes Arabic", day: 108 },
    Sample { who: "minjun", name: "Minjun Park", what: "a member, writes Korean", day: 131 },
];
