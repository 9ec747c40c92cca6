use std::fmt;

use zeroize::Zeroize;

/// Something that must not be seen: a password, a key. Wiped from memory when dropped.
///
/// It has no `Display`, no comparison (those leak by their time) and a `Debug` that tells nothing.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes charge of a secret.
    pub const fn new(secret: T) -> Secret<T> {
        Secret(secret)
    }

    /// Shows the secret to whoever must have it. What is copied from it is theirs to wipe.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(secret: T) -> Secret<T> {
        Secret::new(secret)
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_shown_only_when_asked() {
        let secret = Secret::new("118X".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.expose(), "118X");
    }
}
