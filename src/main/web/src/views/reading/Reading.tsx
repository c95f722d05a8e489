import {
  BookOpen,
  Highlighter,
  LibraryBig,
  MessageSquare,
  PanelLeft,
  PanelRight,
} from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { Highlight, Media } from '../../api/types';
import type { Passage, Paper } from '../../reader/paper';
import { useApp } from '../../state/app';
import { preferences, setPreference } from '../../state/preferences';
import { useFragments, useHighlights, usePosition } from '../../state/queries';
import { removals, removeHighlight } from '../../state/removals';
import { useStore } from '../../state/store';
import { width as windowWidth } from '../../state/width';
import { IconButton } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { Separator } from '../../ui/Separator';
import { useShortcuts } from '../../ui/shortcuts';
import { ChatPane } from '../chat/ChatPane';
import { BottomTabs } from '../shell/BottomTabs';
import { TopBar } from '../shell/TopBar';
import { LinkedPane } from './LinkedPane';
import { NoteDialog } from './NoteDialog';
import { PaperView } from './PaperView';
import { parsePlace, placeLink, placeOf, type Place } from './place';
import { ShortcutsDialog } from './ShortcutsDialog';
import { Toolbar } from './Toolbar';
import { useMarking } from './useMarking';
import { useReadingPosition } from './useReadingPosition';
import { useSelected } from './useSelected';

type Pane = 'read' | 'linked' | 'chat';

/** Widths in pixels between which the side panes can be dragged. */
const LEFT = { min: 220, max: 420 } as const;
const RIGHT = { min: 320, max: 720 } as const;

/** How long a jump's target stays lit. */
const FLASH_MS = 900;

export function Reading({ media }: { media: Media }) {
  const { queries } = useApp();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const prefs = useStore(preferences);
  const width = useStore(windowWidth);

  const fragments = useFragments(media.id, true);
  const stored = useHighlights(media.id);
  const position = usePosition(media.id);
  const removed = useStore(removals);
  const highlights = useMemo(
    () => (stored.data ?? []).filter((one) => !removed.has(one.id)),
    [stored.data, removed],
  );

  const scroller = useRef<HTMLElement>(null);
  const [paper, setPaper] = useState<Paper>();
  const [active, setActive] = useState<string>();
  const [noteOn, setNoteOn] = useState<Highlight>();
  const [pane, setPane] = useState<Pane>('read');
  const [drawer, setDrawer] = useState(false);
  const [help, setHelp] = useState(false);
  const [announcement, setAnnouncement] = useState('');
  const [focusComposer, setFocusComposer] = useState(0);

  const at = params.get('at');
  const conversationId = params.get('chat') ?? undefined;
  const openConversation = useCallback(
    (id: string | undefined) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          if (id === undefined) next.delete('chat');
          else next.set('chat', id);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );

  const canMark = media.capabilities.can_highlight && paper?.exact === true;
  const [selected, clearSelected] = useSelected(canMark ? paper : undefined);
  const { currentHeading, onScroll } = useReadingPosition(
    media.id,
    paper,
    scroller,
    position,
    at !== null,
  );
  const ordered = useMemo(() => paper?.inOrder(highlights) ?? [], [paper, highlights]);
  const activeHighlight = highlights.find((one) => one.id === active);

  useEffect(() => {
    paper?.paint(highlights, active);
  }, [paper, highlights, active]);

  const jump = useCallback(
    (place: Place) => {
      setPane('read');
      setDrawer(false);
      if (!paper || !scroller.current) return;
      paper.scrollTo(place, scroller.current);
      paper.flash(place);
      setTimeout(() => paper.flash(undefined), FLASH_MS);
    },
    [paper],
  );

  useEffect(() => {
    const place = parsePlace(at);
    if (paper && place) jump(place);
  }, [paper, at, jump]);

  const toChat = useCallback(() => {
    setPane('chat');
    if (windowWidth.get() !== 'phone') setPreference('rightOpen', true);
    setFocusComposer((count) => count + 1);
  }, []);

  const marking = useMarking(media, conversationId ?? 'new', toChat);

  /** What a key acts on: the selection, else the highlight, else the block under the cursor. */
  const target = (): { passages: Passage[] } | { highlight: Highlight } | undefined => {
    if (selected) return { passages: selected.passages };
    if (activeHighlight) return { highlight: activeHighlight };
    const block = paper?.cursorBlock && canMark ? paper.blockPassage(paper.cursorBlock) : undefined;
    return block && { passages: [block] };
  };

  const act = async (action: 'mark' | 'note' | 'quote', on = target()) => {
    if (on === undefined) return;
    const marks = 'highlight' in on ? [on.highlight] : await marking.mark(on.passages, 'yellow');
    clearSelected();
    if (marks.length === 0) return;
    if (action === 'note') setNoteOn(marks[0]);
    if (action === 'quote') marking.quote(marks);
    if (action === 'mark') setAnnouncement('Highlighted in yellow');
  };

  const remove = (highlight: Highlight) => {
    setActive(undefined);
    removeHighlight(queries, media.id, highlight);
  };

  const stepHighlight = (step: 1 | -1) => {
    const all = ordered;
    if (all.length === 0) return;
    const from = all.findIndex((one) => one.id === active);
    const next =
      all[from < 0 ? (step > 0 ? 0 : all.length - 1) : (from + step + all.length) % all.length]!;
    setActive(next.id);
    jump(placeOf(next));
    setAnnouncement(
      `Highlight, ${next.color}${next.annotation ? ', with a note' : ''}: ${next.exact}`,
    );
  };

  const toggleLeft = () =>
    width === 'wide' ? setPreference('leftOpen', !prefs.leftOpen) : setDrawer(!drawer);
  const toggleRight = () => setPreference('rightOpen', !prefs.rightOpen);

  useShortcuts({
    h: () => void act('mark'),
    n: () => void act('note'),
    q: () => void act('quote'),
    j: () => {
      if (scroller.current) paper?.moveCursor(1, scroller.current);
    },
    k: () => {
      if (scroller.current) paper?.moveCursor(-1, scroller.current);
    },
    J: () => stepHighlight(1),
    K: () => stepHighlight(-1),
    '[': toggleLeft,
    ']': toggleRight,
    '?': () => setHelp(true),
    Delete: () => (activeHighlight ? remove(activeHighlight) : false),
    Escape: () => {
      if (!selected && !active && !drawer && !paper?.cursorBlock) return false;
      clearSelected();
      setActive(undefined);
      setDrawer(false);
      paper?.setCursor(undefined);
      return undefined;
    },
  });

  /** On a phone the one pane in sight is the page's main part. */
  const alone = (one: Pane) => width === 'phone' && pane === one;
  const leftShown = width === 'wide' ? prefs.leftOpen : drawer;
  const style = {
    '--left': leftShown && width === 'wide' ? `${prefs.leftWidth}px` : '0px',
    '--right': prefs.rightOpen ? `${prefs.rightWidth}px` : '0px',
  } as React.CSSProperties;

  return (
    <div
      className="app reading"
      style={style}
      data-pane={pane}
      data-left={leftShown}
      data-right={prefs.rightOpen}
    >
      <TopBar>
        <IconButton
          label="Outline and highlights"
          className="hide-phone"
          aria-pressed={leftShown}
          onClick={toggleLeft}
        >
          <PanelLeft />
        </IconButton>
        <IconButton
          label="Chat"
          className="hide-phone"
          aria-pressed={prefs.rightOpen}
          onClick={toggleRight}
        >
          <PanelRight />
        </IconButton>
      </TopBar>

      <section
        className="side"
        aria-label="Outline, highlights and chats"
        role={alone('linked') ? 'main' : 'complementary'}
      >
        {alone('linked') && <h1 className="visually-hidden">Highlights in {media.title}</h1>}
        <div className="side-scroll">
          <LinkedPane
            mediaId={media.id}
            headings={paper?.headings() ?? []}
            currentHeading={currentHeading}
            highlights={ordered}
            activeId={active}
            conversationId={conversationId}
            onHeading={(heading) => {
              setPane('read');
              setDrawer(false);
              heading.element.scrollIntoView({ block: 'start' });
            }}
            onHighlight={(highlight) => {
              setActive(highlight.id);
              jump(placeOf(highlight));
            }}
            onQuote={(highlight) => void act('quote', { highlight })}
            onNote={setNoteOn}
            onDelete={remove}
            onConversation={(id) => {
              openConversation(id);
              toChat();
            }}
          />
        </div>
        {width === 'wide' && prefs.leftOpen && (
          <Separator
            label="Width of the outline"
            value={prefs.leftWidth}
            {...LEFT}
            grows="right"
            onChange={(value) => setPreference('leftWidth', value)}
          />
        )}
      </section>
      <main
        className="read"
        ref={scroller}
        tabIndex={0}
        onScroll={onScroll}
        aria-label={media.title}
      >
        {fragments.isError && (
          <ErrorNote error={fragments.error} onRetry={() => void fragments.refetch()} />
        )}
        {paper && !paper.exact && (
          <p className="banner" role="note">
            Passages of this document cannot be marked: its text and its layout do not agree.
          </p>
        )}
        {fragments.data && (
          <PaperView
            media={media}
            fragments={fragments.data}
            onPaper={setPaper}
            onPick={(x, y) => setActive(paper?.highlightAt(x, y, active)?.id)}
          />
        )}
      </main>
      <section className="chat" aria-label="Chat" role={alone('chat') ? 'main' : undefined}>
        {alone('chat') && <h1 className="visually-hidden">Chat about {media.title}</h1>}
        {prefs.rightOpen && (
          <Separator
            label="Width of the chat"
            value={prefs.rightWidth}
            {...RIGHT}
            grows="left"
            onChange={(value) => setPreference('rightWidth', value)}
          />
        )}
        <ChatPane
          conversationId={conversationId}
          focusComposer={focusComposer}
          placeholder="Ask about this document"
          onConversation={openConversation}
          onPlace={(place) =>
            place.media_id === media.id
              ? jump(place)
              : void navigate(placeLink(place, conversationId))
          }
        />
      </section>

      <BottomTabs
        current={pane}
        tabs={[
          {
            id: 'library',
            label: 'Library',
            icon: <LibraryBig />,
            onSelect: () => void navigate('/'),
          },
          { id: 'read', label: 'Read', icon: <BookOpen />, onSelect: () => setPane('read') },
          {
            id: 'linked',
            label: 'Linked',
            icon: <Highlighter />,
            onSelect: () => setPane('linked'),
          },
          { id: 'chat', label: 'Chat', icon: <MessageSquare />, onSelect: () => setPane('chat') },
        ]}
      />

      {(selected || activeHighlight) && paper && (
        <Toolbar
          rangeOf={() => selected?.range ?? paper.rangeOf(activeHighlight!)}
          scroller={scroller}
          current={selected ? undefined : activeHighlight?.color}
          canQuote={media.capabilities.can_quote}
          problem={selected?.problem}
          onColour={async (colour) => {
            if (selected) await marking.mark(selected.passages, colour);
            else if (activeHighlight) await marking.recolour(activeHighlight, colour);
            clearSelected();
            setActive(undefined);
          }}
          onNote={() => void act('note')}
          onQuote={() => void act('quote').then(() => setActive(undefined))}
          {...(!selected && { onDelete: () => remove(activeHighlight!) })}
        />
      )}
      {noteOn && (
        <NoteDialog highlight={noteOn} mediaId={media.id} onClose={() => setNoteOn(undefined)} />
      )}
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
    </div>
  );
}
