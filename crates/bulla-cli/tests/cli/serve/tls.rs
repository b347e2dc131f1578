use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::Process;
use crate::desk::Desk;

/// A certificate for 127.0.0.1, and its key.
fn certificate(desk: &Desk) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    desk.write("server.pem", made.cert.pem());
    desk.write("server.key", made.signing_key.serialize_pem());
    set_permissions(desk.path("server.key"), Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn it_speaks_tls_where_there_is_a_certificate() {
    let desk = Desk::new();
    certificate(&desk);
    desk.write(
        "bulla.toml",
        "issuer = \"https://127.0.0.1:1\"\nlisten = \"127.0.0.1:0\"\n[tls]\ncert = \"server.pem\"\nkey = \"server.key\"\n",
    );
    let server = Process::start(&desk);
    let url = server.said["url"].as_str().unwrap();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let keys = desk
        .run(&format!("jwks fetch {url}/jwks --ca server.pem --json"))
        .json();
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(1), "{keys}");

    set_permissions(desk.path("server.key"), Permissions::from_mode(0o644)).unwrap();
    let said = desk
        .run("serve --config bulla.toml --check")
        .fails(2, "config.invalid");
    assert!(said.contains("tls.key: server.key has mode 0644"), "{said}");
    // A key that is not that of the certificate.
    let other = Desk::new();
    certificate(&other);
    desk.write("server.key", other.read("server.key"));
    set_permissions(desk.path("server.key"), Permissions::from_mode(0o600)).unwrap();
    let said = desk
        .run("serve --config bulla.toml --check")
        .fails(2, "config.invalid");
    assert!(said.contains("certificate and key do not serve"), "{said}");
}
