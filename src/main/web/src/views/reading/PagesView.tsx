import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Media } from '../../api/types';
import { asApiError } from '../../api/errors';
import type { Contents, Position } from '../../domain/contents';
import { openPdf, type PDFDocumentProxy } from '../../reader/pdf/engine';
import { PdfPaper } from '../../reader/pdf/pdfPaper';
import type { Paper } from '../../reader/paper';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';

interface Props {
  media: Media;
  contents: Contents;
  scroller: RefObject<HTMLElement | null>;
  zoom: number;
  onPaper: (paper: Paper | undefined) => void;
  onPick: (x: number, y: number) => void;
  onText: () => void;
  /** A link that leads to a place in the same document. */
  onLink: (target: Position) => void;
}

interface Opened {
  document: PDFDocumentProxy;
  size: { width: number; height: number };
}

/** The document as its printed pages. Loaded with the engine that draws them, and only then. */
export default function PagesView(props: Props) {
  const { media, contents, scroller, zoom, onPaper, onPick, onText, onLink } = props;
  // Changes with the paper, which must not be made anew for it.
  const follow = useRef(onLink);
  follow.current = onLink;
  const root = useRef<HTMLDivElement>(null);
  const pages = useRef<PdfPaper>(undefined);
  const [opened, setOpened] = useState<Opened>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const firstZoom = useRef(zoom);
  firstZoom.current = zoom;

  useEffect(() => {
    const loading = openPdf(`/api/media/${media.id}/file`);
    let gone = false;
    loading.promise
      .then(async (document) => {
        const first = await document.getPage(1);
        const { width, height } = first.getViewport({ scale: 1 });
        if (!gone) setOpened({ document, size: { width, height } });
      })
      .catch((thrown: unknown) => !gone && setError(thrown ?? new Error()));
    return () => {
      gone = true;
      setOpened(undefined);
      void loading.destroy();
    };
  }, [media.id, attempt]);

  useEffect(() => {
    if (opened === undefined) return;
    const paper = new PdfPaper(root.current!, {
      scroller: scroller.current!,
      contents,
      ...opened,
      zoom: firstZoom.current,
      onLink: (target) => follow.current(target),
    });
    pages.current = paper;
    onPaper(paper);
    return () => {
      pages.current = undefined;
      paper.dispose();
      onPaper(undefined);
    };
  }, [opened, contents, scroller, onPaper]);

  useEffect(() => pages.current?.setZoom(zoom), [zoom]);

  return (
    <div className="pdf" lang={media.language ?? undefined}>
      <h1 className="visually-hidden">{media.title}</h1>
      {error !== undefined && (
        <div className="pdf-failed">
          <ErrorNote
            error={asApiError(error)}
            onRetry={() => {
              setError(undefined);
              setAttempt((count) => count + 1);
            }}
          >
            <Button kind="outline" onClick={onText}>
              Read as text
            </Button>
          </ErrorNote>
        </div>
      )}
      {!opened && error === undefined && (
        <div className="skeleton pdf-skeleton" aria-hidden>
          <i />
        </div>
      )}
      <div
        ref={root}
        className="pdf-pages"
        onClick={(event) => {
          if (document.getSelection()?.isCollapsed !== false) onPick(event.clientX, event.clientY);
        }}
      />
    </div>
  );
}
