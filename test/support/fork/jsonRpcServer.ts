import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import type { ChainProvider } from "../../../src/testing/eigenlayer.ts";

export interface JsonRpcServer {
  readonly url: string;
  close(): Promise<void>;
}

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params?: readonly unknown[];
}

/**
 * Serves a chain of this process over JSON-RPC on 127.0.0.1, at a port that the system gives. (Hardhat's own server waits for its
 * clients when it closes, and a fork lets go of its connections late.)
 */
export async function serve(provider: ChainProvider): Promise<JsonRpcServer> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = JSON.parse(await textOf(request)) as Call | Call[];
      const answer = Array.isArray(body)
        ? await Promise.all(body.map((call) => answerTo(call, provider)))
        : await answerTo(body, provider);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answerTo({ id, method, params = [] }: Call, provider: ChainProvider): Promise<object> {
  try {
    return { jsonrpc: "2.0", id, result: await provider.request({ method, params }) };
  } catch (error) {
    const { code = -32603, message = "" } = error as { code?: number; message?: string };
    return { jsonrpc: "2.0", id, error: { code, message } };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
