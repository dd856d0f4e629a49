//! Communities of the demo and their members, oldest first.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    community::{self, CsMode, Kind, Language, Status, Tags},
    membership::{self, Role},
};

use super::{
    Ids, agents,
    community_ids::{community_id, created},
    id, moment,
};
use crate::{domain::communities, text::fields};

/// A community in the table below.
pub(super) struct Sample {
    pub(super) name: &'static str,
    /// Local part of the creator's address.
    creator: &'static str,
    kind: Kind,
    /// Fees in coins: joining, 30 days, and a question to an agent.
    fees: (i64, i64, i64),
    category: &'static str,
    tags: &'static [&'static str],
    cs_mode: CsMode,
    description: &'static str,
    /// Members except the creator, in the order of joining.
    members: &'static [Member],
}

/// Local part of a member's address, role, and display name.
type Member = (&'static str, Role, Option<&'static str>);

const DAY: i64 = 86_400;

/// Returns the rows, created by the users of `ids`. Paid time is counted from `now`, so that it has not
/// expired.
pub(super) fn rows(
    ids: &Ids,
    now: DateTime<Utc>,
) -> anyhow::Result<(Vec<community::Model>, Vec<membership::Model>)> {
    let mut communities = Vec::new();
    let mut memberships = Vec::new();
    for (place, sample) in SAMPLES.iter().enumerate() {
        let created = created(place);
        let community = community(sample, place, ids)?;
        let creator = (sample.creator, Role::Creator, None);
        for ((who, role, display_name), day) in std::iter::once(&creator).chain(sample.members).zip(0..) {
            let joined = created + day * (2 * DAY + 5_000);
            let pays = sample.fees.1 > 0 && *role == Role::Member;
            memberships.push(membership::Model {
                id: id(joined, &format!("membership {place} {who}")),
                community_id: community.id,
                user_id: ids.of(who)?,
                role: *role,
                role_rank: communities::rank(*role),
                display_name: display_name.map(str::to_owned),
                joined_at: moment(joined),
                // Every fifth membership has just expired.
                paid_until: pays
                    .then(|| now + TimeDelta::days(day * 7 % 30 - if day % 5 == 0 { 30 } else { 0 })),
                is_cancelled: false,
                agreed_fee: None,
                renew_at: None,
            });
        }
        communities.push(community);
    }
    Ok((communities, memberships))
}

fn community(sample: &Sample, place: usize, ids: &Ids) -> anyhow::Result<community::Model> {
    let (join_fee, monthly_fee, agent_call_fee) = sample.fees;
    Ok(community::Model {
        id: community_id(place),
        creator_id: ids.of(sample.creator)?,
        kind: sample.kind,
        name: sample.name.to_owned(),
        description: Some(sample.description.to_owned()),
        search_fold: fields::search_fold(&format!("{}\n{}", sample.name, sample.description)),
        join_fee,
        monthly_fee,
        agent_call_fee,
        agent_mentions: agents::of_community(place).is_some(),
        status: Status::Active,
        member_count: 1 + i64::try_from(sample.members.len())?,
        avatar_url: None,
        cover_image_url: None,
        category: Some(sample.category.to_owned()),
        tags: Some(Tags(sample.tags.iter().map(|tag| (*tag).to_owned()).collect())),
        // The administrator verifies it after its request.
        verified: false,
        cs_mode: sample.cs_mode,
        default_agent_listing_id: agents::of_community(place),
        language: Language::English,
        created_at: moment(created(place)),
        updated_at: moment(created(place)),
    })
}

/// The table. Append new communities, because ids depend on the index.
pub(super) const SAMPLES: &[Sample] = &[
    Sample {
        name: "The Slow Reading Room",
        creator: "alice",
        kind: Kind::Club,
        fees: (0, 0, 0),
        category: "books",
        tags: &["books", "one a month", "no homework"],
        cs_mode: CsMode::AiOnly,
        description: "One book a month, read slowly. We argue kindly, mark spoilers, and say where the good part \
            begins so that nobody gives up a page too early.",
        members: &[
            ("chloe", Role::Moderator, None),
            ("bruno", Role::Member, None),
            ("kasia", Role::Member, None),
            ("admin", Role::Member, Some("A Quiet Reader")),
            ("haruka", Role::Member, None),
            ("jonas", Role::Member, None),
            ("minjun", Role::Member, None),
        ],
    },
    Sample {
        name: "Clube do Vinil",
        creator: "bruno",
        kind: Kind::Club,
        fees: (20, 5, 0),
        category: "music",
        tags: &["vinil", "música", "português"],
        cs_mode: CsMode::AiOnly,
        description: "Todo domingo um disco inteiro, do lado A ao lado B, sem pular faixa. Trocamos discos, agulhas e \
            histórias de feira.",
        members: &[
            ("diego", Role::Moderator, None),
            ("alice", Role::Member, None),
            ("layla", Role::Member, None),
            ("emre", Role::Member, Some("Plakçı")),
            ("chloe", Role::Member, None),
        ],
    },
    Sample {
        name: "Pain & Levain",
        creator: "chloe",
        kind: Kind::Club,
        fees: (0, 8, 2),
        category: "cooking",
        tags: &["pain", "levain", "français"],
        cs_mode: CsMode::AiOnly,
        description: "Un levain, quatre ingrédients et beaucoup de patience. On partage nos croûtes réussies, nos mies \
            ratées et l’heure à laquelle il faut se lever.",
        members: &[
            ("kasia", Role::Moderator, None),
            ("jonas", Role::Member, None),
            ("alice", Role::Member, None),
            ("mei", Role::Member, None),
        ],
    },
    Sample {
        name: "Kleingarten Süd",
        creator: "jonas",
        kind: Kind::Club,
        fees: (10, 0, 1),
        category: "garden",
        tags: &["garten", "saatgut", "deutsch"],
        cs_mode: CsMode::AiOnly,
        description: "Parzelle an Parzelle, auch wenn dazwischen ein paar hundert Kilometer liegen. Wir tauschen Saatgut, \
            Schneckenmittel und die Heckenschere, die wirklich jeder einmal braucht.",
        members: &[
            ("kasia", Role::Moderator, None),
            ("emre", Role::Member, None),
            ("chloe", Role::Member, None),
            ("alice", Role::Member, None),
            ("haruka", Role::Member, None),
        ],
    },
    Sample {
        name: "東京さんぽ部",
        creator: "haruka",
        kind: Kind::Club,
        fees: (0, 0, 0),
        category: "outdoors",
        tags: &["散歩", "東京", "写真"],
        cs_mode: CsMode::AiOnly,
        description: "地図を見ないで歩く部活です。坂道、路地裏、商店街。見つけた猫と看板は写真に撮って、ここで見せてください。",
        members: &[
            ("mei", Role::Moderator, None),
            ("minjun", Role::Member, None),
            ("alice", Role::Member, Some("迷子")),
        ],
    },
    Sample {
        name: "慢山茶行",
        creator: "mei",
        kind: Kind::Official,
        fees: (0, 0, 0),
        category: "shop",
        tags: &["茶", "客服", "中文"],
        cs_mode: CsMode::Hybrid,
        description: "云南小山头的古树茶，从采摘到装箱都是自己人。订单、冲泡和退换，先问小助手，问不明白就转人工。",
        members: &[
            ("haruka", Role::CsAgent, None),
            ("minjun", Role::CsAgent, None),
            ("layla", Role::Member, None),
            ("jonas", Role::Member, None),
            ("diego", Role::Member, None),
            ("bruno", Role::Member, None),
        ],
    },
    Sample {
        name: "نادي الخط العربي",
        creator: "layla",
        kind: Kind::Club,
        fees: (15, 6, 0),
        category: "art",
        tags: &["خط", "حبر", "العربية"],
        cs_mode: CsMode::AiOnly,
        description: "حرف كل أسبوع، من الألف إلى الياء، بقلم القصب والحبر. نعرض المحاولات كما هي، ونصحح لبعضنا بلطف.",
        members: &[
            ("emre", Role::Moderator, Some("Hattat")),
            ("mei", Role::Member, None),
            ("haruka", Role::Member, None),
            ("alice", Role::Member, None),
            ("kasia", Role::Member, None),
            ("chloe", Role::Member, None),
        ],
    },
    Sample {
        name: "Bicis Cierzo",
        creator: "diego",
        kind: Kind::Official,
        fees: (0, 0, 0),
        category: "shop",
        tags: &["bicicletas", "taller", "español"],
        cs_mode: CsMode::HumanOnly,
        description: "Taller y tienda de bicicletas. Pregunta por tu reparación, pide cita o cuéntanos qué ruido hace: \
            contesta una persona, con grasa en las manos, en cuanto las suelta.",
        members: &[
            ("bruno", Role::CsAgent, None),
            ("layla", Role::Moderator, None),
            ("jonas", Role::Member, None),
            ("minjun", Role::Member, None),
        ],
    },
    Sample {
        name: "Northern Lights Hotline",
        creator: "alice",
        kind: Kind::Lounge,
        fees: (0, 0, 0),
        category: "travel",
        tags: &["aurora", "winter", "spoken"],
        cs_mode: CsMode::AiOnly,
        description: "Call in before you drive out: when to go, what to wear, how to take the picture. Five minutes a \
            night are on the house.",
        members: &[("emre", Role::Member, None), ("bruno", Role::Member, None), ("mei", Role::Member, None)],
    },
];
