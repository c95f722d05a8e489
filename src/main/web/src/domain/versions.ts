/** What finding versions needs to know of a message. */
export interface Said {
  id: string;
  seq: number;
  role: string;
  replaces_message_id: string | null;
}

/** A question and what was answered to it. */
export interface Turn<M extends Said> {
  question: M;
  answers: M[];
}

/** A turn as it is shown, and the others that stand for the same place. */
export interface Shown<M extends Said> {
  turn: Turn<M>;
  /** Ids of the questions that had this place, oldest first, this one included. */
  versions: string[];
}

/**
 * One way through a conversation. Messages are stored in a row and never changed: a question that
 * was edited or asked again is a new turn at the end that takes the place of an earlier one. So the
 * row is a tree, in which a turn goes on from the one before it, or from where the turn it replaces
 * went on. Without a choice the newest version is shown at each place.
 */
export function wayThrough<M extends Said>(
  messages: readonly M[],
  chosen: ReadonlySet<string> = new Set(),
): Shown<M>[] {
  const turns = turnsOf(messages);
  const parents = new Map<string, string | undefined>();
  const children = new Map<string | undefined, Turn<M>[]>();
  let previous: string | undefined;
  for (const turn of turns) {
    const { id, replaces_message_id } = turn.question;
    // What is replaced may lie on a page still to be loaded: then everything here was set aside.
    const parent = replaces_message_id === null ? previous : parents.get(replaces_message_id);
    parents.set(id, parent);
    children.set(parent, [...(children.get(parent) ?? []), turn]);
    previous = id;
  }
  const way: Shown<M>[] = [];
  let at: string | undefined;
  for (;;) {
    const here: Turn<M>[] = children.get(at) ?? [];
    const turn = here.find(({ question }) => chosen.has(question.id)) ?? here.at(-1);
    if (turn === undefined) return way;
    way.push({ turn, versions: here.map(({ question }) => question.id) });
    at = turn.question.id;
  }
}

/** The choice that shows another version of a turn: no more than one of each place is chosen. */
export function choose(
  chosen: ReadonlySet<string>,
  versions: readonly string[],
  wanted: string,
): ReadonlySet<string> {
  const next = new Set([...chosen].filter((id) => !versions.includes(id)));
  if (wanted !== versions.at(-1)) next.add(wanted);
  return next;
}

function turnsOf<M extends Said>(messages: readonly M[]): Turn<M>[] {
  const turns: Turn<M>[] = [];
  for (const message of [...messages].sort((a, b) => a.seq - b.seq)) {
    if (message.role === 'user') turns.push({ question: message, answers: [] });
    else turns.at(-1)?.answers.push(message);
  }
  return turns;
}
