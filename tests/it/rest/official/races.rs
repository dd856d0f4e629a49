//! Concurrent requests: one chat, one assignee.

use futures_util::future::join_all;

use super::Desk;
use crate::{
    rest::{assert_status, text},
    support::on_both,
};

on_both! {
    async fn two_begin_one_chat(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        server.delay_commits(2000);
        let started = join_all((0..8).map(|_| desk.start(&desk.customer))).await;
        let mut statuses: Vec<u16> = started.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
        let first = text(&started[0].json, "conversationId");
        for answer in &started {
            assert_eq!(text(&answer.json, "conversationId"), first);
            assert_eq!(answer.json["existing"], answer.status == 200);
            assert_eq!(text(&answer.json, "status"), "ai_active");
        }
        assert_eq!(desk.queue(&desk.agent).await.len(), 1);
    }

    async fn one_of_two_takes_the_customer(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        server.delay_commits(2000);
        for round in 0..5 {
            let customer = server.member(&format!("Customer{round}")).await;
            let id = desk.begin(&customer).await;
            let takers = [&desk.agent, &desk.other, &desk.moderator, &desk.creator];
            let taken = join_all(takers.iter().map(|who| desk.accept(who, &id))).await;
            let winners: Vec<usize> = (0..4).filter(|at| taken[*at].status == 200).collect();
            assert_eq!(winners.len(), 1);
            assert!(taken.iter().all(|answer| matches!(answer.status, 200 | 404)));
            let queue = desk.queue(&desk.agent).await;
            let row = queue.iter().find(|row| row["conversationId"] == *id).expect("is there");
            assert_eq!(text(row, "assignedCsId"), takers[winners[0]].id);
        }
    }

    /// Concurrent resolving and restarting: episodes follow each other without gaps.
    async fn episodes_do_not_overlap(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        let id = desk.begin(&desk.customer).await;
        for _ in 0..4 {
            let both = join_all((0..4).map(async |at| {
                if at % 2 == 0 { desk.resolve(&desk.customer, &id).await } else { desk.start(&desk.customer).await }
            }))
            .await;
            both.iter().for_each(|answer| assert_status(answer, 200));
        }
        let chats = plaza::domain::support::list_chats(&server.app, &[id.parse().expect("an id")]).await;
        let chat = chats.expect("reads").pop().expect("is there");
        let episodes = plaza::domain::support::list_episodes(&server.app, &[chat.id], 1000).await.expect("reads");
        let numbers: Vec<i32> = episodes.iter().map(|episode| episode.number).collect();
        assert_eq!(numbers, (1..=chat.episode).collect::<Vec<_>>());
        let open = episodes.iter().filter(|episode| episode.resolved_at.is_none()).count();
        assert!(open <= 1, "{open} are open");
    }
}
