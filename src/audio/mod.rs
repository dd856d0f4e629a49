//! Audio containers: kind, duration and joining of files.

mod clip;
mod mp3;
mod mp4;
mod ogg;
mod recording;
mod wav;
mod webm;

pub use clip::Audio;
pub use recording::{KINDS, Sound};
