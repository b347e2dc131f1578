use bulla::oauth::dpop::TargetUri;
use bulla::oauth::metadata::ServerMetadata;

use crate::client_auth::Nobody;
use crate::server::Server;

/// What the endpoints need beside the server, made once.
pub(super) struct Gate {
    pub(super) server: Server,
    pub(super) nobody: Nobody,
    /// As `htu` of a proof has it. What a request says of its host is not asked: a proxy may stand before us.
    pub(super) token_url: TargetUri,
    pub(super) metadata: ServerMetadata,
}
