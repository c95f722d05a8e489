package lectern.bus;

/** The answer that carries nothing but "done". */
public record Nothing() {
  public static final Nothing NOTHING = new Nothing();
}
