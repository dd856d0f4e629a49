//! Messages of the demo, in community rooms and chats of sessions.

use entity::{
    conversation::{self, Kind},
    conversation_event, message, reaction,
};
use uuid::Uuid;

use super::{Ids, communities, community_ids, id, moment, sessions};
use crate::domain::conversations::{room_scope, session_scope};

/// Author, minutes since the previous line, and text of a message.
type Line = (&'static str, i64, &'static str);
/// Line, emoji and user of a reaction.
type Emoji = (usize, &'static str, &'static str);

/// A conversation in the tables below.
struct SampleConversation {
    /// Day after the demo's start, and minute of the day, of the begin.
    begins: (i64, i64),
    lines: &'static [Line],
    emoji: &'static [Emoji],
    /// Pairs of a line and the line that it replies to.
    answers: &'static [(usize, usize)],
}

/// Rows of all conversations.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) conversations: Vec<conversation::Model>,
    pub(super) messages: Vec<message::Model>,
    pub(super) events: Vec<conversation_event::Model>,
    pub(super) reactions: Vec<reaction::Model>,
}

/// Returns the room of each community and the chat of each session with their messages.
pub(super) fn rows(ids: &Ids) -> anyhow::Result<Rows> {
    let mut rows = Rows::default();
    for place in 0..communities::SAMPLES.len() {
        let community = community_ids::community_id(place);
        let made = community_ids::created(place);
        let mut room = blank(room_id(place), Kind::Room, room_scope(community), made);
        room.community_id = Some(community);
        rows.say(ids, room, ROOMS.get(place))?;
    }
    for place in 0..sessions::SAMPLES.len() {
        let (session, opened) = sessions::session_id(place);
        let scope = session_scope(session);
        let mut chat = blank(id(opened, &format!("chat {place}")), Kind::SpaceSession, scope, opened);
        chat.space_session_id = Some(session);
        rows.say(ids, chat, None)?;
    }
    Ok(rows)
}

/// Returns the id of the room of the community at this index of the table.
pub(super) fn room_id(place: usize) -> Uuid {
    id(community_ids::created(place), &format!("room {place}"))
}

pub(super) fn blank(id: Uuid, kind: Kind, scope: String, made: i64) -> conversation::Model {
    conversation::Model {
        id,
        kind,
        scope,
        community_id: None,
        space_session_id: None,
        customer_id: None,
        last_seq: 0,
        message_count: 0,
        last_micros: moment(made).timestamp_micros(),
        created_at: moment(made),
    }
}

impl Rows {
    fn say(
        &mut self,
        ids: &Ids,
        mut conversation: conversation::Model,
        talk: Option<&SampleConversation>,
    ) -> anyhow::Result<()> {
        let Some(talk) = talk else {
            self.conversations.push(conversation);
            return Ok(());
        };
        let mut at = talk.begins.0 * 86_400 + talk.begins.1 * 60;
        let first = self.messages.len();
        for (place, (who, minutes, text)) in talk.lines.iter().enumerate() {
            at += minutes * 60 + 7;
            conversation.last_seq += 1;
            conversation.message_count += 1;
            conversation.last_micros = moment(at).timestamp_micros();
            let answered = talk.answers.iter().find(|(answer, _)| *answer == place);
            let message = message::Model {
                id: id(at, &format!("{} {place}", conversation.scope)),
                conversation_id: conversation.id,
                seq: conversation.last_seq,
                number: conversation.message_count,
                author_id: Some(ids.of(who)?),
                agent_listing_id: None,
                kind: message::Kind::Text,
                content: (*text).to_owned(),
                search_text: terms::search_text(text),
                reply_to_id: answered.map(|(_, to)| self.messages[first + to].id),
                client_key: None,
                is_incomplete: false,
                tts_audio_url: None,
                created_at: moment(at),
                edited_at: None,
                deleted_at: None,
            };
            self.events.push(conversation_event::Model {
                conversation_id: conversation.id,
                seq: message.seq,
                kind: conversation_event::Kind::MessagePosted,
                message_id: Some(message.id),
                user_id: None,
                alias: None,
                support_status: None,
                created_at: message.created_at,
            });
            self.messages.push(message);
        }
        for (line, emoji, who) in talk.emoji {
            let on = &self.messages[first + line];
            self.reactions.push(reaction::Model {
                message_id: on.id,
                emoji: (*emoji).to_owned(),
                user_id: ids.of(who)?,
                created_at: on.created_at,
            });
        }
        self.conversations.push(conversation);
        Ok(())
    }
}

/// Rooms by the index of the community in its table.
const ROOMS: &[SampleConversation] = &[
    SampleConversation {
        begins: (296, 1110),
        lines: &[
            (
                "alice",
                0,
                "Chapter nine by Sunday, then. No summaries before that, please: Jonas is still on the ferry.",
            ),
            ("jonas", 4, "Still on the ferry, and so is everybody in the book."),
            (
                "chloe",
                11,
                "I read the storm twice. The second time I noticed that nobody on deck speaks; it is all wind.",
            ),
            (
                "admin",
                26,
                "There is a sentence there that runs for a page and a half. I counted four semicolons before I lost the subject.",
            ),
            ("bruno", 3, "Seven. The translation I have breaks it into three sentences and loses all of it."),
            (
                "haruka",
                45,
                "In mine the translator kept it and put a note at the end of the book to apologise.",
            ),
            ("minjun", 9, "I am two chapters behind, but I like hearing you from the next room."),
            ("alice", 2, "That is what the room is for. Stay as far behind as you like."),
        ],
        emoji: &[
            (1, "😄", "alice"),
            (1, "😄", "chloe"),
            (3, "👀", "bruno"),
            (7, "❤️", "minjun"),
            (7, "❤️", "jonas"),
        ],
        answers: &[(4, 3), (7, 6)],
    },
    SampleConversation {
        begins: (297, 1215),
        lines: &[
            (
                "bruno",
                0,
                "Achei o primeiro do Clube da Esquina na feira, capa gasta, disco limpo. Trinta e cinco reais.",
            ),
            (
                "diego",
                6,
                "¿Edición original? Mira la galleta: si dice EMI-Odeon con letras plateadas, lo es.",
            ),
            ("bruno", 5, "Prateadas! Vou ouvir hoje à noite e conto dos chiados."),
            (
                "layla",
                32,
                "I only have it as a reissue. Does the old one really sound warmer, or is that the story we tell ourselves?",
            ),
            ("emre", 14, "İkisini de dinledim. Fark var, ama yarısı odanın farkı."),
            ("alice", 3, "Translated: there is a difference, and half of it is the room."),
            ("bruno", 190, "Chiado só no fim do lado B. Sábado levo para a sessão de escuta."),
        ],
        emoji: &[
            (0, "🔥", "diego"),
            (0, "🔥", "emre"),
            (4, "👍", "bruno"),
            (6, "🎶", "layla"),
            (6, "🎶", "alice"),
        ],
        answers: &[(1, 0), (2, 1), (4, 3)],
    },
    SampleConversation {
        begins: (298, 405),
        lines: &[
            ("chloe", 0, "Levain nourri à six heures, pâte à neuf heures. Qui pétrit avec moi ce matin ?"),
            ("jonas", 9, "Moi. Farine de seigle pour la moitié, ça ira ?"),
            ("chloe", 3, "Pour un tiers. À la moitié, la pâte colle et tu m’en voudras."),
            ("mei", 21, "Mine did not rise at all yesterday. The kitchen was at seventeen degrees."),
            (
                "chloe",
                4,
                "Voilà pourquoi. Mets-le dans le four éteint, lampe allumée : il y fait vingt-cinq.",
            ),
            ("kasia", 60, "Zdjęcie wieczorem. Skórka pękła dokładnie tam, gdzie nie nacięłam."),
            ("alice", 8, "Every loaf of mine does that. I have started to call it the signature."),
        ],
        emoji: &[(4, "🙏", "mei"), (6, "😄", "kasia"), (6, "😄", "chloe")],
        answers: &[(4, 3)],
    },
    SampleConversation {
        begins: (299, 975),
        lines: &[
            (
                "jonas",
                0,
                "Am Samstag wird der Kompost umgesetzt, ab neun. Gabeln sind da, Handschuhe bitte mitbringen.",
            ),
            ("emre", 12, "Ben geliyorum. Geçen yıldan kalan domates sırıklarını da getireyim mi?"),
            ("kasia", 5, "Ja, bring sie mit! Meine sind durchgebrochen."),
            ("haruka", 33, "隣の区画の柿が熟しています。来られる人は一つどうぞ、と言われました。"),
            ("chloe", 7, "Des kakis ! J’arrive avec un panier."),
            (
                "jonas",
                15,
                "Wer die Regentonne zuletzt offen gelassen hat: Im Herbst füllt sie sich von allein, im Frühjahr nicht.",
            ),
            ("alice", 2, "That was me. I will bring cake as a fine."),
        ],
        emoji: &[
            (3, "🍂", "jonas"),
            (3, "😋", "chloe"),
            (6, "🍰", "jonas"),
            (6, "🍰", "kasia"),
            (6, "🍰", "emre"),
        ],
        answers: &[(2, 1), (4, 3), (6, 5)],
    },
    SampleConversation {
        begins: (300, 560),
        lines: &[
            ("haruka", 0, "土曜日は谷中から根津まで歩きます。十時に日暮里駅の西口で。"),
            ("mei", 8, "我会去。下雨的话怎么办？"),
            ("haruka", 3, "小雨なら歩きます。大雨なら喫茶店で地図を眺める会にします。"),
            ("minjun", 17, "저도 갑니다. 지난번에 지나친 그 작은 두부 가게에 다시 들르고 싶어요."),
            ("alice", 40, "私も行きます。また迷子になったら探してください。"),
            ("haruka", 2, "探しません。迷子の散歩がいちばん面白いので、写真だけ送ってください。"),
        ],
        emoji: &[(2, "☕", "mei"), (5, "😂", "alice"), (5, "😂", "minjun")],
        answers: &[(2, 1), (5, 4)],
    },
    SampleConversation {
        begins: (301, 610),
        lines: &[
            ("mei", 0, "秋茶到了。今年的铁观音比去年香，发酵轻一些。"),
            ("layla", 14, "Does the lighter one keep as long? I bought too much last autumn."),
            ("mei", 6, "It keeps less well. Closed tin, no light, and drink it before the spring tea comes."),
            ("haruka", 22, "お湯は何度がいいですか。"),
            ("mei", 4, "九十五度左右，第一泡十秒就够。"),
            (
                "diego",
                51,
                "Diez segundos. Yo la dejaba tres minutos; ahora entiendo la cara de mis invitados.",
            ),
        ],
        emoji: &[(5, "😅", "mei"), (5, "😅", "haruka"), (4, "🍵", "haruka")],
        answers: &[(2, 1), (4, 3)],
    },
    SampleConversation {
        begins: (302, 1020),
        lines: &[
            ("layla", 0, "درس هذا الأسبوع: حرف الواو في خط النسخ. أرسلوا ثلاث محاولات، لا أجملها فقط."),
            ("emre", 18, "İlk denemem bir balığa benzedi. Yine de gönderiyorum."),
            (
                "mei",
                25,
                "My third is better than my first, but my second is better than both. Is that normal?",
            ),
            ("layla", 3, "Normal. The second time the hand knows and the head does not interfere yet."),
            ("kasia", 44, "Jaki papier polecacie? Na moim atrament się rozlewa."),
            ("layla", 7, "ورق مصقول، أو أي ورق بعد أن تمسحيه بقليل من النشا."),
        ],
        emoji: &[(1, "🐟", "layla"), (1, "🐟", "kasia"), (3, "💡", "mei"), (5, "🙏", "kasia")],
        answers: &[(3, 2), (5, 4)],
    },
    SampleConversation {
        begins: (303, 1140),
        lines: &[
            ("diego", 0, "Mañana sopla cierzo de setenta. Quien salga hacia Muel, que vuelva en tren."),
            (
                "jonas",
                9,
                "Mit Rückenwind nach Muel und mit der Bahn zurück: Das ist der beste Plan seit Langem.",
            ),
            ("minjun", 13, "Is there room for a bike on the 18:40?"),
            ("layla", 4, "Two hooks a carriage. Be on the platform early."),
            ("bruno", 37, "Levo a bomba grande. A última vez parámos três vezes pelo mesmo pneu."),
            ("diego", 2, "El mismo pneumático, tres pinchazos, tres botellas. Trae también las botellas."),
        ],
        emoji: &[(1, "💨", "diego"), (5, "😄", "bruno"), (5, "😄", "jonas")],
        answers: &[(1, 0), (3, 2), (5, 4)],
    },
    SampleConversation {
        begins: (312, 1250),
        lines: &[
            ("alice", 0, "Clear sky over the fjord tonight. I am putting the kettle on at ten."),
            ("emre", 6, "Yola çıkıyorum. Bulut var mı orada?"),
            ("alice", 2, "None, and no wind. Bring the thick socks."),
            ("bruno", 15, "A previsão diz que aumenta depois da meia-noite."),
            ("mei", 8, "我第一次看，需要带三脚架吗？"),
            ("alice", 3, "Yes, or lean on my fence. It has held better cameras than mine."),
        ],
        emoji: &[(0, "🌌", "emre"), (5, "😄", "mei")],
        answers: &[(2, 1), (5, 4)],
    },
];
