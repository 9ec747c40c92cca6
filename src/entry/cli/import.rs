//! `kaowu import`: files of many rows.
