//! 听验证码: six digits, spoken in Mandarin.
//!
//! Digits and not the picture's letters: everybody who reads these pages knows them by ear, while
//! the English names of C, D, E, G, P, T and V are one sound over a bad loudspeaker.

use crate::base::chance::Chance;

/// How many samples a second: what a voice needs.
const RATE: u32 = 11_025;
/// How many digits are asked for.
const DIGITS: usize = 6;
/// The middle of an unsigned sample: silence.
const SILENCE: u8 = 128;

/// Each digit as mono samples of 8 bits (`web/sounds/VENDOR.md`).
const SPOKEN: [&[u8]; 10] = [
    include_bytes!("../../../../web/sounds/0.pcm"),
    include_bytes!("../../../../web/sounds/1.pcm"),
    include_bytes!("../../../../web/sounds/2.pcm"),
    include_bytes!("../../../../web/sounds/3.pcm"),
    include_bytes!("../../../../web/sounds/4.pcm"),
    include_bytes!("../../../../web/sounds/5.pcm"),
    include_bytes!("../../../../web/sounds/6.pcm"),
    include_bytes!("../../../../web/sounds/7.pcm"),
    include_bytes!("../../../../web/sounds/8.pcm"),
    include_bytes!("../../../../web/sounds/9.pcm"),
];

/// A new answer to listen for.
pub fn answer(chance: &Chance) -> String {
    chance.digits(DIGITS)
}

/// Speaks digits, each at its own pace and after its own pause, over a little noise; as WAV. What
/// is no digit is passed over. The same chance speaks the same.
pub fn speak(digits: &str, chance: &Chance) -> Vec<u8> {
    let mut samples = Vec::new();
    pause(&mut samples, chance);
    for digit in digits.chars().filter_map(|it| it.to_digit(10)) {
        let clip = SPOKEN[digit as usize];
        // Between 8 % slower and 8 % faster, in thousandths.
        let pace = 920 + chance.below(161) as usize;
        let last = clip.len().saturating_sub(1);
        samples
            .extend((0..clip.len() * 1_000 / pace).map(|at| clip[(at * pace / 1_000).min(last)]));
        pause(&mut samples, chance);
    }
    for sample in &mut samples {
        let noise = chance.below(9) as i8 - 4;
        *sample = sample.saturating_add_signed(noise);
    }
    wav(&samples)
}

/// Between a third and two thirds of a second.
fn pause(samples: &mut Vec<u8>, chance: &Chance) {
    let length = RATE / 3 + chance.below(u64::from(RATE / 3)) as u32;
    samples.extend(std::iter::repeat_n(SILENCE, length as usize));
}

/// A RIFF file of one channel with 8 bits a sample.
fn wav(samples: &[u8]) -> Vec<u8> {
    let length = u32::try_from(samples.len()).expect("some seconds of sound fit");
    let mut file = Vec::with_capacity(44 + samples.len());
    file.extend(b"RIFF");
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    for word in [1_u16, 1] {
        file.extend(word.to_le_bytes());
    }
    file.extend(RATE.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    for word in [1_u16, 8] {
        file.extend(word.to_le_bytes());
    }
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(samples);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_chance_speaks_the_same_and_another_otherwise() {
        let spoken = |seed| speak("314159", &Chance::seeded(seed));
        assert_eq!(spoken(1), spoken(1));
        assert_ne!(spoken(1), spoken(2));
        let file = spoken(1);
        assert!(file.starts_with(b"RIFF") && &file[8..16] == b"WAVEfmt ");
        let seconds = file.len() as u32 / RATE;
        assert!((4..9).contains(&seconds), "{seconds} s");
        let said = u32::from_le_bytes(file[40..44].try_into().unwrap());
        assert_eq!(said as usize, file.len() - 44);
    }

    #[test]
    fn an_answer_is_six_digits() {
        let answer = answer(&Chance::seeded(3));
        assert!(answer.len() == 6 && answer.bytes().all(|it| it.is_ascii_digit()));
    }
}
