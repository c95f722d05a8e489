import { useEffect, useRef, useState } from 'react';
import type { Fragment, Media } from '../../api/types';
import { readingMinutes } from '../../domain/time';
import { insertHtml } from '../../reader/insertHtml';
import { Paper } from '../../reader/paper';
import { KINDS } from '../library/kinds';

interface Props {
  media: Media;
  fragments: readonly Fragment[];
  onPaper: (paper: Paper | undefined) => void;
  /** A click on the text that selected nothing. */
  onPick: (x: number, y: number) => void;
}

/** The document. Its inside is laid once and never rendered again: offsets are tied to its nodes. */
export function PaperView({ media, fragments, onPaper, onPick }: Props) {
  const text = useRef<HTMLDivElement>(null);
  const [ownTitle, setOwnTitle] = useState(false);

  useEffect(() => {
    let paper: Paper | undefined;
    let cancelled = false;
    void lay(text.current!, fragments).then(() => {
      if (cancelled) return;
      paper = new Paper(text.current!, fragments);
      setOwnTitle(paper.headings()[0]?.text === media.title.trim());
      onPaper(paper);
    });
    return () => {
      cancelled = true;
      paper?.dispose();
      onPaper(undefined);
    };
  }, [fragments, media.title, onPaper]);

  const minutes = readingMinutes(fragments.map((one) => one.canonical_text).join('\n'));
  return (
    <article lang={media.language ?? undefined}>
      {!ownTitle && <h1>{media.title}</h1>}
      <p className="by">
        {[media.author, KINDS[media.kind], `${minutes} min`].filter(Boolean).join(' · ')}
      </p>
      {fragments.length === 0 && <p>This document holds no text.</p>}
      <div
        ref={text}
        className="text"
        onClick={(event) => {
          const onLink = (event.target as Element).closest('a') !== null;
          if (!onLink && document.getSelection()?.isCollapsed !== false)
            onPick(event.clientX, event.clientY);
        }}
      />
    </article>
  );
}

async function lay(root: HTMLElement, fragments: readonly Fragment[]): Promise<void> {
  const sections = fragments.map((fragment) => {
    const section = document.createElement('section');
    section.dataset['fragment'] = fragment.id;
    return section;
  });
  await Promise.all(
    sections.map((section, i) => insertHtml(section, fragments[i]!.html_sanitized)),
  );
  root.replaceChildren(...sections);
}
