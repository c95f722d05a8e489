import { useState, type FormEvent } from 'react';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { Library, Member, MemberRole } from '../../api/types';
import { useApp } from '../../state/app';
import { useMembers, useSession } from '../../state/queries';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorNote';

interface Props {
  library: Library;
  onClose: () => void;
  /** The library is no longer the reader's to see. */
  onGone: () => void;
}

const ROLES: Record<MemberRole, string> = { admin: 'Administers', member: 'Reads' };

/** Who belongs to a library, and what its administrators can do about it. */
export function MembersDialog({ library, onClose, onGone }: Props) {
  const { queries } = useApp();
  const me = useSession().data?.user?.id;
  const members = useMembers(library.id);
  const [error, setError] = useState<ApiError>();
  const [sure, setSure] = useState(false);
  const admin = library.role === 'admin';

  const change = async (work: Promise<unknown>, gone = false) => {
    setError(undefined);
    try {
      await work;
      void queries.invalidateQueries({ queryKey: ['libraries'] });
      void queries.invalidateQueries({ queryKey: ['media', 'list'] });
      if (gone) return onGone();
      await queries.invalidateQueries({ queryKey: ['members', library.id] });
    } catch (thrown) {
      setError(asApiError(thrown));
    }
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const email = String(new FormData(form).get('email') ?? '').trim();
    void change(calls.addMember(library.id, email, 'member').then(() => form.reset()));
  };
  return (
    <Dialog title={library.name} onClose={onClose}>
      {members.isError && (
        <ErrorNote error={members.error} onRetry={() => void members.refetch()} />
      )}
      <ul className="settings-list" aria-label="Members">
        {(members.data ?? []).map((one) => (
          <MemberRow
            key={one.user_id}
            member={one}
            admin={admin}
            isMe={one.user_id === me}
            onRole={(role) => void change(calls.changeMember(library.id, one.user_id, role))}
            onRemove={() =>
              void change(calls.removeMember(library.id, one.user_id), one.user_id === me)
            }
          />
        ))}
      </ul>
      {admin && (
        <form className="add-member" onSubmit={add}>
          <input
            type="email"
            name="email"
            required
            aria-label="E-mail of the new member"
            placeholder="E-mail of somebody with an account here"
            maxLength={254}
          />
          <Button type="submit" kind="primary">
            Add
          </Button>
        </form>
      )}
      {error && <ErrorNote error={error} />}
      {admin && !library.is_default && (
        <div className="dialog-actions">
          {sure ? (
            <>
              <span className="fine spring">What it held stays with its members.</span>
              <Button kind="outline" onClick={() => setSure(false)}>
                Keep
              </Button>
              <Button
                kind="danger"
                onClick={() => void change(calls.deleteLibrary(library.id), true)}
              >
                Delete
              </Button>
            </>
          ) : (
            <Button onClick={() => setSure(true)}>Delete this library</Button>
          )}
        </div>
      )}
    </Dialog>
  );
}

function MemberRow({
  member,
  admin,
  isMe,
  onRole,
  onRemove,
}: {
  member: Member;
  admin: boolean;
  isMe: boolean;
  onRole: (role: MemberRole) => void;
  onRemove: () => void;
}) {
  const name = member.name ?? member.email ?? 'Somebody';
  return (
    <li className="settings-row">
      <div className="settings-main">
        <p>
          {name}
          {isMe && ' (you)'}
        </p>
        {member.name && member.email && <p className="fine">{member.email}</p>}
      </div>
      {admin && !member.is_owner ? (
        <select
          aria-label={`Role of ${name}`}
          value={member.role}
          onChange={(event) => onRole(event.target.value as MemberRole)}
        >
          {(Object.keys(ROLES) as MemberRole[]).map((role) => (
            <option key={role} value={role}>
              {ROLES[role]}
            </option>
          ))}
        </select>
      ) : (
        <span className="fine">{member.is_owner ? 'Owns it' : ROLES[member.role]}</span>
      )}
      {!member.is_owner && (admin || isMe) && (
        <Button kind="outline" onClick={onRemove}>
          {isMe ? 'Leave' : 'Remove'}
        </Button>
      )}
    </li>
  );
}
