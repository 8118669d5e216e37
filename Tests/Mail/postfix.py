"""A postfix of its own: takes letters on a port of 127.0.0.1, puts those for people into mailboxes of a folder, pipes those for
the server into `jarshy mail-in`, and tells senders what did not arrive, as a real relay does.

people.test has the mailboxes named below; gone.test takes letters and gives them back; answers@office.test is the server's own.
"""
import email
import email.policy
import mailbox
import os
import pathlib
import shutil
import smtplib
import subprocess
import sys
import time

# Behind the libraries: a benchmark may be named like one.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "Benchmarks"))
import machines  # noqa: E402

OFFICE = "answers@office.test"
PEOPLE = ("aigul", "boris", "john")

MAIN = """
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = {log}
maillog_file_prefixes = /tmp
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.test
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
virtual_mailbox_domains = people.test
virtual_mailbox_maps = texthash:{folder}/mailboxes
virtual_mailbox_base = {folder}/boxes
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
relay_domains = office.test, gone.test
relay_recipient_maps =
transport_maps = texthash:{folder}/transports
recipient_delimiter = +
jarshy_destination_recipient_limit = 1
bounce_queue_lifetime = 1d
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 2s
smtpd_client_connection_rate_limit = 0
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
jarshy unix - n n - 4 pipe
  flags=R user=nobody argv={program} mail-in --database {database} --home {home} --address answers@office.test --recipient ${{original_recipient}}
gone unix - n n - 1 pipe
  user=nobody argv={folder}/gone
"""


class Postfix:
    """Started by `with`; root is needed, since postfix gives up what it does not need by itself."""

    def __init__(self, folder, database):
        self.folder = pathlib.Path(folder)
        self.port = machines.free_port()
        for path in [self.folder, *self.folder.parents]:
            if path != pathlib.Path("/tmp") and str(path).startswith("/tmp/"):
                path.chmod(0o755)
        (self.folder / "boxes").mkdir(mode=0o777)
        (self.folder / "boxes").chmod(0o777)
        names = {
            "config": self.folder / "config", "queue": self.folder / "queue", "data": self.folder / "data",
            "log": self.folder / "postfix.log", "folder": self.folder, "port": self.port,
            "program": machines.program(), "home": machines.ROOT, "database": database,
        }
        for name in ("config", "queue", "data"):
            names[name].mkdir()
        shutil.chown(names["data"], "postfix")
        self.log = names["log"]
        self.config = names["config"]
        (self.config / "main.cf").write_text(MAIN.format(**names))
        (self.config / "master.cf").write_text(MASTER.format(**names))
        (self.folder / "mailboxes").write_text("".join(f"{name}@people.test {name}/\n" for name in PEOPLE))
        (self.folder / "transports").write_text(
            "office.test jarshy:\ngone.test gone:\npeople.test virtual:\n")
        # Takes a letter, and only then finds that nobody lives there (sysexits: EX_NOUSER).
        gone = self.folder / "gone"
        gone.write_text("#!/bin/sh\ncat > /dev/null\nexit 67\n")
        gone.chmod(0o755)

    def _postfix(self, *arguments):
        done = subprocess.run(
            ["postfix", "-c", str(self.config), *arguments], text=True, capture_output=True, stdin=subprocess.DEVNULL,
            timeout=60)
        if done.returncode != 0:
            said = self.log.read_text() if self.log.exists() else ""
            raise RuntimeError(f"postfix {arguments}: {done.stdout}{done.stderr}{said}")

    def __enter__(self):
        self._postfix("start")
        return self

    def __exit__(self, *_):
        self._postfix("stop")

    def flush(self):
        """Tries everything deferred at once."""
        subprocess.run(["postqueue", "-c", str(self.config), "-f"], check=True, capture_output=True)

    def waiting(self):
        """Letters that the relay still keeps."""
        listed = subprocess.run(["postqueue", "-c", str(self.config), "-j"], check=True, capture_output=True, text=True)
        return listed.stdout.count('"queue_id"')

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def send(self, sender, text, to=OFFICE):
        """A letter from a person, as any mail program hands it over."""
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            client.sendmail(sender, [to], text.encode() if isinstance(text, str) else text)

    def letters(self, name):
        """What lies in a person's mailbox, the oldest first."""
        path = self.folder / "boxes" / name
        # virtual(8) makes a mailbox with its first letter, folder by folder.
        if not all((path / part).is_dir() for part in ("cur", "new", "tmp")):
            return []
        box = mailbox.Maildir(path, create=False)
        parsed = [email.message_from_bytes(box.get_bytes(key), policy=email.policy.default) for key in box.keys()]
        return sorted(parsed, key=lambda letter: (letter["Date"] or "", letter["Message-ID"] or ""))


def until(what, seconds=30):
    """The first true value of `what`, asked again and again."""
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


def body(letter):
    return letter.get_body(("plain",)).get_content()


def link(letter, name):
    """The address of a header, with or without <…>."""
    return str(letter[name]).split("<")[-1].split(">")[0].strip()


def may_run():
    return os.geteuid() == 0 and shutil.which("postfix") is not None
