package lectern.conversation;

import com.goterl.lazysodium.SodiumJava;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lectern.bus.Bus;
import lectern.bus.Nothing;
import lectern.conversation.Send.Opened;
import lectern.conversation.Watch.Batch;
import lectern.conversation.Watch.End;
import lectern.conversation.Watch.Follow;
import lectern.conversation.Watch.Place;
import lectern.db.Database;
import lectern.db.Outages;
import lectern.db.TestingDatabase;
import lectern.keys.KeysSettings;
import lectern.keys.KeysVerticle;
import lectern.keys.SealingKey;
import lectern.llm.Catalogue;
import lectern.llm.LlmSettings;
import lectern.llm.LlmVerticle;
import lectern.llm.ModelSpec;
import lectern.llm.Patience;
import lectern.llm.Secret;
import lectern.llm.TestingProvider;
import lectern.models.KeyMode;
import lectern.models.Model;
import lectern.models.ModelsVerticle;
import lectern.telemetry.Scope;

/**
 * A reader with a database, a scripted provider and the verticles in between, asking over the bus.
 */
final class TestingReader implements AutoCloseable {
  private static final ModelSpec SPEC =
      new ModelSpec("openai", "gpt-test", "Test", 128_000, 16_000, Set.of(), List.of());

  private static final ModelSpec OFF =
      new ModelSpec("gemini", "gemini-test", "Off", 128_000, 16_000, Set.of(), List.of());

  private static final KeysSettings KEYS =
      new KeysSettings(List.of(new SealingKey(new byte[32], new byte[16])), true);

  static {
    Scope.register();
  }

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx, Outages::explain);
  final TestingProvider provider = TestingProvider.start(vertx);
  final Pool pool;
  final UUID id;
  final UUID node = UUID.randomUUID();
  final UUID model;
  final UUID modelThatIsOff;

  TestingReader(TestingDatabase database, SendLimits limits) {
    this(database, limits, Patience.HOSTED);
  }

  TestingReader(TestingDatabase database, SendLimits limits, Patience patience) {
    Database mine = database.open(vertx);
    pool = mine.pool();
    id = insertUser();
    await(pool.preparedQuery("insert into node (id) values ($1)").execute(Tuple.of(node)));
    await(
        vertx.deployVerticle(
            new LlmVerticle(bus, settings(patience), new Catalogue(List.of(SPEC, OFF)))));
    await(vertx.deployVerticle(new KeysVerticle(bus, mine, new SodiumJava(), KEYS)));
    await(vertx.deployVerticle(new ModelsVerticle(bus, pool)));
    await(
        vertx.deployVerticle(
            new ConversationVerticle(
                bus, mine, new SimpleMeterRegistry(), limits, node, Duration.ofMillis(50))));
    List<Model> models = await(bus.ask(Model.ListAll.ADDRESS, new Model.ListAll(id))).models();
    model = models.getFirst().id();
    modelThatIsOff = models.getLast().id();
  }

  private LlmSettings settings(Patience patience) {
    URI url = provider.baseUrl();
    Secret key = new Secret("sk-testing");
    return new LlmSettings(
        Map.of(
            "openai",
            new LlmSettings.Provider(url, key, true, patience),
            "gemini",
            new LlmSettings.Provider(url, key, false, Patience.HOSTED)),
        new LlmSettings.Local(false, List.of(), Set.of()));
  }

  private UUID insertUser() {
    return await(
            pool.preparedQuery("insert into users (email) values ($1) returning id")
                .execute(Tuple.of(UUID.randomUUID() + "@example.org")))
        .iterator()
        .next()
        .getUUID(0);
  }

  static <T> T await(Future<T> future) {
    return TestingDatabase.await(future);
  }

  Send question(UUID conversation, String content, String key) {
    return new Send(id, conversation, null, content, model, KeyMode.AUTO, List.of(), key);
  }

  Future<Opened> send(UUID conversation, String content, String key) {
    return bus.ask(Send.ADDRESS, question(conversation, content, key));
  }

  /** Asks in place of an earlier question; null quotes what that one quoted. */
  Future<Opened> replace(Opened earlier, String content, List<Send.Target> contexts) {
    return replace(earlier.conversationId(), earlier.userMessageId(), content, contexts, null);
  }

  Future<Opened> replace(
      UUID conversation, UUID replaced, String content, List<Send.Target> contexts, String key) {
    Send send = new Send(id, conversation, replaced, content, model, KeyMode.AUTO, contexts, key);
    return bus.ask(Send.ADDRESS, send);
  }

  Opened ask(String content) {
    return await(send(null, content, null));
  }

  Message message(UUID message) {
    return await(bus.ask(Message.Find.ADDRESS, new Message.Find(id, message)));
  }

  /** Waits for the end of an answer, then reads it. */
  Message answer(Opened opened) {
    new Watcher(opened, Place.START).end();
    return message(opened.assistantMessageId());
  }

  List<Message> messages(UUID conversation) {
    return await(
            bus.ask(Message.ListOf.ADDRESS, new Message.ListOf(id, conversation, 100, null, false)))
        .messages();
  }

  long count(String table) {
    return await(pool.query("select count(*) from " + table).execute())
        .iterator()
        .next()
        .getLong(0);
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  /** Follows a growing answer and keeps its batches. */
  final class Watcher {
    private final String mailbox = "testing.mailbox." + UUID.randomUUID();
    private final List<Batch> batches = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);

    Watcher(Opened opened, Place from) {
      await(bus.answer(Batch.at(mailbox), this::take));
      Watch.Standing standing =
          await(bus.ask(Watch.ADDRESS, new Watch(id, opened.assistantMessageId())));
      if (standing.owner() == null) {
        begun.countDown();
        ended.countDown();
        return;
      }
      bus.ask(
              Follow.at(standing.owner()),
              new Follow(opened.assistantMessageId(), UUID.randomUUID(), mailbox, from, true))
          .onFailure(_ -> ended.countDown());
    }

    private synchronized Future<Nothing> take(Batch batch) {
      batches.add(batch);
      notifyAll();
      begun.countDown();
      if (batch.end() != null) {
        ended.countDown();
      }
      return Future.succeededFuture(Nothing.NOTHING);
    }

    Watcher begun() {
      return awaited(begun);
    }

    Watcher end() {
      return awaited(ended);
    }

    /** Waits until so much of the text has come. */
    synchronized void hears(String wanted) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      try {
        while (!text().contains(wanted)) {
          if (System.nanoTime() > deadline) {
            throw new AssertionError("within ten seconds came only: " + text());
          }
          wait(100);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    private Watcher awaited(CountDownLatch latch) {
      try {
        if (!latch.await(10, TimeUnit.SECONDS)) {
          throw new AssertionError("nothing came within ten seconds");
        }
        return this;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    synchronized String text() {
      StringBuilder text = new StringBuilder();
      batches.forEach(batch -> text.append(batch.text()));
      return text.toString();
    }

    /** How often it was told that the model thinks. */
    synchronized long thinking() {
      return batches.stream().filter(Batch::thinking).count();
    }

    synchronized Place reached() {
      return batches.getLast().to();
    }

    synchronized End how() {
      return batches.getLast().end();
    }
  }
}
