package lectern.telemetry;

/** The shape of a log line: an object for machines, a line for people, or what suits the output. */
public enum LogFormat {
  JSON,
  TEXT,
  AUTO
}
