/** Pixels a press may move and still be a click. */
const STILL = 4;

interface Press {
  x: number;
  y: number;
  /** Where in a link's text it began. */
  caret: CaretPosition | null;
}

/**
 * Lets text be selected from within a link. Browsers begin no selection there but drag the link,
 * and follow it when the mouse is let go over it, which is not what whoever selects wants. Returns
 * what ends it.
 */
export function selectWithinLinks(root: HTMLElement): () => void {
  let press: Press | undefined;
  const hasMoved = ({ clientX, clientY }: MouseEvent) =>
    press !== undefined && Math.hypot(clientX - press.x, clientY - press.y) > STILL;
  const linkOf = (event: Event) => (event.target as Element).closest?.('a');

  const onDown = (event: PointerEvent) => {
    const { clientX: x, clientY: y } = event;
    // Links over drawn pages hold no text themselves.
    const words = event.pointerType === 'mouse' && event.button === 0 && linkOf(event)?.textContent;
    press = { x, y, caret: words ? (document.caretPositionFromPoint?.(x, y) ?? null) : null };
  };
  const onMove = (event: PointerEvent) => {
    if (event.buttons !== 1 || !press?.caret || !hasMoved(event)) return;
    const end = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const { offsetNode, offset } = press.caret;
    if (end && root.contains(end.offsetNode))
      document.getSelection()?.setBaseAndExtent(offsetNode, offset, end.offsetNode, end.offset);
  };
  const onUp = () => {
    if (press) press.caret = null;
  };
  // Neither the link is dragged nor the text that is being selected.
  const onDragStart = (event: DragEvent) => {
    if (press?.caret) event.preventDefault();
  };
  const onClick = (event: MouseEvent) => {
    const selects = hasMoved(event) && document.getSelection()?.isCollapsed === false;
    if (selects && linkOf(event)) event.preventDefault();
  };

  root.addEventListener('pointerdown', onDown, true);
  document.addEventListener('pointermove', onMove);
  document.addEventListener('pointerup', onUp);
  root.addEventListener('dragstart', onDragStart);
  root.addEventListener('click', onClick, true);
  return () => {
    root.removeEventListener('pointerdown', onDown, true);
    document.removeEventListener('pointermove', onMove);
    document.removeEventListener('pointerup', onUp);
    root.removeEventListener('dragstart', onDragStart);
    root.removeEventListener('click', onClick, true);
  };
}
