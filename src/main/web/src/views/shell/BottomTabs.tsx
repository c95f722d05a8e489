import type { ReactNode } from 'react';

export interface Tab {
  id: string;
  label: string;
  icon: ReactNode;
  onSelect: () => void;
}

/** The places of the app on a phone, within reach of a thumb. */
export function BottomTabs({ tabs, current }: { tabs: Tab[]; current: string }) {
  return (
    <nav className="tabs" aria-label="Places">
      {tabs.map(({ id, label, icon, onSelect }) => (
        <button
          key={id}
          type="button"
          aria-current={id === current ? 'page' : undefined}
          onClick={onSelect}
        >
          {icon}
          <span>{label}</span>
        </button>
      ))}
    </nav>
  );
}
