//! Row 37: an assertion is used once, whatever happens.

use std::sync::{Arc, Barrier};
use std::thread;

use super::{Process, connect, post};
use crate::desk::Desk;

const POSTS: usize = 200;
const ROUNDS: usize = 100;

#[test]
fn of_200_posts_of_one_assertion_to_two_processes_one_is_granted_100_times_and_none_after_a_crash()
{
    let desk = Desk::with_server("");
    let nodes = [Process::start(&desk), Process::start(&desk)];
    let assertions: Arc<Vec<String>> = Arc::new((0..ROUNDS).map(|_| desk.assertion()).collect());
    let barrier = Arc::new(Barrier::new(POSTS));
    let posters: Vec<_> = (0..POSTS)
        .map(|index| {
            let mut stream = connect(nodes[index % 2].address());
            let (assertions, barrier) = (Arc::clone(&assertions), Arc::clone(&barrier));
            thread::Builder::new()
                .stack_size(256 * 1024)
                .spawn(move || {
                    let one = |assertion: &String| {
                        barrier.wait();
                        post(&mut stream, assertion).0
                    };
                    assertions.iter().map(one).collect::<Vec<u16>>()
                })
                .unwrap()
        })
        .collect();
    let statuses: Vec<Vec<u16>> = posters
        .into_iter()
        .map(|poster| poster.join().unwrap())
        .collect();
    for round in 0..ROUNDS {
        let of = |wanted: u16| {
            statuses
                .iter()
                .filter(|statuses| statuses[round] == wanted)
                .count()
        };
        assert_eq!((of(200), of(401)), (1, POSTS - 1), "round {round}");
    }
    // What is killed has no time to write anything.
    for node in nodes {
        node.kill();
    }
    let again = Process::start(&desk);
    let mut stream = connect(again.address());
    for assertion in assertions.iter() {
        let (status, answer) = post(&mut stream, assertion);
        assert_eq!((status, &answer["error"]), (401, &"invalid_client".into()));
    }
    assert_eq!(post(&mut stream, &desk.assertion()).0, 200);
}

#[test]
fn what_was_granted_in_the_moment_of_a_crash_stays_used() {
    let desk = Desk::with_server("");
    for _ in 0..5 {
        let node = Process::start(&desk);
        let assertions: Vec<String> = (0..50).map(|_| desk.assertion()).collect();
        let mut stream = connect(node.address());
        let mut granted = Vec::new();
        for assertion in &assertions {
            assert_eq!(post(&mut stream, assertion).0, 200);
            granted.push(assertion);
            if granted.len() == 20 {
                break;
            }
        }
        node.kill();
        let node = Process::start(&desk);
        let mut stream = connect(node.address());
        for assertion in &assertions {
            let expected = if granted.contains(&assertion) {
                401
            } else {
                200
            };
            assert_eq!(post(&mut stream, assertion).0, expected);
        }
    }
}
