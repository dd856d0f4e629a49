//! The servers count together for rate limits.

use super::*;

const LIMITED: &[(&str, &str)] =
    &[("PLAZA_POLL_INTERVAL", "3600"), ("PLAZA_RIGHTS_VALIDITY", "3600"), ("PLAZA_RATE_LIMITS", "on")];

/// Tries a wrong password through a server, and returns the status.
async fn attempt(server: &Program) -> u16 {
    let wrong = json!({ "email": "stranger@example.com", "password": "a wrong password" });
    server.caller("", "").post("/api/auth/sign-in/email", wrong).await.status
}

by_both! {
    LIMITED => async fn attempts_on_all_servers_count_together(cluster => Cluster) {
        let owner = cluster.member("Owner").await;
        let (_, _, chat) = space(&owner[0]).await;
        let (mut socket, _) = listen(&cluster.servers[2], &owner[2], EVENTS, json!({ "c": chat })).await;
        // Of 10 attempts a minute, half by one server, half by another.
        for (server, owner) in cluster.servers.iter().zip(&owner).take(2) {
            for _ in 0..5 {
                assert_eq!(attempt(server).await, 401);
            }
            // A server announces in order: what it counted has arrived before this message.
            post(owner, &chat, "counted").await;
            next(&mut socket).await;
        }
        assert_eq!(attempt(&cluster.servers[2]).await, 429);
    }
}
