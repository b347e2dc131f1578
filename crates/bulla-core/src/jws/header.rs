use crate::jwa::AlgName;

/// The parameters of one JOSE header, protected or not (RFC 7515 §4).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    pub(crate) alg: Option<AlgName>,
}
