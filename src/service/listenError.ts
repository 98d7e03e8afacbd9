import { ParleyError } from "../errors.ts";
import { placesOf } from "./settings.ts";

/** What is told where a service cannot listen: `service/port-in-use`, or `service/port-refused`. */
export function listenError(
  service: string,
  { host, port }: { readonly host: string; readonly port: number },
  cause: unknown,
): ParleyError {
  const isTaken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  const { flag, variable } = placesOf(service, "port");
  const other = `give another port by ${flag} or ${variable}; 0 takes one that the system gives`;
  return new ParleyError(
    isTaken ? "service/port-in-use" : "service/port-refused",
    isTaken
      ? `Port ${port} of ${host} is in use.`
      : `This process cannot listen on port ${port} of ${host}: ${cause instanceof Error ? cause.message : String(cause)}`,
    isTaken
      ? `Stop what listens there, or ${other}.`
      : `Give an address of this machine by ${placesOf(service, "host").flag}, or ${other}.`,
    { cause },
  );
}
