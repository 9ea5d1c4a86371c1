//! A program that tries what a kept build must not do, and writes what it got.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::{fs, hint, thread};

fn main() {
    let mut asked = String::new();
    io::stdin().read_to_string(&mut asked).expect("the input is text");
    let (act, object) = asked.split_once(' ').unwrap_or((&asked, ""));
    let got = match act {
        "read" => fs::read(object).map(drop),
        "list" => fs::read_dir(object).map(drop),
        "write" => fs::write(object, "x"),
        "connect" => TcpStream::connect(object).map(drop),
        "listen" => TcpListener::bind("127.0.0.1:0").map(drop),
        "send" => UdpSocket::bind("127.0.0.1:0").map(drop),
        "unix" => UnixStream::connect(object).map(drop),
        "start" => Command::new(object).spawn().map(drop),
        "thread" => thread::spawn(|| ()).join().map_err(|_| io::ErrorKind::Other.into()),
        "allocate" => allocate(),
        "spin" => loop {
            hint::spin_loop();
        },
        "wait" => loop {
            thread::park();
        },
        "print" => loop {
            io::stdout().write_all(&[b'x'; 4096]).expect("the output is open");
        },
        _ => return,
    };
    match got {
        Ok(()) => print!("permitted"),
        Err(error) => print!("{:?}", error.kind()),
    }
}

fn allocate() -> io::Result<()> {
    let mut all = Vec::new();
    loop {
        all.push(vec![1_u8; 16 << 20]);
    }
}
