//! Sessions of the demo and their participants, oldest first.

use anyhow::Context;
use entity::{
    participant::{self, ControlMode},
    space_session::{self, Status},
};
use uuid::Uuid;

use super::{Ids, id, moment, spaces};

/// A session in the table below.
pub(super) struct Sample {
    /// Name of the space.
    space: &'static str,
    status: Status,
    phase: Option<&'static str>,
    /// JSON.
    state: &'static str,
    version: i64,
    /// Local part of the address, role, and whether the participant is connected.
    people: &'static [(&'static str, &'static str, bool)],
}

/// Seconds between the opening and the start of a session, and between the start and an end or a leave.
const STARTED: i64 = 12 * 60;
const ENDED: i64 = 95 * 60;

/// One session a day from 14 October 2026, in the evening, after the last space was created.
fn opened(place: usize) -> i64 {
    let place = i64::try_from(place).unwrap_or_default();
    (286 + place) * 86_400 + (17 + place % 4) * 3_600 + place * 11 % 60 * 60
}

/// Returns the id of the session at this index of the table, and its time of creation.
pub(super) fn session_id(place: usize) -> (Uuid, i64) {
    let opened = opened(place);
    (id(opened, &format!("session {place}")), opened)
}

/// Returns the rows, with the users of `ids`.
pub(super) fn rows(ids: &Ids) -> anyhow::Result<(Vec<space_session::Model>, Vec<participant::Model>)> {
    let mut sessions = Vec::new();
    let mut participants = Vec::new();
    for (place, sample) in SAMPLES.iter().enumerate() {
        let opened = opened(place);
        let session = session(sample, opened, place)?;
        for ((who, role, is_connected), minute) in sample.people.iter().zip(0..) {
            let joined = opened + minute * 60;
            participants.push(participant::Model {
                id: id(joined, &format!("participant {place} {who}")),
                session_id: session.id,
                user_id: ids.of(who)?,
                agent_id: None,
                role: (*role).to_owned(),
                control_mode: ControlMode::Human,
                is_connected: *is_connected,
                joined_at: moment(joined),
                left_at: (!is_connected).then(|| moment(opened + ENDED)),
            });
        }
        sessions.push(session);
    }
    Ok((sessions, participants))
}

fn session(sample: &Sample, opened: i64, place: usize) -> anyhow::Result<space_session::Model> {
    let started = !matches!(sample.status, Status::Waiting | Status::Cancelled);
    let ended = matches!(sample.status, Status::Finished | Status::Cancelled);
    let changed = match sample.status {
        Status::Waiting => opened,
        Status::Active | Status::Paused => opened + STARTED + 40 * 60,
        Status::Finished | Status::Cancelled => opened + ENDED,
    };
    Ok(space_session::Model {
        id: session_id(place).0,
        space_id: spaces::space_id(spaces::place(sample.space)?),
        status: sample.status,
        state: serde_json::from_str(sample.state).with_context(|| sample.space)?,
        version: sample.version,
        current_phase: sample.phase.map(str::to_owned),
        prize_pool: 0,
        started_at: started.then(|| moment(opened + STARTED)),
        finished_at: ended.then(|| moment(opened + ENDED)),
        created_at: moment(opened),
        updated_at: moment(changed),
    })
}

/// The table. Append new sessions, because ids depend on the index.
pub(super) const SAMPLES: &[Sample] = &[
    Sample {
        space: "Chess Café",
        status: Status::Waiting,
        phase: None,
        state: r#"{}"#,
        version: 0,
        people: &[("alice", "white", true), ("jonas", "black", true)],
    },
    Sample {
        space: "Chess Café",
        status: Status::Active,
        phase: Some("middlegame"),
        state: r#"{
            "turn": "black",
            "fen": "r1bq1rk1/ppp2ppp/2np1n2/2b1p3/2B1P3/2PP1N2/PP3PPP/RNBQR1K1 b - - 2 7",
            "moves": 13,
            "clock": {"white": 612, "black": 547}
        }"#,
        version: 13,
        people: &[("kasia", "white", true), ("diego", "black", true), ("alice", "spectator", false)],
    },
    Sample {
        space: "碁と将棋の縁側",
        status: Status::Finished,
        phase: Some("scored"),
        state: r#"{
            "game": "go",
            "board": 9,
            "komi": 6.5,
            "captures": {"black": 4, "white": 7},
            "result": "W+3.5"
        }"#,
        version: 61,
        people: &[("haruka", "white", false), ("minjun", "black", false)],
    },
    Sample {
        space: "Les Brumes d’Armorique",
        status: Status::Active,
        phase: Some("the drowned chapel"),
        state: r#"{
            "scene": "the drowned chapel",
            "round": 3,
            "initiative": ["diego", "layla", "bruno"],
            "clues": ["a bell without a clapper", "wet footprints"]
        }"#,
        version: 27,
        people: &[
            ("chloe", "game_master", true),
            ("diego", "player", true),
            ("layla", "player", true),
            ("bruno", "player", true),
            ("emre", "player", false),
        ],
    },
    Sample {
        space: "Pub Quiz Thursday",
        status: Status::Active,
        phase: Some("round 3"),
        state: r#"{
            "round": 3,
            "question": {"number": 4, "text": "Which river flows through Vienna, Budapest and Belgrade?"},
            "scores": {"The Owls": 17, "Late Arrivals": 15}
        }"#,
        version: 48,
        people: &[
            ("alice", "host", true),
            ("admin", "player", true),
            ("bruno", "player", true),
            ("mei", "player", true),
            ("jonas", "player", false),
        ],
    },
    Sample {
        space: "Pub Quiz Thursday",
        status: Status::Finished,
        phase: Some("results"),
        state: r#"{
            "round": 5,
            "scores": {"The Owls": 31, "Late Arrivals": 34},
            "winner": "Late Arrivals"
        }"#,
        version: 92,
        people: &[
            ("alice", "host", false),
            ("kasia", "player", false),
            ("emre", "player", false),
            ("minjun", "player", false),
        ],
    },
    Sample {
        space: "Die Große Hansekarte",
        status: Status::Paused,
        phase: Some("year 5"),
        state: r#"{
            "year": 5,
            "turn": "jonas",
            "ports": {"Lübeck": "jonas", "Brügge": "chloe", "Bergen": "alice"},
            "coins": {"jonas": 48, "chloe": 53, "alice": 41}
        }"#,
        version: 34,
        people: &[("jonas", "player", true), ("chloe", "player", false), ("alice", "player", false)],
    },
    Sample {
        space: "三国棋局",
        status: Status::Waiting,
        phase: None,
        state: r#"{"seats": {"魏": "mei", "蜀": "haruka"}}"#,
        version: 1,
        people: &[("mei", "player", true), ("haruka", "player", true)],
    },
    Sample {
        space: "Pişti Masası",
        status: Status::Finished,
        phase: Some("match over"),
        state: r#"{"scores": {"emre": 151, "layla": 128}, "pistis": {"emre": 3, "layla": 2}}"#,
        version: 40,
        people: &[("emre", "player", false), ("layla", "player", false)],
    },
    Sample {
        space: "Quiz da Praça",
        status: Status::Cancelled,
        phase: None,
        state: r#"{}"#,
        version: 1,
        people: &[("bruno", "host", false), ("diego", "player", false)],
    },
    Sample {
        space: "Süßmilchs Würfelrunde",
        status: Status::Paused,
        phase: Some("im Turm"),
        state: r#"{"scene": "im Turm", "round": 0, "cookies": "kasia"}"#,
        version: 12,
        people: &[("jonas", "game_master", true), ("kasia", "player", false)],
    },
    Sample {
        space: "Tavla Köşesi",
        status: Status::Active,
        phase: Some("game 3"),
        state: r#"{"turn": "oksana", "dice": [6, 5], "score": {"emre": 1, "oksana": 1}, "cube": 1}"#,
        version: 22,
        people: &[("emre", "white", true), ("admin", "black", true)],
    },
    Sample {
        space: "한밤의 오목",
        status: Status::Active,
        phase: Some("opening"),
        state: r#"{"board": 15, "turn": "white", "stones": [[8, 8], [9, 7], [7, 7], [8, 9], [9, 9]]}"#,
        version: 5,
        people: &[("minjun", "black", true), ("mei", "white", true)],
    },
    Sample {
        space: "Harbour Lights",
        status: Status::Active,
        phase: Some("second winter"),
        state: r#"{
            "season": 4,
            "storm": true,
            "lamps": 7,
            "stores": {"oil": 12, "timber": 5, "grain": 9}
        }"#,
        version: 29,
        people: &[
            ("alice", "keeper", true),
            ("haruka", "pilot", true),
            ("kasia", "merchant", true),
            ("chloe", "engineer", false),
        ],
    },
    Sample {
        space: "طاولة الزهر",
        status: Status::Finished,
        phase: Some("match over"),
        state: r#"{"variant": "محبوسة", "score": {"layla": 5, "emre": 3}}"#,
        version: 57,
        people: &[("layla", "white", false), ("emre", "black", false)],
    },
    Sample {
        space: "Lantern Maze",
        status: Status::Waiting,
        phase: None,
        state: r#"{"maze": "seed-20", "ready": ["mei"]}"#,
        version: 1,
        people: &[
            ("mei", "player", true),
            ("admin", "player", true),
            ("bruno", "player", true),
            ("layla", "player", false),
        ],
    },
];
