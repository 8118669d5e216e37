// The real server on a demo database of its own; it may be killed and started again.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, "");
export const program = process.env.JARSHY_BINARY ?? join(home, ".build/debug/jarshy");

export class Jarshy {
  static async start() {
    const server = new Jarshy();
    server.folder = mkdtempSync(join(tmpdir(), "jarshy-field-"));
    server.file = join(server.folder, "demo.sqlite");
    server.url = `sqlite:${server.file}`;
    execFileSync(program, ["demo", "--database", server.url, "--home", home], { stdio: "ignore" });
    server.port = await freePort();
    server.base = `http://127.0.0.1:${server.port}`;
    await server.serve();
    return server;
  }

  async serve() {
    const words = ["serve", "--database", this.url, "--home", home, "--listen", `127.0.0.1:${this.port}`];
    this.process = spawn(program, words, { stdio: "ignore" });
    for (let tries = 0; tries < 600; tries += 1) {
      const ready = await fetch(`${this.base}/readyz`).then(({ ok }) => ok, () => false);
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("the server did not start");
  }

  async end(signal = "SIGTERM") {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill(signal);
    await ended;
  }

  async close() {
    await this.end();
    rmSync(this.folder, { recursive: true });
  }

  run(...words) {
    return execFileSync(program, [...words, "--database", this.url], { encoding: "utf8" });
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
