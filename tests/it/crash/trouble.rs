//! What goes wrong with a disk, for a while: it has no room, cannot be written, cannot be flushed.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

/// A small file system of its own; unmounted when dropped.
pub struct Small(PathBuf);

impl Small {
    /// Mounts one, where we may.
    pub fn mount(at: &Path, size: &str) -> Option<Small> {
        fs::create_dir(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "kaowu-crash"]).arg(at);
        let mounted = mount.output().is_ok_and(|it| it.status.success());
        mounted.then(|| Small(at.to_owned()))
    }

    /// Fills it to the last byte, until what is returned is dropped.
    pub fn fills(&self) -> Filler {
        let path = self.0.join("filler");
        let mut filler = File::create(&path).unwrap();
        for block in [&[0u8; 64 * 1024][..], &[0; 4096], &[0; 1]] {
            while filler.write_all(block).is_ok() {}
        }
        Filler(path)
    }

    /// From now on it can only be read, or written again. Nobody may have a file open for writing.
    pub fn is_read_only(&self, so: bool) {
        let how = if so { "remount,ro" } else { "remount,rw" };
        let done = Command::new("mount").args(["-o", how]).arg(&self.0).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}

/// What takes the room.
pub struct Filler(PathBuf);

impl Drop for Filler {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

/// System calls of a running process that fail until this is dropped.
pub struct Failing {
    strace: Child,
    /// It tells of each new thread; a pipe that nobody holds would end it.
    _words: BufReader<ChildStderr>,
}

impl Failing {
    /// `calls` of the process `id` end with `error`.
    pub fn calls(id: u32, calls: &str, error: &str) -> Failing {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-o", "/dev/null", "-p", &id.to_string()]);
        strace.args(["-e", &format!("trace={calls}")]);
        strace.args(["-e", &format!("inject={calls}:error={error}")]);
        let mut strace = strace.stderr(Stdio::piped()).spawn().expect("strace is installed");
        let mut said = String::new();
        let mut words = BufReader::new(strace.stderr.take().unwrap());
        while !said.contains(" attached") {
            let length = words.read_line(&mut said).unwrap();
            assert!(length > 0, "strace may not trace: {said}");
        }
        Failing { strace, _words: words }
    }
}

impl Drop for Failing {
    fn drop(&mut self) {
        // Asked to end, it lets go of the process; killed, it would take it along.
        drop(Command::new("kill").args(["-INT", &self.strace.id().to_string()]).status());
        drop(self.strace.wait());
    }
}
