import { useEffect } from 'react';
import { asAddress } from '../../domain/address';

interface Takers {
  onFiles: (files: File[]) => void;
  onAddress: (url: string) => void;
  onText: (text: string) => void;
}

/** What is pasted onto the page outside of any field: files, an address, or a text to read. */
export function usePasted({ onFiles, onAddress, onText }: Takers): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const target = event.target as Element | null;
      if (target?.closest?.('input, textarea, select, [contenteditable], dialog')) return;
      const files = [...(event.clipboardData?.files ?? [])];
      const text = event.clipboardData?.getData('text/plain').trim() ?? '';
      if (files.length === 0 && text === '') return;
      event.preventDefault();
      const url = asAddress(text);
      if (files.length > 0) onFiles(files);
      else if (url !== undefined) onAddress(url);
      else onText(text);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [onFiles, onAddress, onText]);
}
