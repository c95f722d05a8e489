package lectern.llm;

import java.util.Arrays;

/** How many calls were made, and how many failed, in a time that moves along in steps of 5 s. */
final class Tally {
  private static final long STEP_MILLIS = 5_000;

  private final long[] step;
  private final int[] calls;
  private final int[] failures;

  /** Over so many seconds, a multiple of five. */
  Tally(int seconds) {
    int steps = (int) (seconds * 1_000L / STEP_MILLIS);
    step = new long[steps];
    calls = new int[steps];
    failures = new int[steps];
  }

  void add(long now, boolean failed) {
    int slot = slot(now);
    calls[slot]++;
    failures[slot] += failed ? 1 : 0;
  }

  int calls(long now) {
    return sum(calls, now);
  }

  int failures(long now) {
    return sum(failures, now);
  }

  void clear() {
    Arrays.fill(step, 0);
    Arrays.fill(calls, 0);
    Arrays.fill(failures, 0);
  }

  private int slot(long now) {
    long current = now / STEP_MILLIS;
    int slot = (int) (current % step.length);
    if (step[slot] != current) {
      step[slot] = current;
      calls[slot] = 0;
      failures[slot] = 0;
    }
    return slot;
  }

  private int sum(int[] counted, long now) {
    long current = now / STEP_MILLIS;
    int sum = 0;
    for (int slot = 0; slot < step.length; slot++) {
      sum += current - step[slot] < step.length ? counted[slot] : 0;
    }
    return sum;
  }
}
