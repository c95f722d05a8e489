/** The product's mark: an open book on a stand. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden>
      <path d="M3.5 5.5C6.5 4.3 9.7 4.8 12 6.6c2.3-1.8 5.5-2.3 8.5-1.1l-1.6 9c-2.3-.8-4.7-.5-6.9 1-2.2-1.5-4.6-1.8-6.9-1zM12 6.6V21M8.5 21h7" />
    </svg>
  );
}
