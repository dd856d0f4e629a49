//! The lists of spaces.

use super::*;

on_both! {
    /// Newest first, numbered pages, clamped numbers.
    async fn browsing_is_paged(server: Server) {
        let empty = browse(&server.anon(), &[]).await;
        assert_eq!(empty.json, json!({ "spaces": [], "total": 0, "page": 1, "totalPages": 0 }));
        let alice = server.member("Alice").await;
        for number in 0..5 {
            server.app.clock.advance(std::time::Duration::from_millis(1));
            make_space(&alice, json!({ "name": format!("Space {number}") })).await;
        }
        make_space(&alice, json!({ "name": "Hidden", "isPublic": false })).await;
        let anon = server.anon();
        let all = browse(&anon, &[]).await;
        assert_keys(&all.json, &["spaces", "total", "page", "totalPages"]);
        assert_keys(&all.json["spaces"][0], &SPACE);
        assert_eq!(names(&all), ["Space 4", "Space 3", "Space 2", "Space 1", "Space 0"]);
        assert_eq!((&all.json["total"], &all.json["totalPages"]), (&json!(5), &json!(1)));
        assert_eq!(names(&browse(&alice, &[]).await).len(), 5, "the owner's hidden one is not browsed");

        let second = browse(&anon, &[("page", "2"), ("limit", "2"), ("sort", "newest")]).await;
        assert_eq!(names(&second), ["Space 2", "Space 1"]);
        assert_eq!((&second.json["page"], &second.json["totalPages"]), (&json!(2), &json!(3)));
        let beyond = browse(&anon, &[("page", "9"), ("limit", "2")]).await;
        assert_eq!((names(&beyond).len(), &beyond.json["total"], &beyond.json["page"]), (0, &json!(5), &json!(9)));
        for page in ["0", "-7"] {
            assert_eq!(browse(&anon, &[("page", page)]).await.json["page"], 1, "{page}");
        }
        for limit in ["0", "-7", "-99999999999999999999"] {
            let one = browse(&anon, &[("limit", limit)]).await;
            assert_eq!((names(&one).len(), &one.json["totalPages"]), (1, &json!(5)), "{limit}");
        }
        for word in ["abc", "1.5", ""] {
            let answer = anon.get(&format!("/api/spaces?limit={word}")).await;
            refused(&answer, 400, "INVALID");
            assert_eq!(answer.json["field"], "limit", "{}", answer.text);
        }
    }

    /// At most 50 rows a page, 20 unless told.
    async fn browsing_gives_fifty_at_most(server: Server) {
        let alice = server.member("Alice").await;
        for number in 0..51 {
            make_space(&alice, json!({ "name": format!("{number}") })).await;
        }
        let anon = server.anon();
        let usual = browse(&anon, &[]).await;
        assert_eq!((names(&usual).len(), &usual.json["totalPages"]), (20, &json!(3)));
        for limit in ["50", "51", "2147483648", "99999999999999999999"] {
            let most = browse(&anon, &[("limit", limit)]).await;
            assert_eq!((names(&most).len(), &most.json["totalPages"]), (50, &json!(2)), "{limit}");
        }
    }

    /// Case is folded, wildcards mean themselves, and the category is exact.
    async fn browsing_searches_names(server: Server) {
        let alice = server.member("Alice").await;
        for (name, category) in
            [("\u{c4}lice's", "gaming"), ("Stra\u{df}e", "gaming"), ("100% fun", "trivia"), ("a_b", "trivia"), ("a\\b", "rpg"), ("axb", "rpg")]
        {
            make_space(&alice, json!({ "name": name, "category": category, "description": "needle" })).await;
        }
        let anon = server.anon();
        for (term, found) in [
            ("\u{e4}lice", "\u{c4}lice's"),
            ("\u{c4}LICE", "\u{c4}lice's"),
            ("a\u{308}lice", "\u{c4}lice's"),
            ("STRASSE", "Stra\u{df}e"),
            ("%", "100% fun"),
            ("_", "a_b"),
            ("\\", "a\\b"),
            (" FUN ", "100% fun"),
        ] {
            assert_eq!(names(&browse(&anon, &[("search", term)]).await), [found], "{term:?}");
        }
        assert!(names(&browse(&anon, &[("search", "needle")]).await).is_empty(), "the name only");
        assert!(names(&browse(&anon, &[("search", "' OR 1=1 --")]).await).is_empty());
        assert_eq!(browse(&anon, &[("search", "")]).await.json["total"], 6);
        assert_eq!(names(&browse(&anon, &[("category", "gaming")]).await).len(), 2);
        assert_eq!(browse(&anon, &[("category", "nothing")]).await.json["totalPages"], 0);
        let both = browse(&anon, &[("category", "trivia"), ("search", "fun")]).await;
        assert_eq!((names(&both), &both.json["total"]), (vec!["100% fun"], &json!(1)));
    }

    /// The own list, under both names, holds the hidden ones too, and nobody else's.
    async fn own_spaces_are_listed(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        make_space(&alice, json!({ "name": "Hidden", "isPublic": false })).await;
        make_space(&bob, json!({ "name": "Bob's" })).await;
        for path in ["/api/creator/spaces", "/api/spaces/owned"] {
            let own = alice.get(path).await;
            assert_status(&own, 200);
            assert_keys(&own.json, &["spaces", "total", "page", "totalPages"]);
            assert_eq!(names(&own), ["Hidden"]);
            refused(&server.anon().get(path).await, 401, "UNAUTHENTICATED");
        }
    }

    /// A page of spaces costs a fixed number of statements, whoever owns them.
    async fn browsing_takes_few_statements(server: Server) {
        let mut owners = Vec::new();
        for number in 0..4 {
            owners.push(server.member(&format!("Owner{number}")).await);
        }
        for number in 0..20 {
            make_space(&owners[number % 4], json!({ "name": format!("Space {number}") })).await;
        }
        let anon = server.anon();
        server.statements();
        assert_eq!(names(&browse(&anon, &[]).await).len(), 20);
        let rest = server.statements();
        assert!(rest.len() <= 3, "{rest:#?}");

        let browse = async |count: &str| {
            let query = format!("{{ spaces(limit: 20) {{ nodes {{ id name owner {{ id name image }} }} {count} }} }}");
            let answer = anon.graphql(&query, json!({})).await;
            let nodes = answer.json["data"]["spaces"]["nodes"].as_array().expect("nodes");
            assert_eq!(nodes.len(), 20);
            assert!(nodes.iter().all(|node| node["owner"]["name"].is_string()), "{}", answer.text);
            server.statements()
        };
        let without = browse("").await;
        assert!(without.len() <= 2, "{without:#?}");
        let with = browse("totalCount").await;
        assert!(with.len() <= without.len() + 1 && with.len() <= 3, "{with:#?}");
    }
}
