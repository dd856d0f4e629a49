//! The lists of spaces.

use sea_orm::ConnectionTrait;

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

    /// At most 50 rows a page (default 20).
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

    /// Case is folded, wildcards are literal, and the category is exact.
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

    /// The own list, under both names, includes private spaces of the caller only.
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

    /// A page of spaces with owners and total takes one statement.
    async fn browsing_takes_one_statement(server: Server) {
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
        assert_eq!(rest.len(), 1, "{rest:#?}");
        assert_eq!(names(&browse(&anon, &[("search", "space"), ("category", "other")]).await).len(), 20);
        let search = server.statements();
        assert_eq!(search.len(), 1, "{search:#?}");
        assert!(names(&browse(&anon, &[("page", "7")]).await).is_empty());
        let beyond = server.statements();
        assert_eq!(beyond.len(), 2, "no row has the total: {beyond:#?}");

        let browse = async |count: &str| {
            let query = format!("{{ spaces(limit: 20) {{ nodes {{ id name owner {{ id name image }} }} {count} }} }}");
            let answer = anon.graphql(&query, json!({})).await;
            let nodes = answer.json["data"]["spaces"]["nodes"].as_array().expect("nodes");
            assert_eq!(nodes.len(), 20);
            assert!(nodes.iter().all(|node| node["owner"]["name"].is_string()), "{}", answer.text);
            server.statements()
        };
        for count in ["", "totalCount"] {
            let statements = browse(count).await;
            assert_eq!(statements.len(), 1, "{statements:#?}");
        }
    }

    /// A space with its owner and all its sessions takes one statement, and long columns are read once.
    async fn a_space_takes_one_statement(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let body = json!({ "name": "Chess", "description": "Long", "definition": { "players": 2 } });
        let path = format!("/api/spaces/{}", text(&make_space(&alice, body).await, "id"));
        let mut opened = Vec::new();
        for sessions in 0..3 {
            bob.get("/api/creator/api-keys/whoami").await;
            server.statements();
            let found = bob.get(&path).await;
            let mut statements = server.statements();
            // A session is confirmed again after ten seconds.
            statements.retain(|sql| !sql.contains("login_sessions"));
            assert_eq!(statements.len(), 1, "{statements:#?}");
            assert_eq!((&found.json["description"], &found.json["definition"]), (&json!("Long"), &json!({ "players": 2 })));
            assert_eq!(found.json["owner"], json!({ "id": alice.id, "name": "Alice", "image": null }));
            let rows = found.json["sessions"].as_array().expect("a list");
            let ids: Vec<_> = rows.iter().map(|row| row["id"].clone()).collect();
            assert_eq!((ids.len(), &ids), (sessions, &opened), "newest first");
            assert!(rows.iter().all(|row| row["participantCount"] == 1), "{}", found.text);
            server.app.clock.advance(std::time::Duration::from_secs(1));
            opened.insert(0, bob.post_empty(&format!("{path}/sessions")).await.json["id"].clone());
        }
    }

    /// The kept totals follow every change of a space, also of many at once.
    async fn totals_follow_changes(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let anon = server.anon();
        let total = async |category: &str| {
            let query: &[(&str, &str)] = if category.is_empty() { &[] } else { &[("category", category)] };
            let answer = browse(&anon, query).await;
            assert_eq!(answer.json["total"].as_u64(), Some(names(&answer).len() as u64), "{}", answer.text);
            answer.json["total"].as_u64().expect("a number")
        };
        let mut made = Vec::new();
        for (owner, category, is_public) in
            [(&alice, "rpg", true), (&alice, "rpg", false), (&bob, "rpg", true), (&bob, "trivia", true)]
        {
            let body = json!({ "name": "Space", "category": category, "isPublic": is_public });
            made.push(format!("/api/spaces/{}", text(&make_space(owner, body).await, "id")));
        }
        assert_eq!((total("").await, total("rpg").await, total("trivia").await, total("none").await), (3, 2, 1, 0));
        assert_eq!(total("*").await, 0);
        assert_status(&alice.put(&made[1], json!({ "isPublic": true, "category": "trivia" })).await, 200);
        assert_eq!((total("").await, total("rpg").await, total("trivia").await), (4, 2, 2));
        assert_status(&alice.put(&made[0], json!({ "category": "trivia" })).await, 200);
        assert_eq!((total("").await, total("rpg").await, total("trivia").await), (4, 1, 3));
        assert_status(&alice.put(&made[0], json!({ "isPublic": false, "name": "Hidden" })).await, 200);
        assert_eq!((total("").await, total("rpg").await, total("trivia").await), (3, 1, 2));
        assert_status(&bob.delete(&made[2]).await, 204);
        assert_eq!((total("").await, total("rpg").await, total("trivia").await), (2, 0, 2));
        for (all, left) in [("UPDATE spaces SET is_public = NOT is_public", 1), ("DELETE FROM spaces", 0)] {
            server.app.db.write().execute_unprepared(all).await.expect(all);
            assert_eq!((total("").await, total("rpg").await, total("trivia").await), (left, 0, left), "{all}");
        }
    }

    /// The index of names follows every change; terms of any length and sign are found.
    async fn the_index_follows_changes(server: Server) {
        let alice = server.member("Alice").await;
        let anon = server.anon();
        let found = async |term: &str| {
            let answer = browse(&anon, &[("search", term)]).await;
            assert_eq!(answer.json["total"].as_u64(), Some(names(&answer).len() as u64), "{}", answer.text);
            names(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let club = "\u{8c61}\u{68cb}\u{4ff1}\u{4e50}\u{90e8}";
        let mut made = Vec::new();
        for name in ["Dragon \"Lair\"", "Drachenhort", club, "abcxbcd", "C++ & C#"] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            let space = make_space(&alice, json!({ "name": name })).await;
            made.push(format!("/api/spaces/{}", text(&space, "id")));
        }
        for (term, names) in [
            ("dragon", &["Dragon \"Lair\""][..]),
            ("\"lair\"", &["Dragon \"Lair\""]),
            ("dra", &["Drachenhort", "Dragon \"Lair\""]),
            ("dr", &["Drachenhort", "Dragon \"Lair\""]),
            ("\u{8c61}\u{68cb}", &[club]),
            ("\u{68cb}\u{4ff1}\u{4e50}", &[club]),
            // All its trigrams are in a name, but not in sequence.
            ("abcd", &[]),
            ("++ &", &["C++ & C#"]),
            ("c++", &["C++ & C#"]),
            ("drag AND lair", &[]),
            ("%%%", &[]),
        ] {
            assert_eq!(found(term).await, names, "{term}");
        }
        assert_status(&alice.put(&made[0], json!({ "name": "Phoenix" })).await, 200);
        assert_eq!((found("dragon").await, found("phoenix").await), (vec![], vec!["Phoenix".to_owned()]));
        assert_status(&alice.put(&made[0], json!({ "isPublic": false })).await, 200);
        assert!(found("phoenix").await.is_empty(), "a private space is not found");
        assert_status(&alice.delete(&made[1]).await, 204);
        assert!(found("drachen").await.is_empty());
        // By cursor, the total is that of the whole list.
        for number in 0..3 {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            make_space(&alice, json!({ "name": format!("Dungeon {number}") })).await;
        }
        let query = "query($a: String) { spaces(search: \"dungeon\", first: 2, after: $a) \
                     { totalCount pageInfo { endCursor } nodes { name } } }";
        let first = anon.graphql(query, json!({ "a": null })).await.json["data"]["spaces"].clone();
        assert_eq!((&first["totalCount"], &first["nodes"][0]["name"]), (&json!(3), &json!("Dungeon 2")));
        let rest = anon.graphql(query, json!({ "a": first["pageInfo"]["endCursor"] })).await;
        let rest = &rest.json["data"]["spaces"];
        assert_eq!((&rest["totalCount"], &rest["nodes"]), (&json!(3), &json!([{ "name": "Dungeon 0" }])));
    }
}
