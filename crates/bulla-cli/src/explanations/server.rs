//! The authorization server: its configuration, its store and its signing keys.

use super::{Explanation, io, key, usage};

pub(super) const ALL: &[Explanation] = &[
    usage(
        "config.invalid",
        "The server's configuration has a mistake. The message says where: file, line and column, a variable or a flag.",
        "see `bulla serve --check`, which tells every mistake at once",
    ),
    usage(
        "io.permissions-open",
        "A file with a secret in it can be used by others than its owner.",
        "chmod 600 the file; if others have used it, replace the secret",
    ),
    io(
        "io.listen-failed",
        "The server cannot listen on the address.",
        "look for another program that listens there, or take another port",
    ),
    io(
        "io.serve-failed",
        "The server came to an end by itself.",
        "see its log; it can be started again at once",
    ),
    io(
        "rotation.contended",
        "Other nodes change the signing keys all the time.",
        "see their logs: clocks that differ by hours, or two configurations for one store",
    ),
    key(
        "rotation.encryption-key-gone",
        "The store has signing keys, and the key that they are encrypted with is not where it was.",
        "restore it from its copy; without it, move the store away: new keys are made, and old tokens verify no more",
    ),
    usage(
        "rotation.fixed",
        "The configuration names one signing key, which is not rotated here.",
        "remove signing_key to have keys made and rotated, or rotate the key where it is held",
    ),
    key(
        "rotation.sealed",
        "What is stored does not open with the key encryption key: that is another one, or the store was changed.",
        "name the key that was used before, as key_encryption_key or beside the store",
    ),
    io(
        "store.damaged",
        "The store cannot be read as what it should be.",
        "restore it from a copy; see docs/authorization-server.md",
    ),
    usage(
        "store.foreign",
        "The file that should be the store is a database of something else, or none at all. It was left as it is.",
        "name another file",
    ),
    usage(
        "store.newer",
        "The store was written by a newer version of this program.",
        "run that version",
    ),
    usage(
        "store.permissions",
        "The file of the store can be used by others than its owner.",
        "chmod 600 the file, and those of the same name that end in -wal and -shm",
    ),
    io(
        "store.unavailable",
        "The store does not answer, is locked, or has no room. Nothing is accepted meanwhile: requests get 503.",
        "look at the disk and at other programs that have the file open",
    ),
];
