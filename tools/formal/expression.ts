/** S-expressions, as SMT-LIB writes them. */
export type Expression = string | readonly Expression[];

const TOKEN = /\|[^|]*\||"(?:[^"]|"")*"|[()]|[^\s()|";]+|;[^\n]*/g;
const QUOTED_IN_VAIN = /^\|([A-Za-z_]\w*)\|$/;

/** The expressions of a text, in order. */
export function parseExpressions(text: string): Expression[] {
  const levels: Expression[][] = [[]];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith(";")) continue;
    if (token === "(") levels.push([]);
    else if (token === ")") {
      const done = levels.pop();
      const above = levels.at(-1);
      if (done === undefined || above === undefined) throw new Error("A parenthesis too many in a query.");
      above.push(done);
    } else levels.at(-1)?.push(QUOTED_IN_VAIN.exec(token)?.[1] ?? token);
  }
  const [top, ...open] = levels;
  if (top === undefined || open.length > 0) throw new Error("A parenthesis is missing in a query.");
  return top;
}

export function printExpression(expression: Expression): string {
  return typeof expression === "string" ? expression : `(${expression.map(printExpression).join(" ")})`;
}

/** The operands, if the expression applies this operator to as many. */
export function operands(expression: Expression, operator: string, count: number): Expression[] | undefined {
  if (typeof expression === "string" || expression.length !== count + 1 || expression[0] !== operator) return undefined;
  return expression.slice(1);
}

export function isEqual(a: Expression, b: Expression): boolean {
  return printExpression(a) === printExpression(b);
}
