"""Letters through a real relay: a question comes in through postfix's pipe, is answered, and the answer lies in the asker's
mailbox, in the asker's language; on SQLite and on PostgreSQL."""
import re
import smtplib
import subprocess

import pytest

import machines
import office
import postfix
from postfix import OFFICE, body, link, until

ASKED = "From: =?UTF-8?B?0JDQudCz0q/Quw==?= <{who}@people.test>\r\nTo: answers@office.test\r\nSubject: {subject}\r\n" \
    "Message-ID: <{n}@people.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n" \
    "Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"


def ask(relay, who, text, subject="x", n=1, to=OFFICE):
    relay.send(f"{who}@people.test", ASKED.format(who=who, text=text, subject=subject, n=n), to)


def mail_questions(server):
    return server.ids("id", "FROM question WHERE way = 'mail' ORDER BY asked_at")


@pytest.mark.parametrize("who,text,language,taken,answered", [
    ("aigul", "Осы ауылда қайда дауыс беремін?", "kk", "Сұрағыңыз қабылданды", "Сұрағыңызға жауап"),
    ("boris", "Скажите, где в этом селе мне голосовать?", "ru", "Ваш вопрос принят", "Ответ на ваш вопрос"),
    ("john", "Hello, where can I vote in this village?", "en", "Your question is taken", "The answer to your question"),
])
def test_a_question_goes_all_the_way(server, relay, who, text, language, taken, answered):
    ask(relay, who, text)
    first = until(lambda: relay.letters(who))[0]
    assert first["Subject"] == taken and first["Auto-Submitted"] == "auto-replied" and first["Content-Language"] == language
    # The envelope's sender of an automatic reply is nobody: two machines cannot talk.
    assert first["Return-Path"] in ("<>", "", None) or "MAILER-DAEMON" in first["Return-Path"]
    assert text.split(",")[-1].strip() not in body(first), "the asker's words came back"
    (question,) = mail_questions(server)
    assert server.rows("SELECT language FROM question WHERE way = 'mail'") == [(language,)]
    answer = server.answer(question)
    second = until(lambda: relay.letters(who)[1:])[0]
    assert second["Subject"] == answered and second["Auto-Submitted"] == "auto-generated"
    said = body(second)
    assert "Учаскеде" in said and "https://example.kz/1" in said and f"{server.site}/answers/{answer}" in said
    assert "ashyq-esik@example.kz" in said, "no imprint"
    assert re.fullmatch(r"<[0-9a-f-]{36}@office\.test>", second["Message-ID"]), second["Message-ID"]
    assert re.search("Ашық есік|Ashyq Esik", " ".join(str(second["From"]).split())), second["From"]
    assert second["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for line in second.as_bytes().splitlines():
        assert len(line) <= 998
    # Told: the desk sees that this version has reached the asker.
    until(lambda: server.rows("SELECT version FROM answer_told WHERE told_by = told_by AND version = 1"))
    # A correction follows, with its reason.
    server.correct(answer, "№ 5 учаскеде.", "Мекенжай нақтыланды", "kk" if language == "kk" else language)
    third = until(lambda: relay.letters(who)[2:])[0]
    assert "№ 5 учаскеде." in body(third) and "Мекенжай нақтыланды" in body(third)
    assert server.get(f"/answers/{answer}")[0] == 200


def test_a_reply_and_a_number_find_their_question(server, relay):
    ask(relay, "aigul", "Осы ауылда қайда дауыс беремін?")
    first = until(lambda: relay.letters("aigul"))[0]
    (question,) = mail_questions(server)
    cookie = server.sign_in("coordinator", office.PASSWORD)
    server.done(f"/questions/{question}/ask-back", {"ask": "Қай ауыл?"}, cookie)
    asked = until(lambda: relay.letters("aigul")[1:])[0]
    assert "Қай ауыл?" in body(asked)
    back = link(asked, "Reply-To")
    assert back.startswith("answers+r") and back.endswith("@office.test")
    ask(relay, "aigul", "Саран маңы\r\n\r\nайтты:\r\n> Қай ауыл?", subject="Re: x", n=2, to=back)
    until(lambda: server.rows("SELECT state FROM question WHERE way = 'mail'") == [("new",)])
    number = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", body(first)).group(0)
    ask(relay, "boris", "Тағы бір сөз", subject=number, n=3)
    until(lambda: [row[0] for row in server.rows(
        "SELECT m.body FROM question_message m JOIN question q ON q.id = m.question "
        "WHERE m.from_asker AND q.way = 'mail' ORDER BY m.at")] == ["Саран маңы", "Тағы бір сөз"])
    assert len(mail_questions(server)) == 1


def test_one_press_stops_letters_and_opening_the_link_does_not(server, relay):
    ask(relay, "aigul", "Осы ауылда қайда дауыс беремін?")
    first = until(lambda: relay.letters("aigul"))[0]
    path = link(first, "List-Unsubscribe").removeprefix(server.site)
    for _ in range(3):
        assert server.get(path)[0] == 200
    assert server.rows("SELECT count(*) FROM address_mark") == [("0",)]
    status, _, page = server.post(path, {"List-Unsubscribe": "One-Click"})
    assert status == 200 and "/mail/resume/" in page.decode()
    assert server.rows("SELECT kind FROM address_mark") == [("do_not_contact",)]
    assert server.rows("SELECT count(*) FROM question_contact WHERE kind = 'email'") == [("0",)]
    (question,) = mail_questions(server)
    server.answer(question)
    # Another asker's letter goes; this one's does not.
    ask(relay, "boris", "Осы ауылда қайда дауыс беремін?", n=2)
    until(lambda: len(relay.letters("boris")) == 2)
    assert len(relay.letters("aigul")) == 1
    ask(relay, "aigul", "Учаске нешеде ашылады екен?", n=3)
    until(lambda: len(mail_questions(server)) == 3)
    assert len(relay.letters("aigul")) == 1


def test_a_bounce_marks_the_address(server, relay):
    ask(relay, "aigul", "Осы ауылда қайда дауыс беремін?")
    until(lambda: relay.letters("aigul"))
    (question,) = mail_questions(server)
    # The relay takes letters for gone.test, and gives them back later with a report.
    server.rows("UPDATE question_contact SET value = 'old@gone.test' WHERE kind = 'email'")
    server.answer(question)
    until(lambda: server.rows("SELECT kind FROM address_mark") == [("bounced",)])
    assert server.rows("SELECT state, reason FROM mail_message WHERE kind = 'question.answered'") == [("failed", "bounced")]
    assert server.rows("SELECT outcome FROM mail_in WHERE outcome = 'bounce'") == [("bounce",)]


def test_what_machines_send_is_not_answered(server, relay):
    for n, head in enumerate([
        "Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x.people.test>", "X-Autoreply: yes",
    ]):
        relay.send("aigul@people.test", f"{head}\r\n" + ASKED.format(who="aigul", text=f"Демалыстамын {n}", subject="x", n=n))
    relay.send("", ASKED.format(who="boris", text="Жетпеді", subject="Undelivered", n=9))
    until(lambda: server.rows("SELECT count(*) FROM mail_in WHERE outcome = 'automatic'") == [("5",)])
    assert mail_questions(server) == [] and relay.letters("aigul") == []


def test_a_flood_is_stepped_and_staff_works_on(server, relay):
    with smtplib.SMTP("127.0.0.1", relay.port) as client:
        for n in range(40):
            client.sendmail("aigul@people.test", [OFFICE], ASKED.format(
                who="aigul", text=f"Сұрақ мәтіні № {n}: қашан?", subject="x", n=n).encode())
        for n in range(40):
            text = f"From: Біреу <p{n}@people.test>\r\nTo: answers@office.test\r\n\r\nБір мәтін, қырық адам сұрайды\r\n"
            client.sendmail(f"p{n}@people.test", [OFFICE], text.encode())
    until(lambda: server.rows("SELECT count(*) FROM mail_in") == [("80",)], 120)
    counts = dict(server.rows("SELECT outcome, count(*) FROM mail_in GROUP BY outcome"))
    assert counts == {"question": "45", "limited": "35"}
    assert server.rows("SELECT count(*) FROM question WHERE asked = 40 AND way = 'mail'") == [("1",)]
    cookie = server.sign_in("clerk", office.PASSWORD)
    assert server.get("/questions/new", {"cookie": cookie})[0] == 200


def test_the_relay_keeps_what_cannot_be_taken_now(engine, relay, folder):
    """No server runs, and the database is away: nothing is lost, nothing comes twice."""
    if engine.name == "sqlite":
        hidden = engine.path.with_suffix(".away")
        engine.path.rename(hidden)
    else:
        engine.cluster.sql("ALTER DATABASE office RENAME TO away")
    ask(relay, "aigul", "Осы ауылда қайда дауыс беремін?")
    until(lambda: "status=deferred" in relay.log.read_text())
    assert relay.waiting() == 1
    if engine.name == "sqlite":
        for left in engine.path.parent.glob("office.sqlite*"):
            left.unlink()
        hidden.rename(engine.path)
    else:
        engine.cluster.sql("DROP DATABASE IF EXISTS office", "away")
        engine.cluster.sql("ALTER DATABASE away RENAME TO office")
    engine.made()
    until(lambda: relay.flush() or relay.waiting() == 0)
    assert engine.rows("SELECT count(*) FROM question WHERE way = 'mail'") == [("1",)]


def test_exit_codes(engine, folder):
    def pipe(letter, *more, database=engine.url):
        return subprocess.run(
            [machines.program(), "mail-in", "--database", database, "--address", OFFICE, *more], input=letter,
            capture_output=True, cwd=machines.ROOT)
    letter = ASKED.format(who="aigul", text="Осы ауылда қайда дауыс беремін?", subject="x", n=1).encode()
    done = pipe(letter)
    assert done.returncode == 0 and b"question" in done.stderr
    assert "Осы".encode() not in done.stderr and b"aigul" not in done.stderr, "the log tells of the letter"
    again = pipe(letter)
    assert again.returncode == 0 and b"taken before" in again.stderr
    assert pipe(b"").returncode == 65
    assert pipe(letter, database=f"sqlite:{folder}/nowhere/x.sqlite").returncode == 75
    # A letter with a huge attachment is taken for its text, and read to its end.
    big = ("From: boris@people.test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
           "Content-Type: text/plain; charset=utf-8\r\n\r\nГде мне голосовать в этом доме?\r\n--b\r\n"
           "Content-Type: application/zip\r\nContent-Disposition: attachment; filename=\"<script>.zip\"\r\n\r\n").encode()
    done = pipe(big + b"A" * (30 << 20) + b"\r\n--b--\r\n")
    assert done.returncode == 0 and b"question" in done.stderr
    assert engine.rows("SELECT count(*) FROM question WHERE way = 'mail'") == [("2",)]
