use uuid::Uuid;

use super::{mentioned, names::Names, signs};

const NAMES: [&str; 15] = [
    "Guide",
    "Guide Dog",
    "Straßenführer",
    "导游",
    "Guide",
    "ガイド",
    "가이드",
    "İstanbul",
    "Café Crème",
    "مرشد",
    "מדריך",
    "C++",
    "Dr. No",
    "O'Hara",
    "Мария",
];

/// Returns the name that a message mentions.
fn find(content: &str) -> Option<&'static str> {
    let agents: Vec<_> = (0..).map(Uuid::from_u128).zip(NAMES.map(str::to_owned)).collect();
    let (id, _) = mentioned(&Names::new(agents), content, &signs(content))?;
    NAMES.get(usize::try_from(id.as_u128()).ok()?).copied()
}

#[track_caller]
fn call(table: &[(&str, Option<&str>)]) {
    let wrong: Vec<_> = table
        .iter()
        .map(|(content, wanted)| (content, find(content), *wanted))
        .filter(|(_, found, wanted)| found != wanted)
        .collect();
    assert!(wrong.is_empty(), "(message, called, wanted): {wrong:#?}");
}

const GUIDE: Option<&str> = Some("Guide");

#[test]
fn a_name_behind_an_at_sign_is_called() {
    call(&[
        ("@guide when is it open?", GUIDE),
        ("Say, @GUIDE?", GUIDE),
        ("@Guide", GUIDE),
        ("  @Guide help", GUIDE),
        ("first line\n@Guide second", GUIDE),
        ("first line\r\n@Guide second", GUIDE),
        ("@Guide Dog, sit", Some("Guide Dog")),
        ("@guide  dog", Some("Guide Dog")),
        ("@Guide\u{a0}Dog", Some("Guide Dog")),
        ("@Guide\u{3000}Dog", Some("Guide Dog")),
        ("@Guide\nDog", GUIDE),
        ("@Guide Dogs are nice", GUIDE),
        ("@nobody @straßenführer!", Some("Straßenführer")),
        ("@STRASSENFÜHRER and @guide", Some("Straßenführer")),
        ("@guidebook", None),
        ("@Guide2", None),
        ("guide", None),
        ("@ guide", None),
        ("", None),
        ("@", None),
        ("@@@@@@", None),
    ]);
}

#[test]
fn punctuation_around_a_name() {
    call(&[
        ("@Guide, please", GUIDE),
        ("@Guide: please", GUIDE),
        ("@Guide:please", GUIDE),
        ("@Guide; @Guide! @Guide?", GUIDE),
        ("@Guide.", GUIDE),
        ("@Guide...", GUIDE),
        ("@Guide…", GUIDE),
        ("@Guide's opening hours", GUIDE),
        ("@Guide’s opening hours", GUIDE),
        ("(@Guide)", GUIDE),
        ("[@Guide]", GUIDE),
        ("\"@Guide\"", GUIDE),
        ("„@Guide“", GUIDE),
        ("«@Guide»", GUIDE),
        ("「@Guide」", GUIDE),
        ("<@Guide>", GUIDE),
        ("cc:@Guide", GUIDE),
        ("Hi,@Guide!", GUIDE),
        (".@Guide source", GUIDE),
        ("- @Guide", GUIDE),
        ("—@Guide—", GUIDE),
        ("@Guide – please", GUIDE),
        ("@Guide - please", GUIDE),
        ("@Guide-", GUIDE),
        ("@Guide/@Nobody", GUIDE),
        ("**@Guide**", GUIDE),
        ("*@Guide* help", GUIDE),
        ("_@Guide_ help", GUIDE),
        ("__@Guide__", GUIDE),
        ("_ask @Guide_", GUIDE),
        ("~~@Guide~~", GUIDE),
        ("# @Guide", GUIDE),
        ("| @Guide |", GUIDE),
        ("@Guide👋", GUIDE),
        ("👋@Guide", GUIDE),
        ("@Guide\u{2764}\u{fe0f}", GUIDE),
        ("@Guide <3", GUIDE),
        ("@C++ or @Guide", Some("C++")),
        ("@Dr. No, hello", Some("Dr. No")),
        ("@O'Hara's", Some("O'Hara")),
    ]);
}

#[test]
fn other_handles_and_addresses_call_nobody() {
    call(&[
        ("@guide_bot", None),
        ("@guide_", None),
        ("@guide\\_bot", None),
        ("@guide-dog", None),
        ("@guide\u{2011}dog", None),
        ("@guide/core", None),
        ("npm i @guide/core@1.2.3", None),
        ("@guide.bsky.social", None),
        ("@guide:matrix.org", None),
        ("@guide:localhost", None),
        ("@Guide@host", None),
        ("@Guide@host.example", None),
        ("@Guide＠host", None),
        ("@@Guide", None),
        ("@＠Guide", None),
        ("@guide#1234", None),
        ("@guide+tag", None),
        ("mail me@guide.example", None),
        ("me@guide", None),
        ("me.too@Guide", None),
        ("me+@guide", None),
        ("me_@Guide", None),
        ("мария@Guide", None),
        ("cafe\u{301}@Guide", None),
        ("mailto:me@guide", None),
        ("mailto:@Guide", None),
        ("Mailto:@Guide", None),
        ("ssh git@guide:repository", None),
    ]);
}

#[test]
fn links_call_nobody() {
    call(&[
        ("https://blog.example/@Guide/post-7", None),
        ("https://blog.example/@Guide", None),
        ("see https://blog.example/?bar=@Guide", None),
        ("?bar=@Guide", None),
        ("x&bar=@Guide", None),
        ("https://blog.example/a,@Guide", None),
        ("https://blog.example/(@Guide)", None),
        ("<https://blog.example/@Guide>", None),
        ("www.blog.example/,@Guide", None),
        ("blog.example/@Guide", None),
        ("blog.example/a:@Guide", None),
        ("看https://blog.example/@Guide", None),
        ("https://blog.example/ @Guide", GUIDE),
        ("https://blog.example/）@Guide", GUIDE),
        ("[@Guide](https://blog.example)", None),
        ("[ask @Guide now](https://blog.example \"title\")", None),
        ("![@Guide](https://blog.example/a.png)", None),
        ("[text](https://blog.example/@Guide)", None),
        ("[text](@Guide)", None),
        ("[@Guide][1]", None),
        ("[@Guide](please help)", GUIDE),
        ("\\[@Guide](x)", GUIDE),
        ("<a href=\"@Guide\">", None),
        ("<!-- @Guide -->", None),
        ("/home/@Guide", None),
        ("C:\\dir\\@Guide", None),
    ]);
}

#[test]
fn code_and_quotes_call_nobody() {
    call(&[
        ("`@Guide`", None),
        ("``a ` @Guide``", None),
        ("` @Guide", GUIDE),
        ("`a` @Guide `b`", GUIDE),
        ("\\`@Guide\\`", GUIDE),
        ("`code\nover @Guide lines`", None),
        ("```\n@Guide\n```", None),
        ("```rust\n@Guide\n```\n@Guide Dog", Some("Guide Dog")),
        ("~~~\n@Guide\n~~~", None),
        ("````\n```\n@Guide\n````", None),
        ("```\n@Guide never closed", None),
        ("- ```\n  @Guide\n  ```", None),
        ("```@Guide```", None),
        ("    @Guide", None),
        ("text\n\n\t@Guide", None),
        ("text\n    @Guide", GUIDE),
        ("- item\n\n    @Guide", GUIDE),
        ("> @Guide", None),
        (">@Guide", None),
        (">> @Guide", None),
        ("  > @Guide", None),
        ("- > @Guide", None),
        ("> @Guide said so\n@Guide Dog, did he?", Some("Guide Dog")),
        ("> @Guide\r\n> @Guide", None),
        (">_< @Guide", GUIDE),
        ("a > @Guide", GUIDE),
        ("\\@Guide", None),
        ("\\\\@Guide", GUIDE),
        ("\\\\\\@Guide", None),
        ("say \\＠Guide", None),
    ]);
}

#[test]
fn quotes_differ_from_emoticons() {
    call(&[
        (">on Monday I asked @Guide", None),
        (">Ok, ask @Guide", None),
        (">- ask @Guide", None),
        (">. @Guide", None),
        (">:( @Guide", GUIDE),
        (">_< @Guide", GUIDE),
        (">.< @Guide", GUIDE),
    ]);
}

#[test]
fn markup_and_definitions_call_nobody() {
    call(&[
        ("[@Guide]: https://x.example", None),
        ("[@Guide]: please look", GUIDE),
        ("<img alt=\"ask @Guide\">", None),
        ("<code>@Guide</code>", None),
        ("<pre>ask @Guide</pre> now", None),
        ("<a href=\"https://x.example\">@Guide</a>", None),
        ("<code>x</code> @Guide", GUIDE),
        ("<b>@Guide</b>", GUIDE),
        ("1 < 2 @Guide", GUIDE),
        ("<3 @Guide", GUIDE),
    ]);
}

#[test]
fn full_width_and_prefixed_names() {
    call(&[
        ("＠ｇｕｉｄｅ＿ｂｏｔ", None),
        ("＠guide／core", None),
        ("＠guide＃1234", None),
        ("＠Guide．example", None),
        ("＠guide－dog", None),
        ("＠Guide！", GUIDE),
        ("＠Guide。", GUIDE),
        ("@Guide\u{2bc}s", GUIDE),
        ("@Guide²", GUIDE),
        ("@Guide1\u{fe0f}\u{20e3}", GUIDE),
        ("@Guide1", None),
        ("ל-@Guide", GUIDE),
        ("ל@Guide", GUIDE),
        ("و@Guide", GUIDE),
        ("שלום@Guide", None),
    ]);
}

#[test]
fn scripts_without_spaces() {
    call(&[
        ("@Guideさん", GUIDE),
        ("@Guideさん、何時？", GUIDE),
        ("@Guide님", GUIDE),
        ("导游@Guide你好", GUIDE),
        ("你好，@Guide，几点？", GUIDE),
        ("ถาม@Guideหน่อย", GUIDE),
        ("ที่@Guide", GUIDE),
        ("＠Guide", GUIDE),
        ("＠Ｇｕｉｄｅ", GUIDE),
        ("﹫guide", GUIDE),
        ("@导游 你好", Some("导游")),
        ("@导游你好", Some("导游")),
        ("@导游，你好", Some("导游")),
        ("@ガイドさん", Some("ガイド")),
        ("@ｶﾞｲﾄﾞ", Some("ガイド")),
        ("@가이드님", Some("가이드")),
        ("@\u{1100}\u{1161}\u{110b}\u{1175}\u{1103}\u{1173}", Some("가이드")),
        ("@가이듬", None),
        ("@导", None),
        ("@Guide2人", None),
    ]);
}

#[test]
fn case_marks_and_direction() {
    call(&[
        ("@cafe creme", Some("Café Crème")),
        ("@CAFÉ CRÈME!", Some("Café Crème")),
        ("@cafe\u{301} cre\u{300}me", Some("Café Crème")),
        ("@Guidé", GUIDE),
        ("@istanbul", Some("İstanbul")),
        ("@İSTANBUL", Some("İstanbul")),
        ("@Istanbul", Some("İstanbul")),
        ("@ıstanbul", Some("İstanbul")),
        ("@GUİDE", GUIDE),
        ("@gu\u{131}de", GUIDE),
        ("يا @مرشد، مرحبا", Some("مرشد")),
        ("@مُرشِد", Some("مرشد")),
        ("שלום @מדריך!", Some("מדריך")),
        ("@מַדְרִיךְ", Some("מדריך")),
        ("@מדריךx", None),
        ("\u{200f}@Guide\u{200f}", GUIDE),
        ("@\u{200e}Guide\u{200e}!", GUIDE),
        ("\u{2067}@\u{2068}Guide\u{2069}\u{2069} מה", GUIDE),
        ("@мария", Some("Мария")),
        ("@МАРИЯ?", Some("Мария")),
        ("@Gu\u{200b}ide", GUIDE),
        ("@Gu\u{ad}ide help", GUIDE),
        ("\u{200b}@Guide", GUIDE),
        ("me\u{200b}@Guide", None),
        ("@Guide\u{200d}bot", None),
        ("@\u{200b}Guide", None),
        ("@\u{2060}Guide", None),
    ]);
}

/// If names differ only in marks, the exact spelling wins.
#[test]
fn the_exact_name_is_preferred() {
    let agents =
        |names: [&str; 2]| Names::new((0..).map(Uuid::from_u128).zip(names.map(str::to_owned)).collect());
    for (content, wanted) in [("@resume", 1), ("@résumé", 0), ("@RÉSUMÉ", 0), ("@RESUME", 1)] {
        let found = mentioned(&agents(["Résumé", "Resume"]), content, &signs(content));
        assert_eq!(found.map(|(id, _)| id.as_u128()), Some(wanted), "{content}");
    }
}

/// Adversarial messages terminate quickly.
#[test]
fn hostile_messages_end() {
    for part in
        ["@", "`", "[", "](", "[](", "://", "www.", "<!--", "> ", "@Guide_", "\\", "@導", "``` \n", "[a]("]
    {
        find(&part.repeat(20_000 / part.len()));
    }
}
