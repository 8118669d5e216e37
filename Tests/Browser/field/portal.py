"""What stands between a phone and the server: a network that lies, loses answers, cuts connections, and weighs what passes."""

import http.client
import http.server
import json
import threading
import time
import urllib.parse


class Portal:
    """`mode` is open, portal (200 with HTML), dies (the server is killed after the commit of the next /sync, before the phone
    has the answer), newer (a next version), cut (photos are cut in the middle, `cuts` times)."""

    def __init__(self, server):
        self.mode = "open"
        # Set when the server was killed; start it again and put `mode` to open.
        self.dead = threading.Event()
        self.cuts = 0
        # Counts the cuts as they happen.
        self.torn = threading.Semaphore(0)
        # What answers cost, heads and all, by path.
        self.weights = []
        # Seconds before the phone is told what it must know.
        self.pull_waits = 0
        # Changes what the phone is told, before it is told.
        self.dress = None
        # (method, path, body) -> (status, problem) that is told instead of what the server says, or None.
        self.says = lambda method, path, body: None
        portal, target = self, urllib.parse.urlsplit(server.address)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                path = self.path.split("?")[0]
                length = int(self.headers.get("content-length") or 0)
                if portal.mode == "cut" and self.command == "PUT" and portal.cuts > 0:
                    portal.cuts -= 1
                    return self.cut(length)
                body = self.rfile.read(length)
                if portal.mode == "dead":
                    return self.end()
                if portal.mode == "portal":
                    return self.tell(200, [("content-type", "text/html")], b"<h1>Wi-Fi: sign in</h1>")
                said = portal.says(self.command, path, body)
                if said:
                    kind = "application/problem+json" if said[0] >= 400 else "application/json"
                    return self.tell(said[0], [("content-type", kind)], json.dumps(said[1]).encode())
                if path == "/api/v1/field":
                    time.sleep(portal.pull_waits)
                status, headers, content = self.onward(body)
                if portal.mode == "newer" and path == "/field/worker.js":
                    content = content.replace(b'"version":"', b'"version":"newer-')
                    headers = [(name, value) for name, value in headers if name.lower() != "etag"]
                if portal.dress and path == "/api/v1/field" and status == 200:
                    content = json.dumps(portal.dress(json.loads(content))).encode()
                if portal.mode == "dies" and path == "/api/v1/sync":
                    # The server has committed, or it would not have answered; its answer does not arrive.
                    server.die()
                    portal.mode = "dead"
                    portal.dead.set()
                if portal.mode == "dead":
                    return self.end()
                self.tell(status, headers, content)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def onward(self, body):
                changed = portal.mode == "newer" or portal.dress
                skip = ("host", "connection", *(("accept-encoding", "if-none-match") if changed else ()))
                headers = {name: value for name, value in self.headers.items() if name.lower() not in skip}
                onward = http.client.HTTPConnection(target.hostname, target.port, timeout=30)
                onward.request(self.command, self.path, body, headers | {"Host": self.headers["host"]})
                answer = onward.getresponse()
                content = answer.read()
                onward.close()
                hop = ("content-length", "connection", "transfer-encoding")
                return answer.status, [(name, value) for name, value in answer.getheaders() if name.lower() not in hop], content

            def cut(self, length):
                """Half of what is sent arrives at nobody."""
                self.rfile.read(length // 2)
                self.end()
                portal.torn.release()

            def end(self):
                self.close_connection = True
                self.connection.close()

            def tell(self, status, headers, content):
                head = sum(len(name) + len(value) + 4 for name, value in headers) + 40
                portal.weights.append((self.path, head + len(content)))
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

            def handle(self):
                try:
                    super().handle()
                except (ConnectionError, ValueError, OSError):
                    pass  # the other side has gone

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.listener.server_port}"
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def settle(self):
        """Comes back when the phone has asked for nothing more for a second."""
        before = -1
        while before != len(self.weights):
            before = len(self.weights)
            time.sleep(1)

    def weight(self, part=lambda path: True):
        """Bytes of the answers whose path passes."""
        return sum(size for path, size in self.weights if part(path))

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()
