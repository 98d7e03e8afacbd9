import { checkpointLeaf, countOf, Level, type Checkpoint, type Hex, type LaneWord } from "../../wire/index.ts";
import { laneKey } from "../signingStore.ts";
import type { SharedSignature } from "./sharedSignature.ts";
import { placeKey, type SignedStatement } from "./signedStatement.ts";

/** Statements that say one word at one place. */
export type SaidWord = {
  readonly checkpoint: Checkpoint;
  /** By root and leaf. */
  readonly statements: ReadonlyMap<string, SignedStatement>;
};

type Said = { readonly checkpoint: Checkpoint; readonly statements: Map<string, SignedStatement> };

type Signed = { readonly signatures: Map<string, Hex>; readonly shared: Map<Hex, SharedSignature> };

/** Everything that operators were seen to say, in an order in which contradictions are found. */
export class StatementBook {
  /** Who signed what root: a signature is one over all checkpoints of the tree. */
  readonly #signed = new Map<Hex, Signed>();
  readonly #places = new Map<string, Map<LaneWord, Said>>();
  readonly #contested = new Set<string>();
  readonly #final = new Map<string, Map<LaneWord, Said>>();

  /** Takes a statement in; false if it says nothing new. */
  add({ checkpoint, siblings, root, digest, signatures, shared }: SignedStatement): boolean {
    if (signatures.size + shared.size === 0) return false;
    const known = entryOf(this.#signed, root, (): Signed => ({ signatures: new Map(), shared: new Map() }));
    const before = known.signatures.size + known.shared.size;
    for (const [key, signature] of signatures) if (!known.signatures.has(key)) known.signatures.set(key, signature);
    for (const [bytes, one] of shared) if (!known.shared.has(bytes)) known.shared.set(bytes, one);

    const said = this.#said(checkpoint);
    const id = `${root}:${checkpointLeaf(checkpoint)}`;
    const isNew = !said.statements.has(id);
    if (isNew) said.statements.set(id, { checkpoint, siblings, root, digest, ...known });
    return isNew || known.signatures.size + known.shared.size > before;
  }

  /** For each place at which more than one word was said: what was said there. */
  *contested(): Iterable<readonly SaidWord[]> {
    for (const key of this.#contested) yield [...(this.#places.get(key)?.values() ?? [])];
  }

  /** Everything that was said. */
  *words(): Iterable<SaidWord> {
    for (const place of this.#places.values()) yield* place.values();
  }

  /** The words that were said at level final, lane by lane. */
  *finalWords(): Iterable<ReadonlyMap<LaneWord, SaidWord>> {
    yield* this.#final.values();
  }

  #said(checkpoint: Checkpoint): Said {
    const key = placeKey(checkpoint);
    const place = entryOf(this.#places, key, () => new Map<LaneWord, Said>());
    const said = entryOf(place, checkpoint.laneWord, (): Said => ({ checkpoint, statements: new Map() }));
    if (place.size > 1) this.#contested.add(key);
    if (checkpoint.level === Level.final) {
      entryOf(this.#final, laneKey(checkpoint), () => new Map<LaneWord, Said>()).set(checkpoint.laneWord, said);
    }
    return said;
  }
}

/** The word's place in a lane, to sort by. */
export const byCount = (a: SaidWord, b: SaidWord): number =>
  Number(countOf(a.checkpoint.laneWord) - countOf(b.checkpoint.laneWord));

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
