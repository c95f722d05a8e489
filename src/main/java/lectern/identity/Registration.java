package lectern.identity;

/** Who may make an account once the first one exists. The first is always welcome. */
public enum Registration {
  CLOSED,
  OPEN,
  INVITATION
}
