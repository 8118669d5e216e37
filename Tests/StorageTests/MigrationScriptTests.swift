import Testing

@testable import Storage

@Suite struct MigrationScriptTests {
    @Test func `statements end with a line that ends in a semicolon`() {
        let text = """
            -- a comment;
            CREATE TABLE a (
                id bigint, -- not the end;x
                name text
            );

                -- indented comment
            INSERT INTO a VALUES (1, 'a;b');\t
            CREATE INDEX i ON a (name)
            """
        let statements = MigrationScript.statements(text)
        #expect(statements.count == 3)
        #expect(statements[0].hasPrefix("CREATE TABLE a (") && statements[0].hasSuffix(");"))
        #expect(statements[1].hasPrefix("INSERT INTO a VALUES (1, 'a;b');"))
        #expect(statements[2] == "CREATE INDEX i ON a (name)")
        #expect(MigrationScript.statements("\r\n-- nothing\r\n") == [])
        #expect(MigrationScript.statements("SELECT 1;\r\nSELECT 2;\r\n") == ["SELECT 1;", "SELECT 2;"])
    }

    @Test func `functions and triggers with bodies stay whole`() {
        let function = """
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RETURN NEW;
            END;
            $$;
            """
        let trigger = """
            CREATE TRIGGER t AFTER INSERT ON a BEGIN
                UPDATE a SET id = 1;
                DELETE FROM a;
            END;
            """
        #expect(
            MigrationScript.statements(function + "\n" + trigger + "\nSELECT 1;") == [function, trigger, "SELECT 1;"])
    }

    @Test(arguments: [
        ("CREATE TABLE a (b uuid, c bigint, d boolean)", "CREATE TABLE a (b BLOB, c INTEGER, d INTEGER) STRICT"),
        ("CREATE TABLE a (b jsonb, c bytea, d text);", "CREATE TABLE a (b TEXT, c BLOB, d TEXT) STRICT"),
        ("CREATE TABLE a (b double precision)", "CREATE TABLE a (b REAL) STRICT"),
        (
            "CREATE TABLE a (b bigint PRIMARY KEY) /* clustered */;",
            "CREATE TABLE a (b INTEGER PRIMARY KEY) /* clustered */ STRICT, WITHOUT ROWID"
        ),
        ("CREATE INDEX text_uuid ON a (context, uuid_x)", "CREATE INDEX text_uuid ON a (context, uuid_x)"),
        (
            "CREATE TABLE a (kind text CHECK (kind IN ('text', 'a uuid', 'it''s text')))",
            "CREATE TABLE a (kind TEXT CHECK (kind IN ('text', 'a uuid', 'it''s text'))) STRICT"
        ),
        ("ALTER TABLE a ADD COLUMN b text", "ALTER TABLE a ADD COLUMN b TEXT"),
    ])
    func `types are respelled for SQLite, words in quotes are not`(_ given: String, _ expected: String) {
        #expect(MigrationScript.respelled(given) == expected)
    }
}
