//! Agents of the demo: a product's manual, a club's rules and a city guide, each in a community.

use entity::{
    agent_knowledge,
    agent_listing::{self, Status},
    community_agent,
};
use uuid::Uuid;

use super::{Ids, community_ids, id, moment};
use crate::text::fields;

/// An agent in the table below.
pub(super) struct Sample {
    /// Index of its community in the table; the community's creator owns the agent.
    community: usize,
    owner: &'static str,
    name: &'static str,
    description: &'static str,
    prompt: &'static str,
    welcome: &'static str,
    /// Title and content of its knowledge text.
    pub(super) knowledge: (&'static str, &'static str),
    /// A question that the agent can answer, and words of the answer.
    #[cfg(test)]
    pub(super) asked: (&'static str, &'static str),
}

/// Returns the id of the agent of the community at this index.
pub(super) fn of_community(place: usize) -> Option<Uuid> {
    SAMPLES.iter().find(|sample| sample.community == place).map(Sample::id)
}

impl Sample {
    /// A day after the creation of its community.
    fn written(&self) -> i64 {
        community_ids::created(self.community) + 86_400
    }

    fn id(&self) -> Uuid {
        id(self.written(), &format!("agent of community {}", self.community))
    }
}

/// Rows of the agents, their knowledge and their communities.
pub(super) struct Rows {
    pub(super) listings: Vec<agent_listing::Model>,
    pub(super) knowledge: Vec<agent_knowledge::Model>,
    pub(super) places: Vec<community_agent::Model>,
}

/// Returns the rows, owned by the users of `ids`.
pub(super) fn rows(ids: &Ids) -> anyhow::Result<Rows> {
    let mut rows = Rows { listings: Vec::new(), knowledge: Vec::new(), places: Vec::new() };
    for sample in SAMPLES {
        let (written, id_of_it) = (moment(sample.written()), sample.id());
        rows.listings.push(agent_listing::Model {
            id: id_of_it,
            owner_id: ids.of(sample.owner)?,
            agent_name: sample.name.to_owned(),
            search_fold: fields::search_fold(&format!("{}\n{}", sample.name, sample.description)),
            description: sample.description.to_owned(),
            avatar_url: None,
            model: String::new(),
            system_prompt: sample.prompt.to_owned(),
            welcome: sample.welcome.to_owned(),
            input_char_limit: 2000,
            tts_voice: String::new(),
            daily_spend_cap: None,
            status: Status::Active,
            created_at: written,
            updated_at: written,
        });
        let (title, text) = sample.knowledge;
        rows.knowledge.push(agent_knowledge::Model {
            listing_id: id_of_it,
            position: 0,
            title: title.to_owned(),
            text: text.to_owned(),
        });
        rows.places.push(community_agent::Model {
            id: id(sample.written(), &format!("place of the agent of community {}", sample.community)),
            community_id: community_ids::community_id(sample.community),
            listing_id: id_of_it,
            added_at: written,
        });
    }
    Ok(rows)
}

pub(super) const SAMPLES: &[Sample] = &[
    Sample {
        community: 3,
        owner: "jonas",
        name: "Maulwurf",
        description: "Kennt die Gartenordnung auswendig und den Gerätewart persönlich.",
        prompt: "Du beantwortest Fragen zur Gartenordnung des Vereins Kleingarten Süd, kurz und freundlich. Was nicht \
            in der Ordnung steht, weißt du nicht.",
        welcome: "Frag mich nach Hecken, Ruhezeiten, Wasser und Gemeinschaftsarbeit.",
        knowledge: ("Gartenordnung", include_str!("knowledge/garden.txt")),
        #[cfg(test)]
        asked: ("Wie hoch darf meine Hecke sein?", "1,20 Meter"),
    },
    Sample {
        community: 4,
        owner: "haruka",
        name: "さんぽ先輩",
        description: "谷中から柴又まで、歩いたことのある道だけを教えます。",
        prompt: "東京の散歩の案内をします。短く、時間と行き方を入れて答えてください。知らない道は知らないと言います。",
        welcome: "どこを歩きましょうか。",
        knowledge: ("東京さんぽ案内", include_str!("knowledge/tokyo.txt")),
        #[cfg(test)]
        asked: ("等々力渓谷はどのくらいかかりますか", "三十分"),
    },
    Sample {
        community: 5,
        owner: "mei",
        name: "小助手",
        description: "冲泡、储存、发货和退换，先问它。",
        prompt: "你是慢山茶行的客服。按说明回答，步骤简短；说明里没有的，请客人转人工。",
        welcome: "您好，想问冲泡、订单还是退换？",
        knowledge: ("使用说明", include_str!("knowledge/tea.txt")),
        #[cfg(test)]
        asked: ("茶饼怎么储存？", "通风"),
    },
    Sample {
        community: 8,
        owner: "alice",
        name: "Aurora",
        description: "Knows when the lights come, and what to wear while you wait for them.",
        prompt: "You talk about watching the northern lights: short, warm sentences that are good to hear. What is not in \
            your notes you do not know.",
        welcome: "Ask me about the season, the weather, clothes and cameras.",
        knowledge: ("Watching the northern lights", include_str!("knowledge/lights.txt")),
        #[cfg(test)]
        asked: ("What should I wear?", "wool"),
    },
];
