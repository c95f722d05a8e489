package lectern.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.bus.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BusRecordsTest {
  private static final UUID ID = UUID.fromString("0190a000-0000-7000-8000-000000000001");
  private static final Generate GENERATE =
      new Generate(
          ID,
          "owner",
          Wire.prompt("What is light?"),
          Catalogue.bundled().models().getFirst(),
          new Secret("sk-canary"),
          new Limits(512));

  static Stream<Record> records() {
    Outcome.Receipt receipt =
        new Outcome.Receipt(
            "m",
            "r",
            new Usage(1, 0, 0, 2, 0, 12L),
            12L,
            Duration.ofMillis(3),
            Duration.ofMillis(1500),
            List.of(
                new Attempt(
                    0,
                    "openai",
                    "gpt",
                    Attempt.Result.FAILED,
                    LlmFailure.of(LlmFailure.Kind.OVERLOADED),
                    Duration.ofMillis(5),
                    null)));
    Outcome.Receipt bare = new Outcome.Receipt(null, null, null, null, Duration.ZERO);
    LlmFailure failure =
        new LlmFailure(LlmFailure.Kind.RATE_LIMIT, 429, "slow_down", Duration.ofSeconds(7));
    return Stream.of(
        GENERATE,
        new Generate.Accepted("control"),
        new Generate.Cancel(ID),
        new Report(
            ID,
            1,
            List.of(new Delta.Text("a"), new Delta.Reasoning("b"), new Delta.Refusal("c")),
            null),
        new Report(ID, 2, List.of(), new Outcome.Answered(FinishReason.CONTENT_FILTER, receipt)),
        new Report(ID, 2, List.of(new Delta.Text("d")), new Outcome.Failed(failure, bare)),
        new Offer.Ask(),
        new Offer.All(
            Catalogue.bundled().models().stream()
                .map(model -> new Offer(model, Offer.Availability.NEEDS_KEY))
                .toList()));
  }

  @ParameterizedTest
  @MethodSource("records")
  void every_record_is_the_same_after_a_journey_as_json(Record there) {
    byte[] json = Json.write(there).getBytes();
    assertThat(Json.read(json, there.getClass())).isEqualTo(there);
  }

  @Test
  void a_delta_is_told_by_its_kind() {
    assertThat(Json.text(new Report(ID, 1, List.of(new Delta.Text("a")), null)))
        .isEqualTo(
            "{\"generation\":\""
                + ID
                + "\",\"number\":1,\"deltas\":[{\"kind\":\"text\",\"text\":\"a\"}],\"outcome\":null}");
  }

  @Test
  void keys_and_words_cross_the_bus_but_do_not_show() {
    assertThat(
            new JsonObject(Json.text(GENERATE))
                .getJsonArray("targets")
                .getJsonObject(0)
                .getString("key"))
        .isEqualTo("sk-canary");
    assertThat(GENERATE.toString()).doesNotContain("canary", "light", "wave");
    assertThat(new Report(ID, 1, List.of(new Delta.Text("secret words")), null).toString())
        .doesNotContain("secret words");
  }
}
