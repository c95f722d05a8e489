import type { Token, Tokens } from 'marked';
import { memo, type ReactNode } from 'react';
import { safeHref } from '../../domain/links';
import type { Block } from '../../domain/streamBlocks';

/** Lines per piece of a code block: appending to the block then lays out only its last piece. */
const CODE_LINES = 40;

/**
 * An answer's Markdown as elements. Nothing passes through an HTML string: tags in the text are
 * shown as text, pictures as links, so there is nothing to sanitise.
 */
export function Markdown({ blocks, growing }: { blocks: readonly Block[]; growing: boolean }) {
  return (
    <div className={growing ? 'markdown growing' : 'markdown'}>
      {blocks.map((block) => (
        <BlockView key={block.key} block={block} />
      ))}
    </div>
  );
}

const BlockView = memo(
  function BlockView({ block }: { block: Block }) {
    return <>{blockOf(block.token)}</>;
  },
  (before, after) =>
    before.block.raw === after.block.raw &&
    before.block.token.type === after.block.token.type &&
    before.block.done === after.block.done,
);

function blockOf(token: Token): ReactNode {
  switch (token.type) {
    case 'heading':
      return <Heading depth={(token as Tokens.Heading).depth}>{inline(token.tokens)}</Heading>;
    case 'paragraph':
      return <p>{inline(token.tokens)}</p>;
    case 'text':
      return token.tokens ? inline(token.tokens) : (token as Tokens.Text).text;
    case 'code':
      return <Code text={(token as Tokens.Code).text} />;
    case 'blockquote':
      return <blockquote>{blocksOf(token.tokens)}</blockquote>;
    case 'list':
      return <List list={token as Tokens.List} />;
    case 'table':
      return <Table table={token as Tokens.Table} />;
    case 'hr':
      return <hr />;
    case 'space':
    case 'def':
      return null;
    default:
      return <p>{token.raw}</p>;
  }
}

function blocksOf(tokens: Token[] | undefined): ReactNode {
  return tokens?.map((token, i) => <BlockOf key={i} token={token} />);
}

function BlockOf({ token }: { token: Token }) {
  return <>{blockOf(token)}</>;
}

/** The page's own headings are h1 to h3; an answer's start below them. */
function Heading({ depth, children }: { depth: number; children: ReactNode }) {
  const Tag = depth <= 1 ? 'h4' : depth === 2 ? 'h5' : 'h6';
  return <Tag>{children}</Tag>;
}

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, i) => (
    <li key={i} className={item.task ? 'task' : undefined}>
      {item.task && (
        <input
          type="checkbox"
          checked={item.checked === true}
          readOnly
          disabled
          aria-label="Done"
        />
      )}
      {blocksOf(item.tokens.filter((token) => token.type !== 'checkbox'))}
    </li>
  ));
  return list.ordered ? (
    <ol start={list.start === '' ? 1 : list.start}>{items}</ol>
  ) : (
    <ul>{items}</ul>
  );
}

function Table({ table }: { table: Tokens.Table }) {
  return (
    <div className="table" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {table.header.map((cell, i) => (
              <th key={i} className={cell.align ?? undefined}>
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, i) => (
                <td key={i} className={cell.align ?? undefined}>
                  {inline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Code({ text }: { text: string }) {
  const lines = text.split('\n');
  const pieces: string[] = [];
  for (let i = 0; i < lines.length; i += CODE_LINES)
    pieces.push(lines.slice(i, i + CODE_LINES).join('\n'));
  return (
    <pre tabIndex={0} aria-label="Code">
      <code>
        {pieces.map((piece, i) => (
          <CodePiece key={i} text={piece} />
        ))}
      </code>
    </pre>
  );
}

const CodePiece = memo(function CodePiece({ text }: { text: string }) {
  return <span>{`${text}\n`}</span>;
});

function inline(tokens: Token[] | undefined): ReactNode {
  return tokens?.map((token, i) => <Inline key={i} token={token} />);
}

function Inline({ token }: { token: Token }): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inline(token.tokens)}</strong>;
    case 'em':
      return <em>{inline(token.tokens)}</em>;
    case 'del':
      return <del>{inline(token.tokens)}</del>;
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <Link href={(token as Tokens.Link).href}>{inline(token.tokens)}</Link>;
    case 'image':
      return (
        <Link href={(token as Tokens.Image).href}>{(token as Tokens.Image).text || 'Picture'}</Link>
      );
    case 'escape':
      return (token as Tokens.Escape).text;
    case 'text':
      return token.tokens ? inline(token.tokens) : unescapeEntities((token as Tokens.Text).text);
    default:
      return token.raw;
  }
}

function Link({ href, children }: { href: string; children: ReactNode }) {
  const safe = safeHref(href);
  if (safe === undefined) return <>{children}</>;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: '\u00a0',
};

/** The few entities that answers use; others stay as they were written. */
function unescapeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name]!);
}
