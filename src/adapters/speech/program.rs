//! A local speech program: `espeak-ng` or `piper`.
//!
//! The server uses no shell: it passes separate arguments, and the text on the standard input. The program
//! receives few variables and none of the server's keys. Its time, output and concurrency are limited, and it
//! ends when its caller is dropped.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::Command,
    sync::{OnceCell, Semaphore},
    time::timeout,
};

use super::{MAX_BYTES, Speech, SpeechError, check};
use crate::audio::Audio;
use crate::text::language::Language;

/// Maximum number of concurrent programs; others wait.
const AT_ONCE: usize = 2;
/// Maximum bytes of a program's error output.
const COMPLAINT: usize = 1024;
/// Variables that a program receives.
const ENVIRONMENT: [&str; 6] = ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "ESPEAK_DATA_PATH", "TMPDIR"];

/// A speech program.
pub struct Program {
    path: PathBuf,
    name: String,
    voice: Option<String>,
    timeout: Duration,
    turns: Semaphore,
    /// Voices of `espeak-ng`; empty if it does not list them.
    voices: OnceCell<HashSet<String>>,
}

impl Program {
    /// Returns the first installed program. `piper` needs a model, which is then `voice`.
    pub fn installed(voice: Option<&str>) -> Option<PathBuf> {
        let folders = std::env::var_os("PATH")?;
        let has_model =
            voice.is_some_and(|voice| Path::new(voice).extension().is_some_and(|end| end == "onnx"));
        let names: &[&str] = if has_model { &["piper"] } else { &["espeak-ng"] };
        let mut places = names
            .iter()
            .flat_map(|name| std::env::split_paths(&folders).map(move |folder| folder.join(name)));
        places.find(|place| place.is_file())
    }

    /// Creates an adapter of this program. `voice` is the default: a name for `espeak-ng`, the file of a
    /// model for `piper`.
    pub fn new(path: PathBuf, voice: Option<String>, timeout: Duration) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { path, name, voice, timeout, turns: Semaphore::new(AT_ONCE), voices: OnceCell::new() }
    }

    fn is_piper(&self) -> bool {
        self.name.contains("piper")
    }

    /// Returns the arguments for this voice.
    async fn arguments(&self, sentence: &str, voice: Option<&str>) -> Result<Vec<String>, SpeechError> {
        if let Some(voice) = voice.filter(|voice| !is_name(voice)) {
            return Err(SpeechError::UnknownVoice(voice.to_owned()));
        }
        let arguments: [String; 4] = if self.is_piper() {
            let model = self.model(voice)?;
            ["--model".to_owned(), model, "--output_file".to_owned(), "-".to_owned()]
        } else {
            let voice = self.espeak_voice(sentence, voice).await?;
            // UTF-8 regardless of the locale.
            ["--stdin".to_owned(), "--stdout".to_owned(), "-b1".to_owned(), format!("-v{voice}")]
        };
        Ok(arguments.into())
    }

    /// Returns the file of this model, in the folder of the configured model.
    fn model(&self, voice: Option<&str>) -> Result<String, SpeechError> {
        let model = self.voice.clone().unwrap_or_default();
        let Some(voice) = voice else { return Ok(model) };
        let beside = Path::new(&model).with_file_name(format!("{voice}.onnx"));
        let unknown = || SpeechError::UnknownVoice(voice.to_owned());
        if beside.is_file() { beside.to_str().map(str::to_owned).ok_or_else(unknown) } else { Err(unknown()) }
    }

    async fn espeak_voice(&self, sentence: &str, voice: Option<&str>) -> Result<String, SpeechError> {
        if let Some(voice) = voice {
            // With an unknown voice, `espeak-ng` crashes.
            let voices = self.voices.get_or_init(|| self.list()).await;
            let base = voice.split('+').next().unwrap_or_default();
            if !voices.is_empty() && !voices.contains(&base.to_lowercase()) {
                return Err(SpeechError::UnknownVoice(voice.to_owned()));
            }
            return Ok(voice.to_owned());
        }
        if let Some(voice) = &self.voice {
            return Ok(voice.clone());
        }
        Ok(match Language::of(sentence) {
            Some(Language::Chinese) => "cmn".to_owned(),
            language => language.map_or("en", Language::code).to_owned(),
        })
    }

    /// Lists the installed voices, by language and by name.
    async fn list(&self) -> HashSet<String> {
        let Ok(bytes) = self.run(&["--voices".to_owned()], "").await else { return HashSet::new() };
        let text = String::from_utf8_lossy(&bytes);
        let names = text.lines().skip(1).flat_map(|line| line.split_whitespace().skip(1).take(4));
        names.map(str::to_lowercase).collect()
    }

    async fn run(&self, arguments: &[String], text: &str) -> Result<Vec<u8>, SpeechError> {
        // The semaphore is never closed.
        let _turn = self.turns.acquire().await.map_err(|error| SpeechError::Failed(error.to_string()))?;
        let ran = timeout(self.timeout, self.spawn(arguments, text)).await;
        ran.unwrap_or(Err(SpeechError::Timeout(self.timeout)))
    }

    async fn spawn(&self, arguments: &[String], text: &str) -> Result<Vec<u8>, SpeechError> {
        let failed = |error: std::io::Error| SpeechError::Failed(error.to_string());
        let mut command = Command::new(&self.path);
        command.args(arguments).env_clear().kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.envs(ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        let mut child = command.spawn().map_err(failed)?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let write = async move {
            if let Some(mut stdin) = stdin {
                // A program that does not read all its input may still succeed.
                let _ = stdin.write_all(text.as_bytes()).await;
            }
        };
        let ((), sound, complaint) = tokio::join!(write, read(stdout, MAX_BYTES), read(stderr, COMPLAINT));
        let (sound, is_whole) = sound.map_err(failed)?;
        if !is_whole {
            return Err(SpeechError::TooLarge);
        }
        let status = child.wait().await.map_err(failed)?;
        if !status.success() {
            let (complaint, _) = complaint.unwrap_or_default();
            let complaint =
                String::from_utf8_lossy(&complaint).split_whitespace().collect::<Vec<_>>().join(" ");
            return Err(SpeechError::Failed(format!("{} ended with {status}: {complaint}", self.name)));
        }
        Ok(sound)
    }
}

impl Speech for Program {
    fn speak<'a>(
        &'a self,
        sentence: &'a str,
        voice: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Audio, SpeechError>> {
        async move {
            check(sentence)?;
            let arguments = self.arguments(sentence, voice).await?;
            // Both programs read lines; a sentence is one line.
            let line = sentence.split_whitespace().collect::<Vec<_>>().join(" ") + "\n";
            let sound = self.run(&arguments, &line).await?;
            Audio::read(&sound).ok_or(SpeechError::NotAudio)
        }
        .boxed()
    }

    fn provider(&self) -> &str {
        &self.name
    }
}

/// Returns the first bytes of a program's output, and whether they are all. The rest is read too, because a
/// program that cannot write blocks.
async fn read(stream: Option<impl AsyncRead + Unpin>, most: usize) -> std::io::Result<(Vec<u8>, bool)> {
    let (mut kept, mut is_whole) = (Vec::new(), true);
    let Some(mut stream) = stream else { return Ok((kept, is_whole)) };
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok((kept, is_whole));
        }
        let fits = read.min(most - kept.len());
        kept.extend_from_slice(&buffer[..fits]);
        is_whole &= fits == read;
    }
}

/// Returns whether the text is the name of a voice: no path, no option.
fn is_name(voice: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+');
    (1..=64).contains(&voice.len()) && voice.chars().all(fits) && !voice.starts_with('-')
}
