//! Browsing communities.

use serde_json::json;

use super::{ROW, join, make, names};
use crate::{
    rest::{assert_keys, assert_status, refused},
    support::{Answer, Caller, on_both},
};

async fn browse(caller: &Caller, query: &[(&str, &str)]) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let answer = caller.get(&format!("/api/communities?{query}")).await;
    assert_status(&answer, 200);
    answer
}

on_both! {
    /// Largest first, then newest; exactly the documented keys.
    async fn the_largest_come_first(server: Server) {
        let anon = server.anon();
        assert_eq!(browse(&anon, &[]).await.json, json!({ "communities": [], "total": 0 }));
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let mut paths = Vec::new();
        for name in ["Old", "Full", "New"] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            paths.push(make(&alice, json!({ "name": name, "joinFee": 0 })).await);
        }
        assert_status(&join(&bob, &paths[1]).await, 200);
        let all = browse(&anon, &[]).await;
        assert_keys(&all.json, &["communities", "total"]);
        assert_keys(&all.json["communities"][0], &ROW);
        assert_eq!(names(&all), ["Full", "New", "Old"]);
        assert_eq!(all.json["total"], 3);
        let first = &all.json["communities"][0];
        assert_eq!((&first["memberCount"], &first["creatorName"]), (&json!(2), &json!("Alice")));
        assert_eq!(first["creatorId"], alice.id);

        let second = browse(&anon, &[("page", "2"), ("limit", "2")]).await;
        assert_eq!((names(&second), &second.json["total"]), (vec!["Old"], &json!(3)));
        assert!(names(&browse(&anon, &[("page", "9")]).await).is_empty());
        for limit in ["0", "-7"] {
            assert_eq!(names(&browse(&anon, &[("limit", limit), ("page", "0")]).await), ["Full"], "{limit}");
        }
        refused(&anon.get("/api/communities?limit=abc").await, 400, "INVALID");
    }

    /// At most 50 rows a page (default 20).
    async fn pages_are_clamped(server: Server) {
        let alice = server.member("Alice").await;
        for number in 0..51 {
            make(&alice, json!({ "name": format!("{number}") })).await;
        }
        let anon = server.anon();
        assert_eq!(names(&browse(&anon, &[]).await).len(), 20);
        assert_eq!(names(&browse(&anon, &[("limit", "99999999999")]).await).len(), 50);
    }

    /// Types: known, former and unknown values. Each has a separate total.
    async fn types_and_categories_filter(server: Server) {
        let alice = server.member("Alice").await;
        for (name, kind, category) in [
            ("A", "club", json!("rpg")),
            ("B", "club", json!("trivia")),
            ("C", "official", json!("rpg")),
            ("D", "official", json!(null)),
        ] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            make(&alice, json!({ "name": name, "type": kind, "category": category })).await;
        }
        let anon = server.anon();
        for (query, found) in [
            (&[("type", "club")][..], &["B", "A"][..]),
            (&[("type", "community")], &["B", "A"]),
            (&[("type", "OFFICIAL")], &["D", "C"]),
            (&[("type", "lounge")], &[]),
            (&[("type", "guild")], &[]),
            (&[("type", "*")], &[]),
            (&[("category", "rpg")], &["C", "A"]),
            (&[("category", "nothing")], &[]),
            (&[("category", "*")], &[]),
            (&[("category", "Not A Slug")], &[]),
            (&[("type", "club"), ("category", "rpg")], &["A"]),
            (&[("type", "club"), ("category", "rpg"), ("search", "a")], &["A"]),
            (&[("type", "official"), ("search", "d")], &["D"]),
        ] {
            let answer = browse(&anon, query).await;
            assert_eq!(names(&answer), found, "{query:?}");
            assert_eq!(answer.json["total"], found.len(), "{query:?}");
        }
    }

    /// The stored counts follow every change, also concurrent ones.
    async fn totals_follow_changes(server: Server) {
        let alice = server.member("Alice").await;
        let makes = (0..12).map(|number| {
            let category = if number % 2 == 0 { "rpg" } else { "trivia" };
            make(&alice, json!({ "name": format!("{number}"), "category": category }))
        });
        let paths = futures_util::future::join_all(makes).await;
        let changes = paths.iter().enumerate().map(|(number, path)| {
            let alice = &alice;
            async move {
                if number < 4 {
                    alice.delete(path).await
                } else {
                    alice.put(path, json!({ "category": "chess" })).await
                }
            }
        });
        for answer in futures_util::future::join_all(changes).await {
            assert_status(&answer, 200);
        }
        let anon = server.anon();
        for (query, total) in [
            (&[][..], 8),
            (&[("type", "club")], 8),
            (&[("category", "chess")], 8),
            (&[("category", "rpg")], 0),
            (&[("category", "trivia"), ("type", "club")], 0),
        ] {
            let answer = browse(&anon, query).await;
            assert_eq!((&answer.json["total"], names(&answer).len()), (&json!(total), total), "{query:?}");
        }
    }

    /// Search covers name and description; case is folded, wildcards are literal.
    async fn searching(server: Server) {
        let alice = server.member("Alice").await;
        for (name, description) in
            [("\u{c4}lice's", "walks"), ("100% fun", "with a needle"), ("a_b", ""), ("axb", "ends with 100%")]
        {
            make(&alice, json!({ "name": name, "description": description })).await;
        }
        let anon = server.anon();
        for (term, found) in [
            ("\u{e4}LICE", &["\u{c4}lice's"][..]),
            ("Needle", &["100% fun"]),
            ("a_b", &["a_b"]),
            (" WALKS ", &["\u{c4}lice's"]),
            ("nothing", &[]),
            ("' OR 1=1 --", &[]),
        ] {
            let answer = browse(&anon, &[("search", term)]).await;
            assert_eq!(names(&answer), found, "{term:?}");
            assert_eq!(answer.json["total"], found.len(), "{term:?}");
        }
        assert_eq!(browse(&anon, &[("search", "100%")]).await.json["total"], 2);
        assert_eq!(browse(&anon, &[("search", " ")]).await.json["total"], 4);
    }

    /// A page with its creators and the total takes one statement, for every viewer.
    async fn browsing_takes_one_statement(server: Server) {
        let mut creators = Vec::new();
        for number in 0..4 {
            creators.push(server.member(&format!("Creator{number}")).await);
        }
        for number in 0..20 {
            make(&creators[number % 4], json!({ "name": format!("Club {number}") })).await;
        }
        for who in [&server.anon(), &creators[0]] {
            who.get("/api/communities").await;
            server.statements();
            assert_eq!(names(&browse(who, &[]).await).len(), 20);
            let rest = server.statements();
            assert_eq!(rest.len(), 1, "{rest:#?}");
            assert!(!rest.iter().any(|sql| sql.contains("COUNT")), "the total is kept, not counted: {rest:#?}");
        }
        let query = "{ communities(limit: 20) { nodes { id creator { id name image } viewerMembership { role } } } }";
        let answer = creators[0].graphql(query, json!({})).await;
        let nodes = answer.json["data"]["communities"]["nodes"].as_array().expect("nodes");
        assert_eq!(nodes.len(), 20);
        assert!(nodes.iter().all(|node| node["creator"]["name"].is_string()), "{}", answer.text);
        let by_graphql = server.statements();
        assert!(by_graphql.len() <= 2, "{by_graphql:#?}");
    }
}
