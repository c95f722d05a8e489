import { LibraryBig, MessageSquare, SlidersHorizontal } from 'lucide-react';
import { useNavigate } from 'react-router';
import { BottomTabs } from './BottomTabs';

/** The bottom tabs of the pages outside of a document. */
export function SiteTabs({ current }: { current: 'library' | 'chat' | 'settings' }) {
  const navigate = useNavigate();
  return (
    <BottomTabs
      current={current}
      tabs={[
        {
          id: 'library',
          label: 'Library',
          icon: <LibraryBig />,
          onSelect: () => void navigate('/'),
        },
        {
          id: 'chat',
          label: 'Chats',
          icon: <MessageSquare />,
          onSelect: () => void navigate('/conversations'),
        },
        {
          id: 'settings',
          label: 'Models',
          icon: <SlidersHorizontal />,
          onSelect: () => void navigate('/settings'),
        },
      ]}
    />
  );
}
