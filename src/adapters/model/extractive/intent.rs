//! Messages that are answered without the knowledge: greetings, thanks, and requests for a person.

use terms::{is_unspaced, words};

/// The intent of a message that is not a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    /// A greeting.
    Greet,
    /// Thanks.
    Thank,
    /// A request for a person.
    Person,
}

/// Greetings, which a name may follow.
const GREETINGS: &str = "hello|hi|hey|hiya|howdy|greetings|good morning|good afternoon|good evening|good day|hi there|hello there|\
    hallo|moin|servus|guten tag|guten morgen|guten abend|grüß gott|grüezi|grüß dich|\
    bonjour|bonsoir|salut|coucou|hola|buenos días|buenas tardes|buenas noches|buenas|\
    ciao|buongiorno|buonasera|salve|olá|oi|bom dia|boa tarde|boa noite|\
    goedemorgen|goedemiddag|goedenavond|goedendag|привет|здравствуйте|здравствуй|добрый день|доброе утро|добрый вечер|\
    γεια|γεια σου|γεια σας|καλημέρα|καλησπέρα|\
    你好|您好|嗨|早上好|下午好|晚上好|大家好|こんにちは|こんばんは|おはよう|おはようございます|はじめまして|안녕|안녕하세요|안녕하십니까";

const THANKS: &str = "thanks|thank you|many thanks|thx|ty|cheers|danke|vielen dank|danke schön|danke sehr|merci|merci beaucoup|\
    gracias|muchas gracias|grazie|grazie mille|obrigado|obrigada|muito obrigado|muito obrigada|bedankt|dank je|dank u|dankjewel|\
    спасибо|большое спасибо|ευχαριστώ|谢谢|多谢|感谢|ありがとう|ありがとうございます|감사합니다|고마워요|고맙습니다";

/// Verbs of contact with a person.
const TALK: &str = "talk speak chat connect transfer reach contact call sprechen reden verbinden weiterleiten telefonieren \
    parler discuter contacter joindre hablar contactar comunicar comunicarme parlare contattare falar conversar contatar \
    spreken praten поговорить связаться связать соединить соедините позовите позвать μιλήσω επικοινωνήσω μιλήσει";

/// Words for a person.
const PERSON: &str = "human humans person people agent operator representative rep employee someone somebody staff colleague \
    mensch menschen person mitarbeiter mitarbeiterin mitarbeitern jemand jemandem jemanden berater beraterin kollegen \
    humain humaine personne conseiller conseillère quelqu opérateur humano humana persona alguien operador operadora asesor asesora \
    representante umano umana operatore operatrice qualcuno addetto pessoa atendente alguém mens persoon medewerker iemand \
    человек человеком человека оператор оператора оператором сотрудник сотрудником сотрудника менеджером живым \
    άνθρωπο υπάλληλο εκπρόσωπο κάποιον";

/// Words that request a person on their own, also with a please.
const ALONE: &str = "human|human please|a human please|real person|a real person|real person please|a real person please|operator|\
    operator please|live agent|live agent please|human agent|human support|representative|representative please|\
    mensch|mensch bitte|echter mensch|mitarbeiter bitte|un humain|un humain s il vous plaît|un humano por favor|una persona por favor|\
    agente humano|un operatore|operatore|um humano por favor|atendente|atendente por favor|een mens|een medewerker graag|оператор|\
    оператора|живой человек|человек";

/// Phrases in scripts without spaces that request a person anywhere in a message.
const ANYWHERE: [&str; 14] = [
    "转人工",
    "人工客服",
    "人工服务",
    "真人",
    "和人聊",
    "跟人聊",
    "人と話",
    "人間と話",
    "オペレーター",
    "担当者と話",
    "有人対応",
    "상담원",
    "사람과 이야기",
    "사람이랑",
];

/// Returns the intent of a message; `None` if it may be a question.
pub(super) fn intent(text: &str, is_known: impl Fn(&str) -> bool) -> Option<Intent> {
    if ANYWHERE.iter().any(|words| text.contains(words)) {
        return Some(Intent::Person);
    }
    let said = words(text);
    let all = said.join(" ");
    let one_of = |list: &str, word: &str| list.split_whitespace().any(|listed| listed == word);
    // "I want to talk to a person", or the reverse order in languages with the verb at the end.
    let talk = said.iter().any(|word| one_of(TALK, word));
    if ALONE.split('|').any(|alone| alone == all)
        || (talk && said.len() <= 14 && said.iter().any(|word| one_of(PERSON, word)))
    {
        return Some(Intent::Person);
    }
    // After a greeting, at most a name and no word of the knowledge.
    let opens = |list: &str| {
        list.split('|').any(|opening| {
            let opening = words(opening);
            said.strip_prefix(opening.as_slice()).is_some_and(|rest| {
                let spare = if opening.iter().any(|word| word.starts_with(is_unspaced)) { 4 } else { 2 };
                rest.len() <= spare && !rest.iter().any(|word| is_known(word))
            })
        })
    };
    if text.contains(['?', '？', ';']) {
        None
    } else if opens(GREETINGS) {
        Some(Intent::Greet)
    } else if opens(THANKS) {
        Some(Intent::Thank)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Intent> {
        intent(text, |word| matches!(word, "hours" | "price"))
    }

    #[test]
    fn greetings() {
        for text in [
            "Hi!",
            "hello there",
            "Hey Luna",
            "Guten Morgen zusammen",
            "Grüß Gott",
            "¡Buenos días!",
            "Bonjour",
            "Привет",
            "Γεια σας",
            "你好",
            "こんにちは！",
            "おはようございます。",
            "안녕하세요",
            "Good evening everyone 🎉",
        ] {
            assert_eq!(read(text), Some(Intent::Greet), "{text}");
        }
        for text in ["Hi, hours?", "hello price", "Hi, what does it cost", "History", "Hola, ¿cuánto cuesta?"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        for text in ["Thanks!", "Vielen Dank", "merci beaucoup", "ありがとうございます", "谢谢"] {
            assert_eq!(read(text), Some(Intent::Thank), "{text}");
        }
    }

    #[test]
    fn a_person_is_wanted() {
        for text in [
            "I want to talk to a human",
            "Can I speak with someone?",
            "please connect me to an agent",
            "operator",
            "Real person, please!",
            "Ich möchte mit einem Mitarbeiter sprechen",
            "Kann ich mit jemandem reden?",
            "Je voudrais parler à un conseiller",
            "Quiero hablar con una persona",
            "Vorrei parlare con un operatore",
            "Quero falar com um atendente",
            "Ik wil met een medewerker praten",
            "Соедините меня с оператором",
            "Θέλω να μιλήσω με άνθρωπο",
            "我要转人工",
            "人と話したいです",
            "상담원 연결해 주세요",
        ] {
            assert_eq!(read(text), Some(Intent::Person), "{text}");
        }
        for text in [
            "How many people can play?",
            "Is there a human in the loop?",
            "Who is the contact for refunds?",
            "May I bring a person with me?",
            "Can I call on Sundays?",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
