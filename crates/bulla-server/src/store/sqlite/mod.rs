//! The store in one file, for one machine: SQLite. Several processes may use the file at the same time.

mod file;
mod operations;
mod schema;
mod store;
#[cfg(test)]
mod tests;
mod writer;

pub use store::SqliteStore;
