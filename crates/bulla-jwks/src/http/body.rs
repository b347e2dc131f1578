use super::{BadAnswer, FetchError, Unreachable};

/// Reads a body, and no more of it than allowed. `Content-Length` may spare the reading, but proves nothing.
pub(super) async fn read(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<Vec<u8>, FetchError> {
    let too_large = FetchError::Answer(BadAnswer::TooLarge { limit });
    let announced = response.content_length().unwrap_or(0);
    let announced = usize::try_from(announced).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(too_large);
    }
    // Announced is not sent: whatever the limit is, memory is taken as octets come.
    let mut body = Vec::with_capacity(announced.min(FIRST));
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|_| FetchError::unavailable(Unreachable::Body))?
    {
        if chunk.len() > limit - body.len() {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

const FIRST: usize = 64 * 1024;
