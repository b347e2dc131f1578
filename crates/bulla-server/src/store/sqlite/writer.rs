use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use bulla::key::BoxFuture;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::file::SameFile;
use super::operations::unavailable;
use crate::store::StoreError;

/// One thread that has the connection. What waits for it together is written together, so that one wait for the disk
/// serves many requests. It ends with the last of its handles.
#[derive(Clone)]
pub(super) struct Writer {
    queue: SyncSender<Box<dyn Job>>,
}

/// More may not wait: who comes then is told so at once, and may try again.
const QUEUE: usize = 4096;
/// What one transaction may hold. Others than us wait for the lock meanwhile.
const BATCH: usize = 256;

impl Writer {
    pub(super) fn start(connection: Connection, file: SameFile) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(QUEUE);
        thread::Builder::new()
            .name("bulla-store".to_owned())
            .spawn(move || work(&connection, &file, &jobs))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { queue })
    }

    /// Has the work done in a transaction, and answers once that is on the disk.
    pub(super) fn call<T, F>(&self, work: F) -> BoxFuture<'_, Result<T, StoreError>>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            let call = Box::new(Call {
                work: Some(work),
                outcome: None,
                reply,
            });
            self.queue.try_send(call).map_err(|error| {
                StoreError::Unavailable(match error {
                    TrySendError::Full(_) => format!("{QUEUE} operations wait already"),
                    TrySendError::Disconnected(_) => "its thread has ended".to_owned(),
                })
            })?;
            answer
                .await
                .unwrap_or_else(|_| Err(StoreError::Unavailable("its thread has ended".to_owned())))
        })
    }
}

trait Job: Send {
    /// Does the work; the transaction is open.
    fn run(&mut self, connection: &Connection);
    /// Answers, now that the transaction came to its end.
    fn finish(self: Box<Self>, transaction: &Result<(), StoreError>);
}

struct Call<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Call<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, connection: &Connection) {
        self.outcome = self.work.take().map(|work| work(connection));
    }

    fn finish(self: Box<Self>, transaction: &Result<(), StoreError>) {
        let outcome = match (transaction, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Err(error), _) => Err(error.clone()),
            (Ok(()), None) => Err(StoreError::Unavailable("it was not reached".to_owned())),
        };
        // Who asked may have gone.
        let _ = self.reply.send(outcome);
    }
}

fn work(connection: &Connection, file: &SameFile, jobs: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        batch.extend(jobs.try_iter().take(BATCH - 1));
        let transaction = file.check().and_then(|()| transact(connection, &mut batch));
        if let Err(error) = &transaction {
            tracing::warn!(
                code = error.code(),
                "a transaction came to nothing: {error}"
            );
        }
        for job in batch {
            job.finish(&transaction);
        }
    }
}

/// All of it, or nothing. `IMMEDIATE`, since a lock that is asked for later can be refused in the middle.
fn transact(connection: &Connection, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    let execute = |sql| connection.execute_batch(sql).map_err(unavailable);
    execute("BEGIN IMMEDIATE")?;
    for job in &mut *batch {
        job.run(connection);
    }
    // Some failures end the transaction by themselves; then there is none to commit, and that is an error.
    let committed = execute("COMMIT");
    if committed.is_err() && !connection.is_autocommit() {
        execute("ROLLBACK")?;
    }
    committed
}
