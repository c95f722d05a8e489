package lectern;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How long each piece of work took, in nanoseconds, and all of them together. */
final class Sample {
  private final long[] sorted;
  private final long total;

  Sample(long[] nanos, long total) {
    this.sorted = nanos.clone();
    this.total = total;
    Arrays.sort(sorted);
  }

  double perSecond() {
    return sorted.length * 1e9 / total;
  }

  /** The time in milliseconds that such a part of the pieces stayed within, 0.5 for the median. */
  double millis(double part) {
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(part * sorted.length))] / 1e6;
  }

  /** The middle one of several rounds, by the figure asked for. */
  static double median(List<Sample> rounds, ToDoubleFunction<Sample> figure) {
    return median(rounds.stream().mapToDouble(figure).toArray());
  }

  static double median(double... figures) {
    double[] inOrder = figures.clone();
    Arrays.sort(inOrder);
    return inOrder[inOrder.length / 2];
  }

  /** Least and most of a figure over several rounds: how far to trust its median. */
  static String spread(List<Sample> rounds, ToDoubleFunction<Sample> figure) {
    List<Double> all =
        rounds.stream().map(figure::applyAsDouble).sorted(Comparator.naturalOrder()).toList();
    return "%.0f-%.0f".formatted(all.getFirst(), all.getLast());
  }
}
