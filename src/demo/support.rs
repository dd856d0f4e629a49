//! Customers of the demo's official accounts, in all states of a support chat.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    canned_answer,
    conversation::{self, Kind},
    conversation_event, message,
    support_chat::{self, Status},
    support_episode::{self, ResolvedBy},
    support_note,
    support_settings::{self, Hours, Shift},
};
use uuid::Uuid;

use super::{Ids, agents, community_ids, conversations::blank, id};
use crate::{domain::conversations::support_scope, text::fields};

/// The author of a line of a support chat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    Customer,
    Agent,
    Team(&'static str),
    System,
}

use Voice::{Agent, Customer, System, Team};

/// A support chat in the table below.
struct Sample {
    /// Index of the community in its table.
    community: usize,
    customer: &'static str,
    /// Minutes between the last line and the insertion of the demo.
    ago: i64,
    /// Author, minutes since the previous line, and text.
    lines: &'static [(Voice, i64, &'static str)],
    status: Status,
    assignee: Option<&'static str>,
    /// Note of a team member.
    note: Option<(&'static str, &'static str)>,
    /// Rating and comment of the customer.
    rating: Option<(i32, &'static str)>,
}

/// Deadline of the first answer in the communities' settings.
const FIRST_RESPONSE: TimeDelta = TimeDelta::minutes(10);

/// Rows of the support chats.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) conversations: Vec<conversation::Model>,
    pub(super) messages: Vec<message::Model>,
    pub(super) events: Vec<conversation_event::Model>,
    pub(super) chats: Vec<support_chat::Model>,
    pub(super) episodes: Vec<support_episode::Model>,
    pub(super) notes: Vec<support_note::Model>,
    pub(super) canned: Vec<canned_answer::Model>,
    pub(super) settings: Vec<support_settings::Model>,
}

/// Returns the rows at this time: a waiting customer has waited since shortly before. The ids do not depend
/// on the time.
pub(super) fn rows(ids: &Ids, now: DateTime<Utc>) -> anyhow::Result<Rows> {
    let mut rows = Rows::default();
    for sample in SAMPLES {
        rows.serve(ids, sample, now)?;
    }
    for (place, (community, title, answer)) in CANNED.iter().enumerate() {
        rows.canned.push(canned_answer::Model {
            id: id_of(*community, &format!("canned answer {place}")),
            community_id: community_ids::community_id(*community),
            title: (*title).to_owned(),
            title_fold: fields::search_fold(title),
            text: (*answer).to_owned(),
            created_at: now,
            updated_at: now,
        });
    }
    for (community, utc_offset, away) in SETTINGS {
        let shift = |day| Shift { day, opens: 9 * 60, closes: 21 * 60 };
        rows.settings.push(support_settings::Model {
            community_id: community_ids::community_id(*community),
            call_fee: 0,
            capacity: Some(5),
            answer_within: Some(15 * 60),
            first_response_within: Some(i32::try_from(FIRST_RESPONSE.num_seconds())?),
            next_response_within: Some(5 * 60),
            utc_offset: *utc_offset,
            time_zone: None,
            hours: Some(Hours((0..7).map(shift).collect())),
            away_message: Some((*away).to_owned()),
            updated_at: now,
        });
    }
    Ok(rows)
}

fn id_of(community: usize, name: &str) -> Uuid {
    id(community_ids::created(community), &format!("{name} of community {community}"))
}

impl Rows {
    fn serve(&mut self, ids: &Ids, sample: &Sample, now: DateTime<Utc>) -> anyhow::Result<()> {
        let place = sample.community;
        let (community_id, customer) = (community_ids::community_id(place), ids.of(sample.customer)?);
        let scope = support_scope(community_id, &customer);
        let name = format!("chat of {}", sample.customer);
        let mut conversation =
            blank(id_of(place, &name), Kind::Support, scope, community_ids::created(place));
        conversation.community_id = Some(community_id);
        conversation.customer_id = Some(customer.clone());
        let minutes: i64 = sample.lines.iter().map(|(_, minutes, _)| minutes).sum();
        let begun = now - TimeDelta::minutes(sample.ago + minutes);
        conversation.created_at = begun;
        let mut at = begun;
        let (mut question, mut waiting, mut answered) = (None, None, None);
        for (line, (voice, minutes, said)) in sample.lines.iter().enumerate() {
            at += TimeDelta::seconds(minutes * 60 + 7);
            conversation.last_seq += 1;
            conversation.message_count += 1;
            conversation.last_micros = at.timestamp_micros();
            let id = id_of(place, &format!("{name} line {line}"));
            match voice {
                Customer => _ = question.get_or_insert(id),
                System => waiting = Some(at),
                Team(_) => _ = answered.get_or_insert(at),
                Agent => {}
            }
            let author = match voice {
                Customer => Some(customer.clone()),
                Team(who) => Some(ids.of(who)?),
                Agent | System => None,
            };
            self.messages.push(message::Model {
                id,
                conversation_id: conversation.id,
                seq: conversation.last_seq,
                number: conversation.message_count,
                author_id: author,
                agent_listing_id: agents::of_community(place).filter(|_| *voice == Agent),
                kind: if *voice == System { message::Kind::System } else { message::Kind::Text },
                content: (*said).to_owned(),
                search_text: terms::search_text(said),
                reply_to_id: None,
                client_key: None,
                is_incomplete: false,
                tts_audio_url: None,
                created_at: at,
                edited_at: None,
                deleted_at: None,
            });
            self.events.push(conversation_event::Model {
                conversation_id: conversation.id,
                seq: conversation.last_seq,
                kind: conversation_event::Kind::MessagePosted,
                message_id: Some(id),
                user_id: None,
                alias: None,
                support_status: None,
                created_at: at,
            });
        }
        let waits = sample.status == Status::WaitingHuman;
        let since = waiting.unwrap_or(begun);
        let chat = support_chat::Model {
            id: id_of(place, &format!("support {name}")),
            conversation_id: conversation.id,
            community_id,
            customer_id: customer,
            status: sample.status,
            assignee_id: sample.assignee.map(|who| ids.of(who)).transpose()?,
            waiting_since: waits.then_some(since),
            episode: 1,
            unanswered_since: waits.then_some(since),
            response_due_at: waits.then(|| since + FIRST_RESPONSE),
            answer_due_at: None,
            due_at: waits.then(|| since + FIRST_RESPONSE),
            late_since: None,
            last_late_at: None,
            unasked_from: None,
            note_count: i32::from(sample.note.is_some()),
            created_at: begun,
            updated_at: at,
        };
        if let Some((who, note)) = sample.note {
            self.notes.push(support_note::Model {
                id: id_of(place, &format!("note about {}", sample.customer)),
                chat_id: chat.id,
                author_id: ids.of(who)?,
                text: note.to_owned(),
                created_at: at,
            });
        }
        let resolved = (sample.status == Status::Resolved).then_some(at);
        let by = if answered.is_some() { ResolvedBy::Person } else { ResolvedBy::Ai };
        let agents = sample.lines.iter().filter(|(voice, ..)| *voice == Agent).count();
        self.episodes.push(support_episode::Model {
            id: id_of(place, &format!("episode of {}", sample.customer)),
            chat_id: chat.id,
            community_id,
            number: 1,
            opened_at: begun,
            question_id: question,
            first_response_at: answered,
            first_response_ms: answered.map(|at| (at - since).num_milliseconds()),
            next_responses: 0,
            next_response_ms: 0,
            ai_answers: i32::try_from(agents)?,
            first_was_late: false,
            next_were_late: 0,
            away_told: false,
            resolved_at: resolved,
            resolved_by: resolved.map(|_| by),
            resolver_id: resolved.map(|_| chat.assignee_id.clone().unwrap_or(chat.customer_id.clone())),
            rating: sample.rating.map(|(rating, _)| rating),
            comment: sample.rating.map(|(_, comment)| comment.to_owned()),
            rated_at: sample.rating.map(|_| at),
        });
        self.chats.push(chat);
        self.conversations.push(conversation);
        Ok(())
    }
}

const SAMPLES: &[Sample] = &[
    Sample {
        community: 5,
        customer: "layla",
        ago: 6,
        lines: &[
            (Customer, 0, "How should I store a tea cake in a humid flat?"),
            (Agent, 1, "避光、通风、无异味，湿度高时用紫砂缸或纸箱，不要放冰箱。"),
            (Customer, 3, "And may I return one that got wet in the post?"),
            (System, 0, "The assistant found no answer. A person will take over."),
        ],
        status: Status::WaitingHuman,
        assignee: None,
        note: None,
        rating: None,
    },
    Sample {
        community: 5,
        customer: "bruno",
        ago: 2,
        lines: &[
            (Customer, 0, "O pacote diz entregue, mas aqui não chegou nada."),
            (System, 1, "A person will take over."),
            (Team("haruka"), 4, "確認しますね。お名前の綴りと、番地をもう一度いただけますか。"),
            (Customer, 2, "Bruno, número 14. O porteiro também não viu."),
            (
                Team("haruka"),
                3,
                "It is with the neighbour at 41. Somebody read the number from the wrong side.",
            ),
        ],
        status: Status::HumanActive,
        assignee: Some("haruka"),
        note: Some(("haruka", "第三次送错门牌。下次在箱子上写两遍。")),
        rating: None,
    },
    Sample {
        community: 5,
        customer: "diego",
        ago: 15,
        lines: &[
            (Customer, 0, "¿El té viejo pierde fuerza?"),
            (Agent, 1, "存放得当的茶饼会慢慢变得醇厚，开封后请密封避光。"),
        ],
        status: Status::AiActive,
        assignee: None,
        note: None,
        rating: None,
    },
    Sample {
        community: 5,
        customer: "jonas",
        ago: 190,
        lines: &[
            (Customer, 0, "Kann ich die Bestellung noch ändern?"),
            (System, 1, "A person will take over."),
            (Team("minjun"), 5, "네, 아직 포장 전이에요. 무엇으로 바꿔 드릴까요?"),
            (Customer, 3, "Zwei kleine statt der großen, bitte."),
            (Team("minjun"), 2, "바꿨습니다. 오늘 나가요."),
        ],
        status: Status::Resolved,
        assignee: Some("minjun"),
        note: None,
        rating: Some((5, "Schnell und freundlich.")),
    },
    Sample {
        community: 7,
        customer: "jonas",
        ago: 4,
        lines: &[(Customer, 0, "Mein Tretlager knackt bei jeder zweiten Umdrehung. Ist das schlimm?")],
        status: Status::WaitingHuman,
        assignee: None,
        note: None,
        rating: None,
    },
];

/// Canned answers: index of the community, title, text.
const CANNED: &[(usize, &str, &str)] = &[
    (5, "发货时间", "每天下午四点前的订单当天发出，周日休息。"),
    (5, "退换", "收到七天内，未拆封的茶可以退；受潮或破损请拍照，我们补发。"),
    (
        5,
        "Shipping abroad",
        "Parcels abroad take eight to twelve days. You get the number as soon as it is handed over.",
    ),
    (7, "Horario", "Abrimos de martes a sábado, de diez a dos y de cinco a ocho."),
];

/// Support settings: index of the community, offset from UTC in minutes, away message.
const SETTINGS: &[(usize, i32, &str)] = &[
    (5, 480, "现在是休息时间，早上九点起逐一回复。"),
    (7, 60, "El taller está cerrado. Contestamos por la mañana."),
];
