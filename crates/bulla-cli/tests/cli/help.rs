use crate::desk::Desk;

const VERBS: &[&str] = &[
    "jwk generate",
    "jwk convert",
    "jwk public",
    "jwk thumbprint",
    "jwk inspect",
    "jwks fetch",
    "jwks merge",
    "jwks serve",
    "jws sign",
    "jws verify",
    "jws inspect",
    "jwt issue",
    "jwt verify",
    "jwt inspect",
    "token assertion",
    "token request",
    "alg",
    "explain",
    "serve",
    "demo",
    "completions",
    "man",
];

#[test]
fn every_verb_has_help_that_reads_well_with_examples_and_exit_codes() {
    let desk = Desk::new();
    for verb in VERBS {
        for help in [
            format!("{verb} --help"),
            format!("{verb} -h"),
            format!("help {verb}"),
        ] {
            let text = desk.run(&help).text();
            assert!(text.contains("Exit codes: 0 done, 1 "), "{help}: {text}");
            assert!(
                text.contains("Examples:\n") && text.contains(&format!("  bulla {verb}")),
                "{help}: {text}"
            );
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{help}: {line}");
            }
        }
    }
    for help in ["--help", "-h", "help", "jwk --help", "help jws"] {
        let text = desk.run(help).text();
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{help}: {text}"
        );
    }
    assert!(desk.run("--help").text().contains("Exit codes"));
    assert_eq!(
        desk.run("--version").line(),
        format!("bulla {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn the_examples_of_the_help_are_understood() {
    for verb in VERBS {
        // Each in a folder of its own, so that none finds what another left.
        let desk = Desk::new();
        let text = desk
            .run(&format!("{verb} --help"))
            .text()
            .replace(" \\\n", " ");
        for line in text
            .lines()
            .filter_map(|line| line.strip_prefix("  bulla "))
        {
            let command = line
                .split(" | ")
                .next()
                .unwrap()
                .split(" > ")
                .next()
                .unwrap();
            let command = command.split(" < ").next().unwrap().replace('\'', "");
            // Without it the demonstration goes on until somebody ends it.
            let once = if verb == &"demo" && !command.contains("--once") {
                " --once"
            } else {
                ""
            };
            let ran = desk.run(&format!("{command}{once}"));
            // Files and variables are missing here; flags, verbs and values are not.
            assert!(
                !ran.stderr.contains("cli.usage"),
                "bulla {command}: {}",
                ran.stderr
            );
        }
    }
}

#[test]
fn json_is_one_object_for_every_verb_that_has_no_object_of_its_own() {
    let desk = Desk::new();
    assert!(desk.run("completions bash --json").json()["script"].is_string());
    assert!(desk.run("man jwt verify --json").json()["page"].is_string());
}

#[test]
fn completions_for_every_shell() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(
            desk.run(&format!("completions {shell}"))
                .text()
                .contains("bulla")
        );
    }
}
