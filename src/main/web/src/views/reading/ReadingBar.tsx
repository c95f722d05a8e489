import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Media } from '../../api/types';
import type { Contents, Position } from '../../domain/contents';
import { IconButton } from '../../ui/Button';

interface Props {
  media: Media;
  contents: Contents;
  here: Position | undefined;
  /** Name of the chapter being read. */
  chapter: string | undefined;
  onStep: (by: 1 | -1) => void;
  children?: ReactNode;
}

/** Where in the document this is, at the foot of the text. */
export function ReadingBar({ media, contents, here, chapter, onStep, children }: Props) {
  const index = here ? contents.indexOf(here.fragment_id) : 0;
  const many = contents.parts.length > 1;
  const paged = media.kind === 'pdf';
  const unit = paged ? 'page' : 'chapter';
  const share = here ? contents.share(here) : 0;
  const left = here ? contents.minutesLeft(here) : contents.minutes;
  return (
    <nav className="read-bar" aria-label="Place in the document">
      <progress
        className="read-progress"
        value={share}
        max={1}
        aria-label="Read so far"
        aria-valuetext={`${Math.round(share * 100)} %`}
      />
      {many && (
        <>
          <IconButton label={`Previous ${unit}`} disabled={index <= 0} onClick={() => onStep(-1)}>
            <ChevronLeft />
          </IconButton>
          <span className="read-chapter">
            {paged ? `Page ${index + 1} of ${contents.parts.length}` : chapter}
          </span>
          <IconButton
            label={`Next ${unit}`}
            disabled={index >= contents.parts.length - 1}
            onClick={() => onStep(1)}
          >
            <ChevronRight />
          </IconButton>
        </>
      )}
      <span className="spring" />
      {children}
      <span className="read-share">
        {Math.round(share * 100)} %<span className="hide-phone"> · {left} min left</span>
      </span>
    </nav>
  );
}
