package lectern.db;

/** Why the database cannot be opened, as a sentence for the person who starts the server. */
public final class DatabaseProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  DatabaseProblem(String message) {
    super(message, null, false, false);
  }
}
