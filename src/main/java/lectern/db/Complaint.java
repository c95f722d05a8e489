package lectern.db;

/** What a person can do about the words of a failing PostgreSQL. */
enum Complaint {
  FULL("No space left on device", "the disk is full. Make room and start again."),
  FORBIDDEN(
      "Permission denied",
      "the user that runs it may not use that directory, or programs may not be run from it."),
  READ_ONLY("Read-only file system", "the disk is read-only."),
  OTHER_MAJOR(
      "database files are incompatible",
      "it was made by another version of PostgreSQL. Use the Lectern that made it."),
  OTHER_SYSTEM(
      "error while loading shared libraries",
      "the bundled PostgreSQL needs a system with glibc. Set LECTERN_DATABASE_URL to a PostgreSQL 14"
          + " or newer."),
  NO_LOADER(
      "No such file or directory",
      "a file is missing, or this system cannot run the bundled PostgreSQL, which needs glibc. With"
          + " LECTERN_DATABASE_URL another PostgreSQL can be used."),
  LOCKED("lock file", "another PostgreSQL is running on it. Stop that first."),
  NO_MEMORY("could not create shared memory", "there is not enough shared memory.");

  private final String words;
  private final String advice;

  Complaint(String words, String advice) {
    this.words = words;
    this.advice = advice;
  }

  /** The advice for the first words that occur, followed by the words themselves. */
  static String in(String text) {
    for (Complaint complaint : values()) {
      if (text.contains(complaint.words)) {
        return complaint.advice + "\n" + text;
      }
    }
    return text.isEmpty() ? "it said nothing." : "it said:\n" + text;
  }
}
