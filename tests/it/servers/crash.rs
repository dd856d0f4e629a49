//! A server is killed: its subscribers resume on another, and nothing is lost or repeated.

use std::collections::BTreeSet;

use tokio::task::JoinSet;

use super::*;

/// Posts until the server is gone, then through the other one. Returns the contents that were acknowledged.
async fn post_through(callers: [Caller; 2], chat: String, writer: usize, count: usize) -> BTreeSet<String> {
    let mut acknowledged = BTreeSet::new();
    let mut caller = &callers[0];
    for number in 0..count {
        let content = format!("{writer} {number}");
        // A message without an answer may be stored, so it is sent with its key again.
        let body = json!({ "content": content, "clientKey": content });
        let path = format!("/api/conversations/{chat}/messages");
        loop {
            let sent = caller.request(reqwest::Method::POST, &path).json(&body).send().await;
            if sent.is_ok_and(|answer| answer.status().is_success()) {
                break;
            }
            caller = &callers[1];
        }
        acknowledged.insert(content);
    }
    acknowledged
}

by_both! {
    BY_BUS => async fn subscribers_of_a_killed_server_resume_on_another(mut cluster => Cluster) {
        const WRITERS: usize = 6;
        const EACH: usize = 30;
        let owner = cluster.member("Owner").await;
        let (_, _, chat) = space(&owner[0]).await;
        let (mut doomed, first) = listen(&cluster.servers[0], &owner[0], EVENTS, json!({ "c": chat })).await;
        let (mut other, same) = listen(&cluster.servers[1], &owner[1], EVENTS, json!({ "c": chat })).await;
        assert_eq!(position(&first), position(&same));
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let callers = if writer % 2 == 0 { [owner[0].clone(), owner[2].clone()] } else { [owner[2].clone(), owner[1].clone()] };
            writers.spawn(post_through(callers, chat.clone(), writer, EACH));
        }
        let mut heard = Vec::new();
        for _ in 0..40 {
            heard.push(next(&mut doomed).await);
        }
        cluster.servers[0].kill();
        drop(doomed);
        let last = heard.last().expect("events")["position"].clone();
        let (mut resumed, event) =
            listen(&cluster.servers[2], &owner[2], EVENTS, json!({ "c": chat, "a": last })).await;
        heard.push(event);
        let acknowledged: BTreeSet<String> = writers.join_all().await.into_iter().flatten().collect();
        assert_eq!(acknowledged.len(), WRITERS * EACH);
        while heard.len() < WRITERS * EACH {
            heard.push(next(&mut resumed).await);
        }
        let mut same = Vec::new();
        while same.len() < WRITERS * EACH {
            same.push(next(&mut other).await);
        }
        assert_eq!(heard, same, "both subscribers receive the same events");
        let positions: Vec<i64> = heard.iter().map(position).collect();
        assert!(positions.windows(2).all(|pair| pair[1] == pair[0] + 1), "in order, without a gap");
        let contents: BTreeSet<String> =
            heard.iter().map(|event| text(&event["message"]["content"]).to_owned()).collect();
        assert_eq!(contents, acknowledged, "each message once");
    }
}
