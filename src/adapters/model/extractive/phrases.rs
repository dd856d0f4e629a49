//! The fixed sentences of the built-in answerer.

use crate::text::language::Language;

/// The sentences in one language; `{}` is replaced by titles.
pub(super) struct Phrases {
    /// Answer to a greeting if the agent has knowledge.
    pub(super) greeting: &'static str,
    /// Answer to a greeting otherwise.
    pub(super) bare_greeting: &'static str,
    /// Answer to thanks.
    pub(super) welcome: &'static str,
    /// Answer to a request for a person.
    pub(super) person: &'static str,
    /// Answer if no passage matches.
    pub(super) nothing: &'static str,
    /// Introduces related titles.
    pub(super) nearest: &'static str,
    /// Names the source of an answer.
    pub(super) source: &'static str,
}

/// Returns the sentences in this language; English if it is unknown.
pub(super) fn phrases(language: Option<Language>) -> &'static Phrases {
    match language {
        None | Some(Language::English) => &Phrases {
            greeting: "Hello! I can answer questions from these texts: {}. What would you like to know?",
            bare_greeting: "Hello! I have no texts to answer from yet, so I cannot answer questions.",
            welcome: "You're welcome!",
            person: "You would like to talk to a person. I only answer from texts, so I leave this to the people here.",
            nothing: "I found nothing about this in my texts.",
            nearest: "The nearest topics are: {}.",
            source: "Source: {}",
        },
        Some(Language::German) => &Phrases {
            greeting: "Hallo! Ich antworte aus dem, was man mir zu lesen gab: {}. Was möchtest du wissen?",
            bare_greeting: "Hallo! Man hat mir noch nichts zu lesen gegeben, darum kann ich keine Fragen beantworten.",
            welcome: "Gern geschehen!",
            person: "Du möchtest mit einem Menschen sprechen. Ich antworte nur aus Texten und überlasse das den Menschen hier.",
            nothing: "Dazu habe ich in dem, was man mir zu lesen gab, nichts gefunden.",
            nearest: "Am nächsten kommen diese Themen: {}.",
            source: "Quelle: {}",
        },
        Some(Language::French) => &Phrases {
            greeting: "Bonjour ! Je réponds d’après ce que l’on m’a donné à lire : {}. Que voulez-vous savoir ?",
            bare_greeting: "Bonjour ! On ne m’a encore rien donné à lire, je ne peux donc pas répondre aux questions.",
            welcome: "Avec plaisir !",
            person: "Vous souhaitez parler à une personne. Je ne réponds que d’après des textes, je laisse donc cela aux personnes ici.",
            nothing: "Je n’ai rien trouvé à ce sujet dans ce que l’on m’a donné à lire.",
            nearest: "Les sujets les plus proches : {}.",
            source: "Source : {}",
        },
        Some(Language::Spanish) => &Phrases {
            greeting: "¡Hola! Respondo a partir de lo que me dieron a leer: {}. ¿Qué quieres saber?",
            bare_greeting: "¡Hola! Todavía no me han dado nada que leer, así que no puedo responder preguntas.",
            welcome: "¡De nada!",
            person: "Quieres hablar con una persona. Yo solo respondo a partir de textos, así que lo dejo a las personas de aquí.",
            nothing: "No he encontrado nada sobre esto en lo que me dieron a leer.",
            nearest: "Los temas más cercanos son: {}.",
            source: "Fuente: {}",
        },
        Some(Language::Italian) => &Phrases {
            greeting: "Ciao! Rispondo in base a ciò che mi è stato dato da leggere: {}. Che cosa vuoi sapere?",
            bare_greeting: "Ciao! Non mi è ancora stato dato nulla da leggere, quindi non posso rispondere alle domande.",
            welcome: "Prego!",
            person: "Vuoi parlare con una persona. Io rispondo solo in base a testi, quindi lo lascio alle persone qui.",
            nothing: "Non ho trovato nulla su questo in ciò che mi è stato dato da leggere.",
            nearest: "Gli argomenti più vicini sono: {}.",
            source: "Fonte: {}",
        },
        Some(Language::Portuguese) => &Phrases {
            greeting: "Olá! Respondo a partir do que me deram para ler: {}. O que quer saber?",
            bare_greeting: "Olá! Ainda não me deram nada para ler, por isso não posso responder a perguntas.",
            welcome: "De nada!",
            person: "Quer falar com uma pessoa. Eu só respondo a partir de textos, por isso deixo isto às pessoas daqui.",
            nothing: "Não encontrei nada sobre isto no que me deram para ler.",
            nearest: "Os temas mais próximos são: {}.",
            source: "Fonte: {}",
        },
        Some(Language::Dutch) => &Phrases {
            greeting: "Hallo! Ik antwoord uit wat ik te lezen kreeg: {}. Wat wil je weten?",
            bare_greeting: "Hallo! Ik heb nog niets te lezen gekregen, dus ik kan geen vragen beantwoorden.",
            welcome: "Graag gedaan!",
            person: "Je wilt met een mens praten. Ik antwoord alleen uit teksten, dus dit laat ik aan de mensen hier over.",
            nothing: "Ik heb hierover niets gevonden in wat ik te lezen kreeg.",
            nearest: "De dichtstbijzijnde onderwerpen zijn: {}.",
            source: "Bron: {}",
        },
        Some(Language::Russian) => &Phrases {
            greeting: "Здравствуйте! Я отвечаю по тому, что мне дали прочитать: {}. Что вы хотите узнать?",
            bare_greeting: "Здравствуйте! Мне пока ничего не дали прочитать, поэтому я не могу отвечать на вопросы.",
            welcome: "Пожалуйста!",
            person: "Вы хотите поговорить с человеком. Я отвечаю только по текстам и оставляю это людям здесь.",
            nothing: "В том, что мне дали прочитать, я об этом ничего не нашёл.",
            nearest: "Ближайшие темы: {}.",
            source: "Источник: {}",
        },
        Some(Language::Greek) => &Phrases {
            greeting: "Γεια σας! Απαντώ από όσα μου έδωσαν να διαβάσω: {}. Τι θέλετε να μάθετε;",
            bare_greeting: "Γεια σας! Δεν μου έχουν δώσει ακόμη τίποτα να διαβάσω, οπότε δεν μπορώ να απαντήσω σε ερωτήσεις.",
            welcome: "Παρακαλώ!",
            person: "Θέλετε να μιλήσετε με άνθρωπο. Εγώ απαντώ μόνο από κείμενα και το αφήνω στους ανθρώπους εδώ.",
            nothing: "Δεν βρήκα τίποτα γι’ αυτό σε όσα μου έδωσαν να διαβάσω.",
            nearest: "Τα πιο κοντινά θέματα είναι: {}.",
            source: "Πηγή: {}",
        },
        Some(Language::Chinese) => &Phrases {
            greeting: "你好！我根据给我的资料回答：{}。你想了解什么？",
            bare_greeting: "你好！还没有人给我资料，所以我无法回答问题。",
            welcome: "不客气！",
            person: "你想和真人交谈。我只根据资料回答，这就交给这里的人来处理。",
            nothing: "在给我的资料里没有找到相关内容。",
            nearest: "最接近的主题：{}。",
            source: "来源：{}",
        },
        Some(Language::Japanese) => &Phrases {
            greeting: "こんにちは。渡された資料からお答えします：{}。何をお知りになりたいですか。",
            bare_greeting: "こんにちは。まだ資料が渡されていないため、ご質問にお答えできません。",
            welcome: "どういたしまして。",
            person: "担当者とのお話をご希望ですね。私は資料からしか答えられないため、ここにいる人にお任せします。",
            nothing: "渡された資料の中には、これに関することが見つかりませんでした。",
            nearest: "近い話題：{}。",
            source: "出典：{}",
        },
        Some(Language::Korean) => &Phrases {
            greeting: "안녕하세요! 받은 자료에서 답해 드립니다: {}. 무엇이 궁금하신가요?",
            bare_greeting: "안녕하세요! 아직 받은 자료가 없어 질문에 답할 수 없습니다.",
            welcome: "천만에요!",
            person: "사람과 이야기하고 싶으시군요. 저는 자료에서만 답하므로 이곳의 담당자에게 맡기겠습니다.",
            nothing: "받은 자료에서 관련된 내용을 찾지 못했습니다.",
            nearest: "가장 가까운 주제: {}.",
            source: "출처: {}",
        },
    }
}
