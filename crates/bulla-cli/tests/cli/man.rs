use crate::desk::Desk;

#[test]
fn pages() {
    let desk = Desk::new();
    assert!(desk.run("man").text().contains(".TH bulla 1"));
    let page = desk.run("man jwt verify").text();
    assert!(
        page.contains(".TH bulla-jwt-verify 1") && page.contains("any\\-issuer"),
        "{page}"
    );
    desk.run("man jwt nonsense").fails(2, "cli.usage");
    desk.run("man --dir pages").ok();
    for name in [
        "bulla.1",
        "bulla-jwk.1",
        "bulla-jwk-generate.1",
        "bulla-jwt-verify.1",
        "bulla-demo.1",
    ] {
        assert!(desk.path("pages").join(name).is_file(), "{name}");
    }
    // Again, over what is there.
    assert_eq!(desk.run("man --dir pages --json").json()["dir"], "pages");
}
