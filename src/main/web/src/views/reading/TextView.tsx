import { useEffect, useRef, useState, type MouseEvent, type RefObject } from 'react';
import type { Media } from '../../api/types';
import { linkTarget, type Contents, type Position } from '../../domain/contents';
import type { Paper } from '../../reader/paper';
import { TextPaper } from '../../reader/textPaper';
import { useLoadFragment } from '../../state/queries';
import { KINDS } from '../library/kinds';

interface Props {
  media: Media;
  contents: Contents;
  scroller: RefObject<HTMLElement | null>;
  onPaper: (paper: Paper | undefined) => void;
  onChange: () => void;
  /** A click on the text that selected nothing. */
  onPick: (x: number, y: number) => void;
  /** A link that leads to a place in the same document. */
  onLink: (target: Position) => void;
}

/** The document as text. Its inside is the paper's and never rendered: offsets are tied to its nodes. */
export function TextView(props: Props) {
  const { media, contents, scroller, onPaper, onChange, onPick, onLink } = props;
  const text = useRef<HTMLDivElement>(null);
  const load = useLoadFragment();
  const [ownTitle, setOwnTitle] = useState(false);
  // Changes with the paper, which must not be made anew for it.
  const changed = useRef(onChange);
  changed.current = onChange;

  useEffect(() => {
    const paper = new TextPaper(text.current!, {
      scroller: scroller.current!,
      contents,
      paged: media.kind === 'pdf',
      load,
      onChange: () => {
        const first = paper.headings()[0];
        if (first?.fragment_id === contents.parts[0]?.id)
          setOwnTitle(first?.title === media.title.trim());
        changed.current();
      },
    });
    onPaper(paper);
    return () => {
      paper.dispose();
      onPaper(undefined);
    };
  }, [contents, media.kind, media.title, scroller, load, onPaper]);

  const onClick = (event: MouseEvent) => {
    const link = (event.target as Element).closest('a');
    if (link === null) {
      if (document.getSelection()?.isCollapsed !== false) onPick(event.clientX, event.clientY);
      return;
    }
    const href = link.getAttribute('href') ?? '';
    if (!href.startsWith('#') || event.defaultPrevented) return;
    event.preventDefault();
    const target = linkTarget(href, contents);
    if (target) onLink(target);
  };
  return (
    <article lang={media.language ?? undefined} data-kind={media.kind}>
      {!ownTitle && <h1>{media.title}</h1>}
      <p className="by">
        {[media.author, KINDS[media.kind], `${contents.minutes} min`].filter(Boolean).join(' · ')}
      </p>
      {contents.parts.length === 0 && <p>This document holds no text.</p>}
      <div ref={text} className="text" onClick={onClick} />
    </article>
  );
}
