//! (not furnished yet)
