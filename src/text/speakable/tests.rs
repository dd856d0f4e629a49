use super::*;

/// Checks the spoken sentences of a text for all ways to split it into pieces.
#[track_caller]
fn read(text: &str, wanted: &[&str]) {
    assert_eq!(speakable(text), wanted, "{text:?}");
    let chars: Vec<char> = text.chars().collect();
    for size in 1..=chars.len().min(16) {
        let mut speakable = Speakable::default();
        let mut found = Vec::new();
        for piece in chars.chunks(size) {
            found.extend(speakable.push(&piece.iter().collect::<String>()));
        }
        found.extend(speakable.finish());
        assert_eq!(found, wanted, "{text:?} in pieces of {size}");
    }
    for at in 0..chars.len() {
        let (one, two) = chars.split_at(at);
        let mut speakable = Speakable::default();
        let mut found = speakable.push(&one.iter().collect::<String>());
        found.extend(speakable.push(&two.iter().collect::<String>()));
        found.extend(speakable.finish());
        assert_eq!(found, wanted, "{text:?} cut at {at}");
    }
}

/// Nested brackets are read without recursion as deep as they are.
#[test]
fn nested_brackets_end() {
    let thread = std::thread::Builder::new().stack_size(256 * 1024);
    let deep = thread.spawn(|| {
        for count in [10, 700, 100_000] {
            let text = format!("{}x{} end.", "[".repeat(count), "]".repeat(count));
            assert!(speakable(&text).concat().contains("end."), "{count}");
        }
    });
    deep.unwrap().join().unwrap();
}

#[test]
fn emphasis() {
    read("**Bold** and *italic* and ***both***.", &["Bold and italic and both."]);
    read("__Bold__ and _italic_. ~~Gone~~ now.", &["Bold and italic.", "Gone now."]);
    read("**Fett.** Danach. **Note:** this", &["Fett.", "Danach.", "Note: this"]);
    read("snake_case_name and 3 * 4 = 12", &["snake case name and 3 * 4 = 12"]);
    read("about ~5 km", &["about ~5 km"]);
    read("Calculate 2*3=6 and 2**3=8 now.", &["Calculate 2*3=6 and 2**3=8 now."]);
    read("n*(n+1), (a)*(b), 5*x and x*5", &["n*(n+1), (a)*(b), 5*x and x*5"]);
    read("It costs **5** or *6*, and **2**.", &["It costs 5 or 6, and 2."]);
    read("Use `cargo build` or ``a ` b``.", &["Use cargo build or a ` b."]);
    read("Not \\*bold\\*.", &["Not *bold*."]);
    read("它**很好**。下一句。", &["它很好。", "下一句。"]);
}

#[test]
fn lines() {
    read("# Opening hours\nWe open at 9.", &["Opening hours", "We open at 9."]);
    read("## Title ##\n\nText", &["Title", "Text"]);
    read("#tag and # 1", &["#tag and # 1"]);
    read("Title\n=====\nText\n---\nMore\n***\n", &["Title", "Text", "More"]);
    read("- one\n- **two**\n* three\n+ four\n• five", &["one", "two", "three", "four", "five"]);
    read("1. Open it.\n2. Close it.", &["1. Open it.", "2. Close it."]);
    read("- [ ] milk\n- [x] eggs", &["milk", "eggs"]);
    read("> quoted\n>> twice\n> - item", &["quoted", "twice", "item"]);
    read("-5 degrees", &["-5 degrees"]);
    read("a\r\nb\r\n", &["a", "b"]);
}

#[test]
fn tables() {
    let table =
        "| Day | Opens |\n|---|:---:|\n| Monday | 9:00 |\n| **Sunday** | [closed](x) |\n\nThat is all.";
    read(table, &["Day, Opens", "Monday, 9:00", "Sunday, closed", "That is all."]);
    read("a | b\n--- | ---\nc | d", &["a, b", "c, d"]);
    read("|---|", &[]);
}

#[test]
fn code_blocks_are_left_out() {
    read("Run this:\n```sh\nrm -rf *\n# no\n```\nDone.", &["Run this:", "Done."]);
    read("~~~\ncode\n~~~\nDone.", &["Done."]);
    read("````\n```\n````\nDone.", &["Done."]);
    read("Look:\n```\nnever closed", &["Look:"]);
}

#[test]
fn links_and_addresses() {
    read("See [our site](https://example.com/a?b=c) now.", &["See our site now."]);
    read("See [**the** list](<x y> \"title\").", &["See the list."]);
    read("![A map](map.png) helps.", &["A map helps."]);
    read("Read [this][1].\n\n[1]: https://example.com/x\nBye.", &["Read this.", "Bye."]);
    read("As shown [1][2], and [^3].", &["As shown, and."]);
    read("[sic] yes", &["sic yes"]);
    read("The value lies in [0, 5].", &["The value lies in 0, 5."]);
    read("Use list[0] and [1, 2], as proven [1,2] and [3-5].", &["Use list0 and 1, 2, as proven and."]);
    read(
        "詳しくはhttps://example.com/a?b=1をご覧ください。次の文です。",
        &["詳しくはexample.comをご覧ください。", "次の文です。"],
    );
    read("请看https://example.com/路径，谢谢。", &["请看example.com，谢谢。"]);
    read("자세한 내용은 https://www.example.com를 보세요.", &["자세한 내용은 example.com를 보세요."]);
    read("「https://example.com/a」です。", &["「example.com」です。"]);
    read("Zu www.bücher.example/kasse?x=1 oder www.example.comへ", &["Zu bücher.example oder example.comへ"]);
    read("Naïveté, coöperation, 日本A社.", &["Naïveté, coöperation, 日本A社."]);
    read("See https://example.com/a?", &["See example.com?"]);
    read("See https://example.com/a?b=c#d. Next one.", &["See example.com.", "Next one."]);
    read("(see https://www.example.com/a_(b))", &["(see example.com)"]);
    read("See www.example.com/a, please", &["See example.com, please"]);
    read("See example.com/path/to and and/or.", &["See example.com and and/or."]);
    read("<https://example.com/x> or <me@example.com>", &["example.com or me@example.com"]);
    read("看 https://example.com/路径。下一句。", &["看 example.com。", "下一句。"]);
    read("At 10:30 it costs 3.50 a.m. Fine.", &["At 10:30 it costs 3.50 a.m.", "Fine."]);
    read("[never closed and on", &["never closed and on"]);
}

#[test]
fn html_and_emoji() {
    read("<b>Bold</b> text<br>next <!-- no --> line", &["Bold text", "next line"]);
    read("Salt &amp; pepper &lt;3 &#8364;5 &unknown; AT&T", &["Salt & pepper <3 €5 &unknown; AT&T"]);
    read("I <3 you, a < b", &["I <3 you, a < b"]);
    read("Done! 🎉 Next. 👩‍👩‍👧 Bye ❤\u{fe0f}", &["Done!", "Next.", "Bye"]);
    read("🎉", &[]);
    read("5 < 6 and 7 > 3, x<", &["5 < 6 and 7 > 3, x<"]);
    read("caf&eacute; &mdash; 5 &times; 3 &rarr; M&uuml;ller", &["café — 5 × 3 Müller"]);
    read("a<script>let b = \"<i>\";</script>c<style>p {}</style >d", &["acd"]);
    read("> [!NOTE]\n> Mind the step.\n\n[!NOTE] is a mark.", &["Mind the step.", "!NOTE is a mark."]);
}

#[test]
fn unclosed_markup_is_read_aloud() {
    let texts = ["[", "`", "<a", "**", "|", "https://x", "![", "&", "- [", "\\", "#", ">", "```"];
    for text in texts {
        let text = format!("{text} end. ").repeat(3000);
        let mut speakable = Speakable::default();
        let mut count = 0;
        for piece in text.as_bytes().chunks(1000) {
            count += speakable.push(std::str::from_utf8(piece).unwrap()).len();
            assert!(speakable.text.len() <= 2 * HELD, "{}", speakable.text.len());
        }
        count += speakable.finish().len();
        assert!(count > 1 || text.starts_with("```"), "{text:.10} {count}");
    }
}
