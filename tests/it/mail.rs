//! Letters: written down with their act, sent later, never twice.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use jiff::SignedDuration;
use kaowu::base::outcome::{Error, Never, Result, refuse};
use kaowu::machinery::db::Actor;
use kaowu::machinery::mail::{self, Letter, Outbox, Server, Spool};

use crate::world::World;

/// A mail server that gives the prepared answers to RCPT TO, one a letter, and keeps what it took.
struct Sink {
    url: String,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    fn answering(answers: &[&'static str]) -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let answers = Arc::new(Mutex::new(answers.to_vec()));
        let taken = Arc::new(Mutex::new(Vec::new()));
        let kept = taken.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answers, kept) = (answers.clone(), kept.clone());
                thread::spawn(move || serve(stream.unwrap(), &answers, &kept));
            }
        });
        Sink { url, taken }
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, answers: &Mutex<Vec<&'static str>>, taken: &Mutex<Vec<String>>) {
    let mut say = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(std::result::Result::ok);
    let mut answer = |text: &str| say.write_all(format!("{text}\r\n").as_bytes()).unwrap();
    answer("220 sink");
    while let Some(line) = lines.next() {
        match line.split([' ', ':']).next().unwrap() {
            "RCPT" => {
                let mut answers = answers.lock().unwrap();
                answer(if answers.is_empty() { "250 ok" } else { answers.remove(0) });
            }
            "DATA" => {
                answer("354 go on");
                let letter: Vec<_> = lines.by_ref().take_while(|it| it != ".").collect();
                taken.lock().unwrap().push(letter.join("\n"));
                answer("250 taken");
            }
            "QUIT" => return answer("221 bye"),
            _ => answer("250 ok"),
        }
    }
}

fn enqueue(world: &World, to: &str) {
    let letter = Letter {
        to: to.parse().unwrap(),
        subject: "缴费成功".into(),
        body: "您的缴费已经成功。\n".into(),
        cause: "receipt_issued",
    };
    let done: Result<i64, Never> =
        world.app.db.write_now(Actor::Operator, move |tx| Ok(mail::enqueue(tx, &letter)?));
    done.unwrap();
}

fn deliver(world: &World, sink: &Sink) -> i64 {
    let server = Server::at(&sink.url).unwrap();
    mail::deliver(&world.app.db, &server, "考试中心 <kaowu@example.com>").unwrap()
}

fn outbox(world: &World) -> Outbox {
    world.app.db.read_now(mail::outbox).unwrap()
}

#[test]
fn a_letter_is_sent_once() {
    let world = World::new();
    let sink = Sink::answering(&[]);
    enqueue(&world, "lin@example.com");

    assert_eq!(deliver(&world, &sink), 1);
    assert_eq!(deliver(&world, &sink), 0);

    let taken = sink.taken();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].contains("Message-ID: <") && taken[0].contains("To: lin@example.com"));
    assert_eq!(outbox(&world), Outbox::default());
}

#[test]
fn a_letter_of_an_act_that_was_refused_does_not_exist() {
    let world = World::new();
    let refused: Result<(), &str> = world.app.db.write_now(Actor::Operator, |tx| {
        let letter = Letter {
            to: "lin@example.com".parse().unwrap(),
            subject: "缴费成功".into(),
            body: String::new(),
            cause: "receipt_issued",
        };
        mail::enqueue(tx, &letter)?;
        refuse("no")
    });
    assert!(matches!(refused, Err(Error::Refused("no"))));
    assert_eq!(outbox(&world), Outbox::default());
}

#[test]
fn a_server_that_is_busy_is_asked_again_later_with_the_same_letter() {
    let world = World::new();
    let sink = Sink::answering(&["451 try later", "451 try later"]);
    enqueue(&world, "lin@example.com");

    assert_eq!(deliver(&world, &sink), 0);
    assert_eq!(outbox(&world), Outbox { waiting: 1, delayed: 1, given_up: 0 });
    assert_eq!(deliver(&world, &sink), 0, "not before its time");
    world.passes(SignedDuration::from_mins(1));
    assert_eq!(deliver(&world, &sink), 0);
    world.passes(SignedDuration::from_mins(4));
    assert_eq!(deliver(&world, &sink), 0, "not before its time");
    world.passes(SignedDuration::from_mins(1));
    assert_eq!(deliver(&world, &sink), 1);
    assert_eq!(sink.taken().len(), 1);
}

#[test]
fn a_refused_letter_is_given_up_and_the_next_one_goes() {
    let world = World::new();
    let sink = Sink::answering(&["550 no such person"]);
    enqueue(&world, "nobody@example.com");
    enqueue(&world, "lin@example.com");

    assert_eq!(deliver(&world, &sink), 1);
    world.passes(SignedDuration::from_hours(48));
    assert_eq!(deliver(&world, &sink), 0);

    assert_eq!(outbox(&world), Outbox { waiting: 0, delayed: 0, given_up: 1 });
    assert!(sink.taken()[0].contains("lin@example.com"));
}

#[test]
fn a_server_that_is_away_costs_no_letter_until_two_days_have_passed() {
    let world = World::new();
    let away = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Server::at(&format!("smtp://{away}")).unwrap();
    enqueue(&world, "lin@example.com");
    for _ in 0..7 {
        mail::deliver(&world.app.db, &server, "kaowu@localhost").unwrap();
        assert_eq!(outbox(&world).waiting, 1);
        world.passes(SignedDuration::from_hours(24));
    }
    mail::deliver(&world.app.db, &server, "kaowu@localhost").unwrap();
    assert_eq!(outbox(&world), Outbox { waiting: 0, delayed: 0, given_up: 1 });
}

#[test]
fn without_a_server_letters_become_files_each_once() {
    let world = World::new();
    let spool = Spool::open(world.dir().join("mail")).unwrap();
    enqueue(&world, "lin@example.com");
    enqueue(&world, "lin@example.com");

    assert_eq!(mail::deliver(&world.app.db, &spool, "kaowu@localhost").unwrap(), 2);
    // As if the machine had stopped between the file and its note.
    let conn = rusqlite::Connection::open(world.app.db.path()).unwrap();
    conn.execute("update mail_tries set state = 'waiting'", ()).unwrap();
    assert_eq!(mail::deliver(&world.app.db, &spool, "kaowu@localhost").unwrap(), 2);

    let files = std::fs::read_dir(world.dir().join("mail")).unwrap();
    let letters: Vec<_> =
        files.map(|it| std::fs::read_to_string(it.unwrap().path()).unwrap()).collect();
    assert_eq!(letters.len(), 2);
    assert!(letters.iter().all(|it| it.contains("Subject: =?utf-8?b?")), "{}", letters[0]);
}
