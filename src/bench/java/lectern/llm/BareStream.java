package lectern.llm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** An answer of one dialect as bytes in packets, and the three ways to go over it. */
public final class BareStream {
  private final Dialect dialect;
  private final byte[][] packets;
  private final byte[] copied;
  private final int events;
  private final int bytes;
  private long said;

  private BareStream(Dialect dialect, String event, int events, int packet) {
    this.dialect = dialect;
    this.events = events;
    byte[] all = event.repeat(events).getBytes(StandardCharsets.UTF_8);
    this.bytes = all.length;
    this.copied = new byte[packet];
    this.packets = new byte[(all.length + packet - 1) / packet][];
    for (int i = 0; i < packets.length; i++) {
      packets[i] = Arrays.copyOfRange(all, i * packet, Math.min(all.length, (i + 1) * packet));
    }
  }

  /** So many pieces of an answer, each in an event of the size providers send. */
  public static BareStream of(String dialect, int events, int packet) {
    return switch (dialect) {
      case "openai-responses" ->
          new BareStream(
              Dialect.OPENAI_RESPONSES,
              """
              event: response.output_text.delta
              data: {"type":"response.output_text.delta","sequence_number":1042,"item_id":"msg_0a63f40a2632b7430069","output_index":0,"content_index":0,"delta":" attention","logprobs":[]}

              """,
              events,
              packet);
      case "openai-compatible" ->
          new BareStream(
              Dialect.OPENAI_COMPATIBLE,
              """
              data: {"id":"chatcmpl-CYPS1lijGoK8gd9lYzY3r9Sx50nbt","object":"chat.completion.chunk","created":1762317021,"model":"model-2026-11","choices":[{"index":0,"delta":{"content":" attention"},"logprobs":null,"finish_reason":null}],"usage":null}

              """,
              events,
              packet);
      case "anthropic" ->
          new BareStream(
              Dialect.ANTHROPIC,
              """
              event: content_block_delta
              data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" attention"}   }

              """,
              events,
              packet);
      case "gemini" ->
          new BareStream(
              Dialect.GEMINI,
              """
              data: {"candidates":[{"content":{"parts":[{"text":"What he means by attention is the rarest and purest form of generosity."}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":23,"totalTokenCount":334,"thoughtsTokenCount":302},"modelVersion":"gemini-test","responseId":"M3iLaY-AI7zTxN8P3Piw4Qg"}

              """,
              events,
              packet);
      default -> throw new IllegalArgumentException(dialect);
    };
  }

  public int bytes() {
    return bytes;
  }

  public int events() {
    return events;
  }

  /** The limit: every packet copied once. */
  public void copy() {
    for (byte[] packet : packets) {
      System.arraycopy(packet, 0, copied, 0, packet.length);
      said += copied[0];
    }
  }

  /** Bytes to events of the stream. */
  public void decode() {
    int[] heard = new int[1];
    SseDecoder decoder = new SseDecoder();
    for (byte[] packet : packets) {
      decoder.feed(packet, event -> heard[0] += event.data().isEmpty() ? 0 : 1);
    }
    check(heard[0]);
  }

  /** Bytes to pieces of the answer. */
  public void read() {
    int[] heard = new int[1];
    Consumer<Event> pieces = event -> heard[0] += event instanceof Delta.Text ? 1 : 0;
    AnswerStream stream = Adapter.of(dialect).stream(null, pieces);
    SseDecoder decoder = new SseDecoder();
    for (byte[] packet : packets) {
      decoder.feed(packet, stream::read);
    }
    check(heard[0]);
  }

  private void check(int heard) {
    if (heard != events) {
      throw new IllegalStateException(heard + " of " + events + " were heard");
    }
  }

  /** What the copies amounted to, so that they cannot be left out. */
  public long said() {
    return said;
  }
}
