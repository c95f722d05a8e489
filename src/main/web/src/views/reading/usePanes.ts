import { useCallback, useState, type CSSProperties } from 'react';
import { preferences, setPreference } from '../../state/preferences';
import { useStore } from '../../state/store';
import { width as windowWidth } from '../../state/width';

/** What a phone shows one at a time; elsewhere all three have their place. */
export type Pane = 'read' | 'linked' | 'chat';

/** Which of the reader's panes are in sight, and how wide. */
export function usePanes() {
  const { leftOpen, rightOpen, leftWidth, rightWidth } = useStore(preferences);
  const width = useStore(windowWidth);
  const [pane, setPane] = useState<Pane>('read');
  const [drawer, setDrawer] = useState(false);

  const toText = useCallback(() => {
    setPane('read');
    setDrawer(false);
  }, []);
  const toChat = useCallback(() => {
    setPane('chat');
    if (windowWidth.get() !== 'phone') setPreference('rightOpen', true);
  }, []);
  const toggleLeft = () =>
    width === 'wide' ? setPreference('leftOpen', !leftOpen) : setDrawer(!drawer);
  const toggleRight = () => setPreference('rightOpen', !rightOpen);

  const leftDocked = width === 'wide' && leftOpen;
  const style = {
    '--left': leftDocked ? `${leftWidth}px` : '0px',
    '--right': rightOpen ? `${rightWidth}px` : '0px',
  } as CSSProperties;
  return {
    pane,
    drawer,
    leftShown: width === 'wide' ? leftOpen : drawer,
    leftDocked,
    rightOpen,
    leftWidth,
    rightWidth,
    style,
    setPane,
    closeDrawer: useCallback(() => setDrawer(false), []),
    toText,
    toChat,
    toggleLeft,
    toggleRight,
    /** On a phone the one pane in sight is the page's main part. */
    alone: (one: Pane) => width === 'phone' && pane === one,
  };
}

export type Panes = ReturnType<typeof usePanes>;
