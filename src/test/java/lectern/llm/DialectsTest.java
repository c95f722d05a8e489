package lectern.llm;

import io.vertx.core.Vertx;
import java.time.Duration;
import lectern.llm.TestingProvider.Script;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** What every provider owes, held for each dialect on a wire. */
class DialectsTest {
  private static final Patience QUICK =
      new Patience(
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10));

  private abstract static class OnAWire extends ProviderContract {
    private final TestingTongue tongue;
    private TestingProvider server;

    OnAWire(TestingTongue tongue) {
      this.tongue = tongue;
    }

    @BeforeEach
    void open() {
      server = TestingProvider.start(vertx);
    }

    @Override
    Provider provider(Vertx there) {
      return new HttpProvider(there);
    }

    @Override
    Call answered() {
      String begun = tongue.start() + tongue.reasoning("So: ") + tongue.text("One ");
      String rest = tongue.text("two ") + tongue.text("three.") + tongue.end(FinishReason.STOP);
      server.plays(Script.stream().bytes(begun + rest));
      return Wire.call(
          new Connection(
              "openai", tongue.dialect(), server.baseUrl(), new Secret("sk-canary"), QUICK));
    }
  }

  @Nested
  class Responses extends OnAWire {
    Responses() {
      super(TestingTongue.RESPONSES);
    }
  }

  @Nested
  class Chat extends OnAWire {
    Chat() {
      super(TestingTongue.CHAT);
    }
  }

  @Nested
  class Messages extends OnAWire {
    Messages() {
      super(TestingTongue.MESSAGES);
    }
  }

  @Nested
  class Content extends OnAWire {
    Content() {
      super(TestingTongue.CONTENT);
    }
  }

  @Nested
  class Interactions extends OnAWire {
    Interactions() {
      super(TestingTongue.INTERACTIONS);
    }
  }
}
