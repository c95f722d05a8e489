import { Lexer, type Token } from 'marked';

/** One top-level block of an answer's Markdown. A block that is `done` never changes again. */
export interface Block {
  key: number;
  raw: string;
  token: Token;
  done: boolean;
}

/**
 * Splits growing Markdown into blocks, lexing only what can still change.
 *
 * A block is frozen once two more blocks follow it: the one right after may still join it (a lazy
 * continuation, a setext underline, a further list item), the second one cannot. Link definitions
 * that arrive after their use change earlier blocks, so the end of the answer is lexed whole.
 */
export class StreamBlocks {
  private text = '';
  private frozen: Block[] = [];
  private frozenLength = 0;

  append(delta: string): void {
    this.text += delta;
  }

  reset(): void {
    this.text = '';
    this.frozen = [];
    this.frozenLength = 0;
  }

  get source(): string {
    return this.text;
  }

  /** The blocks of the text so far; frozen ones keep their identity from call to call. */
  blocks(): Block[] {
    const tokens = new Lexer({ gfm: true }).lex(this.text.slice(this.frozenLength));
    const cut = firstUnsettled(tokens);
    for (const token of tokens.slice(0, cut)) {
      this.frozenLength += token.raw.length;
      if (token.type !== 'space') this.frozen.push(block(this.frozen.length, token, true));
    }
    const live = tokens.slice(cut).filter((token) => token.type !== 'space');
    return [...this.frozen, ...live.map((token, i) => block(this.frozen.length + i, token, false))];
  }

  /** The blocks of the finished text, from one pass over all of it. */
  finish(): Block[] {
    return wholeBlocks(this.text);
  }
}

/** The blocks of a finished text. */
export function wholeBlocks(text: string): Block[] {
  return new Lexer({ gfm: true })
    .lex(text)
    .filter((token) => token.type !== 'space')
    .map((token, i) => block(i, token, true));
}

function block(key: number, token: Token, done: boolean): Block {
  return { key, raw: token.raw, token, done };
}

function firstUnsettled(tokens: Token[]): number {
  let following = 0;
  for (let i = tokens.length - 1; i >= 0; i--) {
    if (following >= 2) return i + 1;
    if (tokens[i]!.type !== 'space') following++;
  }
  return 0;
}
