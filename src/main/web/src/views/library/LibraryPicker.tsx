import { ChevronDown, Plus, UsersRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { Library } from '../../api/types';
import { useApp } from '../../state/app';
import { useLibraries } from '../../state/queries';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { DialogActions } from '../../ui/DialogActions';
import { ErrorNote } from '../../ui/ErrorNote';
import { Field } from '../../ui/Field';
import { Popover } from '../../ui/Popover';

interface Props {
  current: Library | undefined;
  onChoose: (id: string | undefined) => void;
}

/** Which library is shown: everything the reader can read, or one that is shared. */
export function LibraryPicker({ current, onChoose }: Props) {
  const libraries = useLibraries();
  const [making, setMaking] = useState(false);
  const all = (libraries.data ?? []).filter((one) => !one.is_default);
  return (
    <>
      <Popover
        label={`Library: ${current?.name ?? 'Everything'}`}
        triggerClass="library-name"
        trigger={
          <>
            <span>{current?.name ?? 'Library'}</span> <ChevronDown aria-hidden />
          </>
        }
      >
        {(close) => (
          <div className="libraries">
            <button
              type="button"
              className="row"
              aria-current={current === undefined || undefined}
              onClick={() => (close(), onChoose(undefined))}
            >
              Everything<small>All you can read</small>
            </button>
            {all.map((one) => (
              <button
                key={one.id}
                type="button"
                className="row"
                aria-current={one.id === current?.id || undefined}
                onClick={() => (close(), onChoose(one.id))}
              >
                {one.name}
                <small>{counts(one)}</small>
              </button>
            ))}
            <Button onClick={() => (close(), setMaking(true))}>
              <Plus aria-hidden /> New library
            </Button>
          </div>
        )}
      </Popover>
      {making && <NewLibrary onClose={() => setMaking(false)} onMade={(one) => onChoose(one.id)} />}
    </>
  );
}

function counts({ member_count, media_count }: Library): string {
  const documents = media_count === 1 ? '1 document' : `${media_count} documents`;
  return member_count > 1 ? `${documents} · ${member_count} members` : documents;
}

function NewLibrary({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (library: Library) => void;
}) {
  const { queries } = useApp();
  const [error, setError] = useState<ApiError>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    try {
      const made = await calls.newLibrary(name);
      await queries.invalidateQueries({ queryKey: ['libraries'] });
      onClose();
      onMade(made);
    } catch (thrown) {
      setError(asApiError(thrown));
    }
  };
  return (
    <Dialog title="New library" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <p className="fine">
          A library can be shared: its members read what is in it, and keep their highlights and
          chats to themselves.
        </p>
        <Field label="Name" name="name" required autoFocus maxLength={100} />
        {error && <ErrorNote error={error} />}
        <DialogActions label="Make it" onCancel={onClose} />
      </form>
    </Dialog>
  );
}

/** Opens the members of the library that is shown. */
export function MembersButton({ library, onOpen }: { library: Library; onOpen: () => void }) {
  return (
    <Button kind="outline" onClick={onOpen}>
      <UsersRound aria-hidden />{' '}
      {library.member_count === 1 ? 'Share' : `${library.member_count} members`}
    </Button>
  );
}
