//! The demo's spaces, oldest first.

use anyhow::Context;
use entity::space::{self, Tags};
use uuid::Uuid;

use super::{Ids, id, moment};
use crate::domain::text;

/// A space as the table below writes it.
pub(super) struct Sample {
    pub(super) name: &'static str,
    /// The first part of the owner's address.
    owner: &'static str,
    category: &'static str,
    tags: &'static [&'static str],
    description: &'static str,
    /// JSON.
    definition: &'static str,
    is_public: bool,
}

/// Who is invited to which private space.
pub(super) const INVITES: &[(&str, &str)] = &[("Süßmilchs Würfelrunde", "kasia")];

/// The id of the space at this place of the table. It hangs on the place, so that a name may be corrected later.
pub(super) fn space_id(place: usize) -> Uuid {
    id(created(place), &format!("space {place}"))
}

/// The place of the space of this name.
pub(super) fn place(name: &str) -> anyhow::Result<usize> {
    SAMPLES.iter().position(|sample| sample.name == name).with_context(|| format!("no demo space {name}"))
}

/// Every six and a half days from mid-January on, at different times of the day.
fn created(place: usize) -> i64 {
    let place = i64::try_from(place).unwrap_or_default();
    let hour = 8 + place * 5 % 13;
    (14 * 24 + place * 156) / 24 * 86_400 + hour * 3_600 + place * 7 % 60 * 60
}

/// The rows, owned by the people of `ids`.
pub(super) fn rows(ids: &Ids) -> anyhow::Result<Vec<space::Model>> {
    let row = |(place, sample): (usize, &Sample)| {
        Ok(space::Model {
            id: space_id(place),
            owner_id: ids.of(sample.owner)?,
            name: sample.name.to_owned(),
            name_fold: text::fold(sample.name),
            description: sample.description.to_owned(),
            category: sample.category.to_owned(),
            tags: Tags(sample.tags.iter().map(|tag| (*tag).to_owned()).collect()),
            definition: serde_json::from_str(sample.definition).with_context(|| sample.name)?,
            is_public: sample.is_public,
            created_at: moment(created(place)),
            updated_at: moment(created(place)),
        })
    };
    SAMPLES.iter().enumerate().map(row).collect()
}

/// The table. New spaces go to its end: ids hang on the place.
pub(super) const SAMPLES: &[Sample] = &[
    Sample {
        name: "Chess Café",
        owner: "alice",
        category: "board_game",
        tags: &["chess", "classic", "casual"],
        description: "Unhurried chess for every strength. Take a seat, offer a rematch, and talk \
            about the game afterwards.",
        definition: r#"{
            "iframeUrl": "https://apps.example/chess",
            "minPlayers": 2,
            "maxPlayers": 2,
            "rules": {"clock": "15+10", "takebacks": true}
        }"#,
        is_public: true,
    },
    Sample {
        name: "Quiz da Praça",
        owner: "bruno",
        category: "trivia",
        tags: &["quiz", "português", "cultura geral"],
        description: "Perguntas rápidas sobre música, futebol e história. Toda quinta-feira há \
            uma rodada especial.",
        definition: r#"{
            "minPlayers": 2,
            "maxPlayers": 12,
            "rounds": 5,
            "secondsPerQuestion": 20
        }"#,
        is_public: true,
    },
    Sample {
        name: "The Front Porch",
        owner: "alice",
        category: "social",
        tags: &["chat", "newcomers"],
        description: "Say hello, ask where things are, and find somebody to play with.",
        definition: r#"{"maxPlayers": 50, "rules": ["Be kind", "No spoilers"]}"#,
        is_public: true,
    },
    Sample {
        name: "Les Brumes d’Armorique",
        owner: "chloe",
        category: "rpg",
        tags: &["jdr", "fantastique", "français"],
        description: "Une campagne dans une Bretagne de légendes, entre korrigans et naufrageurs. \
            Les débutants sont accueillis à bras ouverts.",
        definition: r#"{
            "iframeUrl": "https://apps.example/tabletop",
            "system": "d20",
            "minPlayers": 3,
            "maxPlayers": 5
        }"#,
        is_public: true,
    },
    Sample {
        name: "Sueca entre Amigos",
        owner: "bruno",
        category: "card_game",
        tags: &["cartas", "sueca", "duplas"],
        description: "Quatro jogadores, duas duplas e nenhuma conversa à mesa. Vence quem fizer \
            primeiro quatro jogos.",
        definition: r#"{
            "minPlayers": 4,
            "maxPlayers": 4,
            "rules": {"deck": 40, "trump": "last card dealt"}
        }"#,
        is_public: true,
    },
    Sample {
        name: "Dominó del Barrio",
        owner: "diego",
        category: "board_game",
        tags: &["dominó", "familia", "español"],
        description: "Dominó doble seis por parejas, como en la plaza de siempre. Se juega a \
            doscientos puntos.",
        definition: r#"{
            "iframeUrl": "https://apps.example/dominoes",
            "minPlayers": 2,
            "maxPlayers": 4,
            "target": 200
        }"#,
        is_public: true,
    },
    Sample {
        name: "Щоденний кросворд",
        owner: "admin",
        category: "puzzle",
        tags: &["кросворд", "українська", "щодня"],
        description: "Новий кросворд щоранку: розв’язуйте самі або разом із друзями. Підказки \
            відкриваються опівдні.",
        definition: r#"{"size": [13, 13], "maxPlayers": 4, "hintsAt": "12:00"}"#,
        is_public: true,
    },
    Sample {
        name: "Pişti Masası",
        owner: "emre",
        category: "card_game",
        tags: &["kart", "pişti", "türkçe"],
        description: "Çay hazır, kartlar dağıtıldı: iki ya da dört kişilik pişti. Acele yok, \
            sohbet serbest.",
        definition: r#"{
            "minPlayers": 2,
            "maxPlayers": 4,
            "rules": {"target": 151, "jackTakesAll": true}
        }"#,
        is_public: true,
    },
    Sample {
        name: "Die Große Hansekarte",
        owner: "jonas",
        category: "strategy",
        tags: &["handel", "aufbau", "deutsch"],
        description: "Kaufleute der Hanse bauen Kontore von Brügge bis Nowgorod. Wer klug \
            handelt, führt am Ende die Flotte.",
        definition: r#"{
            "iframeUrl": "https://apps.example/hanse",
            "minPlayers": 2,
            "maxPlayers": 6,
            "rules": {"turnMinutes": 10, "years": 12}
        }"#,
        is_public: true,
    },
    Sample {
        name: "Le Mot du Matin",
        owner: "chloe",
        category: "puzzle",
        tags: &["mots", "quotidien"],
        description: "Un mot de six lettres à deviner en sept essais, le même pour tout le monde.",
        definition: r#"{"letters": 6, "tries": 7, "alphabet": "fr"}"#,
        is_public: true,
    },
    Sample {
        name: "Alice’s Playtest Room",
        owner: "alice",
        category: "gaming",
        tags: &["playtest", "prototype"],
        description: "Half-finished ideas, tried out with friends. Expect rough edges and bring a \
            notebook.",
        definition: r#"{
            "iframeUrl": "https://apps.example/prototype",
            "maxPlayers": 5,
            "feedback": true
        }"#,
        is_public: false,
    },
    Sample {
        name: "碁と将棋の縁側",
        owner: "haruka",
        category: "board_game",
        tags: &["囲碁", "将棋", "日本語"],
        description: "縁側でお茶を飲みながら、のんびり一局。初心者には対局のあとで感想戦をします。",
        definition: r#"{
            "iframeUrl": "https://apps.example/go",
            "minPlayers": 2,
            "maxPlayers": 2,
            "boards": [9, 13, 19]
        }"#,
        is_public: true,
    },
    Sample {
        name: "¿Quién lo sabe?",
        owner: "diego",
        category: "trivia",
        tags: &["preguntas", "español", "equipos"],
        description: "Concurso por equipos sobre cine, ciencia y geografía. ¡El último en \
            responder prepara el café!",
        definition: r#"{"minPlayers": 4, "maxPlayers": 16, "rounds": 6}"#,
        is_public: true,
    },
    Sample {
        name: "Żar nad Wisłą",
        owner: "kasia",
        category: "rpg",
        tags: &["rpg", "słowiańska fantastyka", "polski"],
        description: "Smoki, utopce i jedna bardzo stara karczma. Kampania dla spokojnych graczy, \
            którzy lubią dobre opowieści.",
        definition: r#"{
            "system": "d100",
            "minPlayers": 3,
            "maxPlayers": 6,
            "safety": ["lines", "veils"]
        }"#,
        is_public: true,
    },
    Sample {
        name: "Fahrradwerkstatt für alle",
        owner: "jonas",
        category: "other",
        tags: &["selbermachen", "fahrrad"],
        description: "Schläuche flicken, Ketten ölen, Gänge einstellen: Hier hilft man sich \
            gegenseitig. Fotos der Schäden sind ausdrücklich erwünscht.",
        definition: r#"{"topics": ["Bremsen", "Schaltung", "Räder"]}"#,
        is_public: true,
    },
    Sample {
        name: "三国棋局",
        owner: "mei",
        category: "strategy",
        tags: &["三国", "策略", "中文"],
        description: "三方对弈，合纵连横。每回合十分钟，欢迎新手观战学习。",
        definition: r#"{
            "iframeUrl": "https://apps.example/three-kingdoms",
            "minPlayers": 3,
            "maxPlayers": 3,
            "turnMinutes": 10
        }"#,
        is_public: true,
    },
    Sample {
        name: "مقهى الحكايات",
        owner: "layla",
        category: "social",
        tags: &["قصص", "عربي", "سهرة"],
        description: "مجلس هادئ نتبادل فيه الحكايات والألغاز الشعبية. كل مساء خميس راوٍ جديد.",
        definition: r#"{"maxPlayers": 30, "textDirection": "rtl", "evening": "Thursday"}"#,
        is_public: true,
    },
    Sample {
        name: "Tavla Köşesi",
        owner: "emre",
        category: "board_game",
        tags: &["tavla", "klasik"],
        description: "Kapı almayı bilen de gelsin, yeni öğrenen de. Beşe ulaşan maçı alır.",
        definition: r#"{
            "iframeUrl": "https://apps.example/backgammon",
            "minPlayers": 2,
            "maxPlayers": 2,
            "matchPoints": 5
        }"#,
        is_public: true,
    },
    Sample {
        name: "Sudoku o świcie",
        owner: "kasia",
        category: "puzzle",
        tags: &["sudoku", "logika", "codziennie"],
        description: "Trzy plansze dziennie: łatwa, trudna i złośliwa. Wspólne rozwiązywanie bez \
            zegara.",
        definition: r#"{"boards": ["easy", "hard", "mean"], "maxPlayers": 3}"#,
        is_public: true,
    },
    Sample {
        name: "Pub Quiz Thursday",
        owner: "alice",
        category: "trivia",
        tags: &["quiz", "weekly", "teams"],
        description: "Five rounds, one music round, and a tie-breaker nobody ever gets right. \
            Teams of up to four.",
        definition: r#"{"minPlayers": 2, "maxPlayers": 24, "rounds": 5, "teamSize": 4}"#,
        is_public: true,
    },
    Sample {
        name: "한밤의 오목",
        owner: "minjun",
        category: "gaming",
        tags: &["오목", "한국어", "빠른 대전"],
        description: "잠들기 전에 딱 한 판만! 다섯 알을 먼저 놓는 사람이 이깁니다.",
        definition: r#"{
            "iframeUrl": "https://apps.example/omok",
            "minPlayers": 2,
            "maxPlayers": 2,
            "board": 15
        }"#,
        is_public: true,
    },
    Sample {
        name: "Churrasco de Domingo",
        owner: "bruno",
        category: "social",
        tags: &["família", "domingo"],
        description: "O grupo da família: receitas, fotos e a eterna discussão sobre o ponto da \
            carne.",
        definition: r#"{"maxPlayers": 15}"#,
        is_public: false,
    },
    Sample {
        name: "Belote & Rebelote",
        owner: "chloe",
        category: "card_game",
        tags: &["belote", "cartes", "équipes"],
        description: "La belote classique en équipes, avec annonces et mauvaise foi autorisée. \
            Partie en mille points.",
        definition: r#"{
            "iframeUrl": "https://apps.example/belote",
            "minPlayers": 4,
            "maxPlayers": 4,
            "target": 1000
        }"#,
        is_public: true,
    },
    Sample {
        name: "Козацька фортеця",
        owner: "admin",
        category: "strategy",
        tags: &["стратегія", "оборона", "українська"],
        description: "Збудуйте січ, домовтеся з сусідами й переживіть три зими. Гра для \
            двох–чотирьох гетьманів.",
        definition: r#"{"minPlayers": 2, "maxPlayers": 4, "rules": {"winters": 3}}"#,
        is_public: true,
    },
    Sample {
        name: "しりとり広場",
        owner: "haruka",
        category: "social",
        tags: &["しりとり", "ことば遊び"],
        description: "だれでも参加できる、のんびりしりとり。「ん」で終わったら一曲歌います。",
        definition: r#"{"maxPlayers": 20, "secondsPerWord": 30}"#,
        is_public: true,
    },
    Sample {
        name: "Mühle & Dame am Brunnen",
        owner: "jonas",
        category: "board_game",
        tags: &["mühle", "dame", "gemütlich"],
        description: "Zwei alte Brettspiele, ein schattiger Platz. Anfängerinnen und Anfänger \
            bekommen gern eine Partie erklärt.",
        definition: r#"{
            "iframeUrl": "https://apps.example/morris",
            "minPlayers": 2,
            "maxPlayers": 2,
            "games": ["morris", "draughts"]
        }"#,
        is_public: true,
    },
    Sample {
        name: "Torneo de Truco",
        owner: "diego",
        category: "gaming",
        tags: &["truco", "torneo", "español"],
        description: "¡Quiero retruco! Eliminatorias los sábados y partidas amistosas toda la \
            semana.",
        definition: r#"{
            "minPlayers": 2,
            "maxPlayers": 6,
            "rules": {"flor": false, "target": 30}
        }"#,
        is_public: true,
    },
    Sample {
        name: "ألغاز الصحراء",
        owner: "layla",
        category: "puzzle",
        tags: &["ألغاز", "منطق"],
        description: "لغز منطقي جديد كل يوم، من السهل إلى ما يستعصي على الجميع.",
        definition: r#"{"textDirection": "rtl", "levels": 3, "maxPlayers": 5}"#,
        is_public: true,
    },
    Sample {
        name: "斗地主茶馆",
        owner: "mei",
        category: "card_game",
        tags: &["扑克", "斗地主", "茶馆"],
        description: "泡一壶茶，三人一桌斗地主。输的人负责讲一个笑话。",
        definition: r#"{
            "iframeUrl": "https://apps.example/landlord",
            "minPlayers": 3,
            "maxPlayers": 3
        }"#,
        is_public: true,
    },
    Sample {
        name: "조선 괴담 원정대",
        owner: "minjun",
        category: "rpg",
        tags: &["TRPG", "괴담", "한국어"],
        description: "한양의 밤거리에 떠도는 소문을 쫓는 이야기 중심의 TRPG입니다. 처음 오신 분도 \
            환영합니다.",
        definition: r#"{"system": "2d6", "minPlayers": 3, "maxPlayers": 5}"#,
        is_public: true,
    },
    Sample {
        name: "Liga Sąsiadów",
        owner: "kasia",
        category: "gaming",
        tags: &["liga", "sąsiedzi"],
        description: "Tabela, terminy i drobne złośliwości naszej klatki schodowej. Tylko dla \
            zaproszonych.",
        definition: r#"{"maxPlayers": 10, "season": 3}"#,
        is_public: false,
    },
    Sample {
        name: "Mahalle Takas Pazarı",
        owner: "emre",
        category: "other",
        tags: &["takas", "mahalle", "kitap"],
        description: "Okuduğunuz kitapları, büyüttüğünüz fideleri değiş tokuş edin. Para geçmez, \
            teşekkür geçer.",
        definition: r#"{"topics": ["kitap", "fide", "oyuncak"]}"#,
        is_public: true,
    },
    Sample {
        name: "Atelier d’écriture du mardi",
        owner: "chloe",
        category: "social",
        tags: &["écriture", "ateliers"],
        description: "Une contrainte, vingt minutes, puis lecture à voix haute pour qui le \
            souhaite.",
        definition: r#"{"maxPlayers": 12, "minutes": 20, "rules": ["Bienveillance d’abord"]}"#,
        is_public: true,
    },
    Sample {
        name: "Harbour Lights",
        owner: "alice",
        category: "strategy",
        tags: &["economy", "co-op", "long game"],
        description: "Run a small port together: dredge the channel, keep the lamps lit, and \
            survive the winter storms.",
        definition: r#"{
            "iframeUrl": "https://apps.example/harbour",
            "minPlayers": 2,
            "maxPlayers": 5,
            "rules": {"seasons": 8, "cooperative": true}
        }"#,
        is_public: true,
    },
    Sample {
        name: "詰将棋道場",
        owner: "haruka",
        category: "puzzle",
        tags: &["詰将棋", "上達"],
        description: "毎日三問、一手詰から十一手詰まで。考え方を書き込んで、みんなで解きましょう。",
        definition: r#"{
            "iframeUrl": "https://apps.example/tsume",
            "problemsPerDay": 3,
            "moves": [1, 11]
        }"#,
        is_public: true,
    },
    Sample {
        name: "Süßmilchs Würfelrunde",
        owner: "jonas",
        category: "rpg",
        tags: &["hausrunde", "freitags"],
        description: "Unsere feste Freitagsrunde mit Kartenmaterial, Protokollen und der Liste, \
            wer die Kekse mitbringt.",
        definition: r#"{"system": "d6", "minPlayers": 3, "maxPlayers": 5}"#,
        is_public: false,
    },
    Sample {
        name: "طاولة الزهر",
        owner: "layla",
        category: "board_game",
        tags: &["طاولة", "كلاسيكي", "عربي"],
        description: "طاولة الزهر كما في مقاهي دمشق وبيروت: المحبوسة والإفرنجية، ومن يخسر يصبّ \
            الشاي.",
        definition: r#"{
            "iframeUrl": "https://apps.example/tawla",
            "textDirection": "rtl",
            "minPlayers": 2,
            "maxPlayers": 2
        }"#,
        is_public: true,
    },
    Sample {
        name: "Horta Comunitária",
        owner: "bruno",
        category: "other",
        tags: &["plantas", "bairro", "português"],
        description: "Trocamos sementes, calendários de plantio e dúvidas sobre pulgões. A \
            colheita divide-se no fim do mês.",
        definition: r#"{"plots": 18, "topics": ["sementes", "compostagem", "rega"]}"#,
        is_public: true,
    },
    Sample {
        name: "퀴즈 한마당",
        owner: "minjun",
        category: "trivia",
        tags: &["퀴즈", "상식", "팀전"],
        description: "상식, 음악, 영화까지 골고루! 열 문제를 가장 빨리 맞히는 팀이 이깁니다.",
        definition: r#"{
            "minPlayers": 2,
            "maxPlayers": 16,
            "questions": 10,
            "secondsPerQuestion": 15
        }"#,
        is_public: true,
    },
    Sample {
        name: "Lantern Maze",
        owner: "mei",
        category: "gaming",
        tags: &["arcade", "maze", "quick"],
        description: "Find the way out before your lantern goes dark. A round takes three \
            minutes, and nobody plays just one.",
        definition: r#"{
            "iframeUrl": "https://apps.example/lantern-maze",
            "minPlayers": 1,
            "maxPlayers": 8,
            "roundSeconds": 180
        }"#,
        is_public: true,
    },
];
