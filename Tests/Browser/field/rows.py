"""Rows that a door round leaves in the database, for phones to walk. Written beside the server, as its own pages would."""

import contextlib
import datetime
import secrets
import sqlite3
import uuid

import stage

EPOCH = datetime.date(1970, 1, 1)
KAZAKHSTAN = datetime.timezone(datetime.timedelta(hours=5))


def today():
    return (datetime.datetime.now(KAZAKHSTAN).date() - EPOCH).days


def lease(server, doors, *, login="secretary", partner="activist", kind="information", hours=(0, 1440), street="Абай көшесі"):
    """A round of `doors` houses on one street, leased today to a team of two; -> the list's id as text."""
    day, ids = today(), [uuid.uuid4().bytes for _ in range(3)]
    round_id, team, list_id = ids
    with contextlib.closing(sqlite3.connect(server.database, timeout=30)) as db, db:
        campaign = db.execute("SELECT no FROM campaign ORDER BY no LIMIT 1").fetchone()[0]
        organization = db.execute("SELECT min(no) FROM organization").fetchone()[0]
        people = {name: db.execute("SELECT person FROM account WHERE login = ?", (name,)).fetchone()[0] for name in (login, partner)}
        unit = db.execute("SELECT unit FROM role_grant WHERE person = ? LIMIT 1", (people[login],)).fetchone()[0]
        db.execute(
            "INSERT INTO canvass_round VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0)",
            (round_id, campaign, unit, organization, kind, "Үй аралау", "Обход", "Round", day - 2, day + 5, *hours))
        db.execute("INSERT INTO canvass_team VALUES (?,?,1)", (team, round_id))
        for person in people.values():
            db.execute("INSERT INTO canvass_member VALUES (?,?,'')", (team, person))
        db.execute(
            "INSERT INTO canvass_list VALUES (?,?,?,1,?,?,NULL,?,?)",
            (list_id, round_id, team, day, day + 2, secrets.token_hex(5), secrets.token_bytes(16)))
        for row in range(1, doors + 1):
            address = uuid.uuid4().bytes
            db.execute(
                "INSERT INTO canvass_address VALUES (?,?,?,?,'','',?,?,?)",
                (address, unit, street, str(row), f"{street} {row}".lower(), row.to_bytes(4, "big"), secrets.token_bytes(32)))
            db.execute("INSERT INTO canvass_place VALUES (?,?,'fresh')", (round_id, address))
            db.execute("INSERT INTO canvass_door VALUES (?,?,?,0)", (list_id, row, address))
    return str(uuid.UUID(bytes=list_id))


def counts(server, list_id):
    """What a list's round has counted, by outcome."""
    sql = """SELECT c.outcome, sum(c.visits) FROM canvass_count c JOIN canvass_list l ON l.round = c.round
        WHERE l.id = ? GROUP BY c.outcome"""
    return dict(stage.rows(server.database, sql, uuid.UUID(list_id).bytes))


def beside(server, list_id):
    """Leaflets left and questions taken in a list's round."""
    sql = """SELECT sum(b.leaflets), sum(b.questions) FROM canvass_beside b JOIN canvass_list l ON l.round = b.round
        WHERE l.id = ?"""
    return stage.rows(server.database, sql, uuid.UUID(list_id).bytes)[0]
