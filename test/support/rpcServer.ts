/** A simulated chain as another process meets it, with the faults that a test wants. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { z } from "zod";

/** The part of an EIP-1193 provider that is served. */
interface Provider {
  request(args: { method: string; params?: unknown[] }): Promise<unknown>;
}

const Request = z.object({
  id: z.union([z.number(), z.string()]),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
});

export class RpcServer {
  /** Stands in the way of each request; `die` ends the server and every connection at once. */
  fault: (method: string, forward: () => Promise<unknown>, die: () => void) => Promise<unknown> = (_, forward) =>
    forward();
  readonly #provider: Provider;
  #server: Server | undefined;
  #port = 0;

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void this.#answer(request).then(
        (body) => response.setHeader("content-type", "application/json").end(body),
        () => response.destroy(),
      );
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  async #answer(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { id, method, params } = Request.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    const forward = (): Promise<unknown> =>
      this.#provider.request({ method, ...(params === undefined ? {} : { params }) });
    try {
      const result = await this.fault(method, forward, () => this.stop());
      return JSON.stringify({ jsonrpc: "2.0", id, result });
    } catch (error) {
      const { code = -32000, message, data } = error as { code?: number; message: string; data?: unknown };
      return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data } });
    }
  }
}
