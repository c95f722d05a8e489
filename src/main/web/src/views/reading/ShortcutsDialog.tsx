import { Dialog } from '../../ui/Dialog';

const KEYS = [
  ['j, k', 'Next and previous paragraph'],
  ['h', 'Highlight the selection or the paragraph'],
  ['n', 'Write a note on it'],
  ['q', 'Quote it to the chat'],
  ['Shift + J, K', 'Next and previous highlight'],
  [', and .', 'Previous and next chapter or page'],
  ['Delete', 'Delete the chosen highlight'],
  ['[ and ]', 'Show or hide the outline and the chat'],
  ['Esc', 'Let go; while an answer grows in the chat, stop it'],
  ['?', 'This list'],
] as const;

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {KEYS.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p className="fine">Single keys can be turned off under Appearance.</p>
    </Dialog>
  );
}
