use crate::desk::Desk;

#[test]
fn forgeries_are_refused_each_with_its_reason_on_one_screen() {
    let desk = Desk::new();
    let text = desk.run("demo").text();
    for reason in [
        "jws.signature-invalid",
        "jwt.expired",
        "jws.algorithm-not-allowed",
        "\"none\"",
        "\"HS256\"",
    ] {
        assert!(text.contains(reason), "{reason}: {text}");
    }
    assert!(text.lines().count() <= 24, "{text}");
    // The first line has the name of a folder, of which systems have long ones.
    assert!(
        text.lines().skip(1).all(|line| line.chars().count() <= 80),
        "{text}"
    );
    assert!(desk.run("demo --color always").text().contains('\u{1b}'));
    desk.run("demo --once").ok();
}

#[test]
fn what_it_shows_is_what_happens() {
    let desk = Desk::new();
    let json = desk.run("demo --json").json();
    let refused = json["refused"].as_array().unwrap();
    assert_eq!(refused.len(), 4);
    for forgery in refused {
        let token = forgery["token"].as_str().unwrap();
        assert_eq!(
            desk.run_with("jws inspect --json", token).json()["verified"],
            false
        );
    }
    let token = json["verified"]["token"].as_str().unwrap();
    assert_eq!(
        desk.run_with("jwt inspect --json", token).json()["claims"]["role"],
        "user"
    );
    // Nothing is left behind.
    assert_eq!(std::fs::read_dir(desk.path("")).unwrap().count(), 0);
}
