//! Where verbs wait for what takes its time.

use std::future::Future;

use crate::error::Failure;

/// Waits on this thread.
pub(crate) fn block_on<F: Future>(future: F) -> Result<F::Output, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::bug)?;
    let output = runtime.block_on(future);
    // A name server that does not answer is not waited for: whoever asked has given up.
    runtime.shutdown_background();
    Ok(output)
}
