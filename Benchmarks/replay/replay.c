/* Runs a recording of the intake's transactions (see Sources/Storage/Recording.swift) straight on a database: prepared
   statements, bound values, the same transactions, nothing else. This is what the intake is measured against.

       replay RECORDING sqlite:PATH|postgres://… [MOST-TRANSACTIONS]

   The recording is read into memory first; preparing a text for the first time is inside the measured time, as it is in
   the server. Prints {"transactions","statements","seconds"}. Exit 1 with a message on any error: a statement that
   fails makes the figure worthless. */
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    char *text;
    int length;

    sqlite3_stmt *sqlite;
    int prepared;
} Text;

static unsigned char *at, *end;
static Text *texts;
static int count_of_texts;
static sqlite3 *lite;
static PGconn *pg;

static void fail(const char *what, const char *detail) {
    fprintf(stderr, "replay: %s: %s\n", what, detail ? detail : "");
    exit(1);
}

static uint32_t read32(void) {
    uint32_t value;
    if (end - at < 4) fail("the recording ends early", NULL);
    memcpy(&value, at, 4);
    at += 4;
    return value;
}

static int64_t read64(void) {
    int64_t value;
    if (end - at < 8) fail("the recording ends early", NULL);
    memcpy(&value, at, 8);
    at += 8;
    return value;
}

static unsigned char *bytes(uint32_t length) {
    unsigned char *start = at;
    if ((uint64_t)(end - at) < length) fail("the recording ends early", NULL);
    at += length;
    return start;
}

static void lite_exec(const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(lite, sql, NULL, NULL, &message) != SQLITE_OK) fail(sql, message);
}

static void pg_exec(const char *sql) {
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(sql, PQerrorMessage(pg));
    PQclear(result);
}

static void run_sqlite(Text *text, uint32_t binds) {
    if (!text->sqlite
        && sqlite3_prepare_v3(lite, text->text, text->length, SQLITE_PREPARE_PERSISTENT, &text->sqlite, NULL) != SQLITE_OK)
        fail(text->text, sqlite3_errmsg(lite));
    sqlite3_stmt *statement = text->sqlite;
    for (uint32_t index = 1; index <= binds; index++) {
        uint32_t length;
        double number;
        switch (*bytes(1)) {
        case 'n': bytes(1); sqlite3_bind_null(statement, index); break;
        case 'i': sqlite3_bind_int64(statement, index, read64()); break;
        case 'o': sqlite3_bind_int64(statement, index, *bytes(1)); break;
        case 'd': memcpy(&number, bytes(8), 8); sqlite3_bind_double(statement, index, number); break;
        case 't': length = read32(); sqlite3_bind_text(statement, index, (char *)bytes(length), length, SQLITE_STATIC); break;
        case 'b': length = read32(); sqlite3_bind_blob(statement, index, bytes(length), length, SQLITE_STATIC); break;
        case 'u': sqlite3_bind_blob(statement, index, bytes(16), 16, SQLITE_STATIC); break;
        default: fail("the recording holds an unknown value", NULL);
        }
    }
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {}
    if (code != SQLITE_DONE) fail(text->text, sqlite3_errmsg(lite));
    sqlite3_reset(statement);
}

#define MOST_BINDS 65535
static Oid types[MOST_BINDS];
static const char *values[MOST_BINDS];
static int lengths[MOST_BINDS], formats[MOST_BINDS];
static char numbers[MOST_BINDS][8];

static Oid oid(int tag) {
    switch (tag) {
    case 'i': return 20;
    case 't': return 25;
    case 'b': return 17;
    case 'd': return 701;
    case 'o': return 16;
    case 'u': return 2950;
    }
    fail("the recording holds an unknown type", NULL);
    return 0;
}

static void run_postgres(Text *text, uint32_t binds, int number) {
    if (binds > MOST_BINDS) fail("too many values", text->text);
    for (uint32_t index = 0; index < binds; index++) {
        int tag = *bytes(1);
        formats[index] = 1;
        values[index] = NULL;
        lengths[index] = 0;
        if (tag == 'n') {
            types[index] = oid(*bytes(1));
            continue;
        }
        types[index] = oid(tag);
        if (tag == 'i' || tag == 'd') {
            uint64_t value = __builtin_bswap64((uint64_t)read64());
            memcpy(numbers[index], &value, 8);
            values[index] = numbers[index];
            lengths[index] = 8;
        } else {
            lengths[index] = tag == 'u' ? 16 : tag == 'o' ? 1 : (int)read32();
            values[index] = (char *)bytes(lengths[index]);
        }
    }
    char name[16];
    snprintf(name, sizeof name, "r%d", number);
    if (!text->prepared) {
        PGresult *result = PQprepare(pg, name, text->text, binds, types);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(text->text, PQerrorMessage(pg));
        PQclear(result);
        text->prepared = 1;
    }
    PGresult *result = PQexecPrepared(pg, name, binds, values, lengths, formats, 1);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(text->text, PQerrorMessage(pg));
    PQclear(result);
}

static void load(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail("cannot read", path);
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    at = malloc(length);
    if (!at || fread(at, 1, length, file) != (size_t)length) fail("cannot read", path);
    fclose(file);
    end = at + length;
    if (length < 6 || memcmp(at, "JREC1\n", 6) != 0) fail("is no recording", path);
    at += 6;
}

static void open_database(const char *url) {
    if (strncmp(url, "sqlite:", 7) == 0) {
        if (sqlite3_open(url + 7, &lite) != SQLITE_OK) fail("cannot open", url);
        /* As Sources/Storage/SQLite/SQLiteDriver.swift sets them. */
        lite_exec("PRAGMA journal_mode = WAL");
        lite_exec("PRAGMA synchronous = FULL");
        lite_exec("PRAGMA foreign_keys = ON");
        lite_exec("PRAGMA cache_size = -16000");
        lite_exec("PRAGMA temp_store = MEMORY");
    } else {
        pg = PQconnectdb(url);
        if (PQstatus(pg) != CONNECTION_OK) fail("cannot connect", PQerrorMessage(pg));
    }
}

int main(int argc, char **argv) {
    if (argc < 3) fail("usage", "replay RECORDING URL [MOST-TRANSACTIONS]");
    load(argv[1]);
    open_database(argv[2]);
    long most = argc > 3 ? atol(argv[3]) : -1;
    long transactions = 0, statements = 0;
    int room = 0;
    struct timespec began, ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (int done = 0; !done;) {
        switch (*bytes(1)) {
        case 'T':
            if (count_of_texts == room) {
                room = room ? room * 2 : 256;
                texts = realloc(texts, room * sizeof *texts);
            }
            memset(&texts[count_of_texts], 0, sizeof *texts);
            texts[count_of_texts].length = read32();
            texts[count_of_texts].text = strndup((char *)bytes(texts[count_of_texts].length), texts[count_of_texts].length);
            count_of_texts++;
            break;
        case 'B':
            if (transactions == most) { done = 1; break; }
            if (lite) lite_exec("BEGIN IMMEDIATE"); else pg_exec("BEGIN ISOLATION LEVEL READ COMMITTED");
            break;
        case 'S': {
            uint32_t number = read32(), binds = read32();
            if ((int)number >= count_of_texts) fail("the recording names an unknown text", NULL);
            if (lite) run_sqlite(&texts[number], binds); else run_postgres(&texts[number], binds, number);
            statements++;
            break;
        }
        case 'C':
            if (lite) lite_exec("COMMIT"); else pg_exec("COMMIT");
            transactions++;
            break;
        case 'E': done = 1; break;
        default: fail("the recording is broken", NULL);
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    double seconds = (ended.tv_sec - began.tv_sec) + (ended.tv_nsec - began.tv_nsec) / 1e9;
    printf("{\"transactions\":%ld,\"statements\":%ld,\"seconds\":%.6f}\n", transactions, statements, seconds);
    return 0;
}
