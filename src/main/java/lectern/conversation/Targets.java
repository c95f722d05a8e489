package lectern.conversation;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.reading.Quote;
import lectern.reading.Quotes;

/**
 * Finds what a question is to quote, as the viewer may see it, and takes the words from the source:
 * at most one query for each kind of target, however many there are.
 */
final class Targets {
  private Targets() {}

  /** The targets in their order, or a refusal when one cannot be read or not be quoted. */
  static Future<List<Quoted>> find(SqlClient sql, UUID viewer, List<Send.Target> targets) {
    Map<Send.Target, Quoted> found = new HashMap<>();
    return Quotes.find(sql, viewer, ofShelf(targets))
        .map(
            quotes -> {
              quotes.values().forEach(quote -> add(found, quote));
              return found;
            })
        .compose(_ -> messages(sql, viewer, targets, found))
        .compose(_ -> conversations(sql, viewer, targets, found))
        .map(_ -> inOrder(targets, found));
  }

  private static List<Quoted> inOrder(List<Send.Target> targets, Map<Send.Target, Quoted> found) {
    List<Quoted> quoted = new ArrayList<>();
    for (Send.Target target : targets) {
      Quoted each = found.get(target);
      if (each == null) {
        throw gone()
            .with("context", Map.of("type", target.type().word(), "id", target.id().toString()));
      }
      quoted.add(each);
    }
    return List.copyOf(quoted);
  }

  static Refusal gone() {
    return new Refusal(Code.E_NOT_FOUND, "Something this question quotes is not there.");
  }

  private static List<Quote.Target> ofShelf(List<Send.Target> targets) {
    return targets.stream().flatMap(target -> ofShelf(target).stream()).toList();
  }

  /** Documents, highlights and annotations are the shelf's; messages and conversations our own. */
  private static Optional<Quote.Target> ofShelf(Send.Target target) {
    return switch (target.type()) {
      case MEDIA -> Optional.of(new Quote.Target(Quote.Kind.MEDIA, target.id()));
      case HIGHLIGHT -> Optional.of(new Quote.Target(Quote.Kind.HIGHLIGHT, target.id()));
      case ANNOTATION -> Optional.of(new Quote.Target(Quote.Kind.ANNOTATION, target.id()));
      case MESSAGE, CONVERSATION -> Optional.empty();
    };
  }

  private static ContextType typeOf(Quote.Kind kind) {
    return switch (kind) {
      case MEDIA -> ContextType.MEDIA;
      case HIGHLIGHT -> ContextType.HIGHLIGHT;
      case ANNOTATION -> ContextType.ANNOTATION;
    };
  }

  private static void add(Map<Send.Target, Quoted> found, Quote quote) {
    ContextType type = typeOf(quote.target().kind());
    if (!quote.quotable()) {
      throw new Refusal(
          Code.E_MEDIA_NOT_READY, "This document cannot be quoted (yet): its text is not ready.");
    }
    found.put(
        new Send.Target(type, quote.target().id()),
        new Quoted(
            type,
            quote.target().id(),
            quote.mediaId(),
            quote.title(),
            quote.url(),
            quote.fragmentId(),
            quote.startOffset(),
            quote.endOffset(),
            quote.exact(),
            quote.note(),
            quote.window().isEmpty() ? null : quote.window(),
            quote.windowStart()));
  }

  private static final String FIND_MESSAGES =
      """
      select m.id, m.content
      from message m
      join conversation c on c.id = m.conversation_id
      where m.id = any ($2) and c.owner_user_id = $1 and m.status = 'complete'
      """;

  private static Future<?> messages(
      SqlClient sql, UUID viewer, List<Send.Target> targets, Map<Send.Target, Quoted> found) {
    return words(sql, FIND_MESSAGES, viewer, ContextType.MESSAGE, targets, found);
  }

  /** A conversation is quoted by its title; its messages are quoted one by one. */
  private static final String FIND_CONVERSATIONS =
      """
      select c.id, coalesce(c.title, '')
      from conversation c
      where c.id = any ($2) and c.owner_user_id = $1
      """;

  private static Future<?> conversations(
      SqlClient sql, UUID viewer, List<Send.Target> targets, Map<Send.Target, Quoted> found) {
    return words(sql, FIND_CONVERSATIONS, viewer, ContextType.CONVERSATION, targets, found);
  }

  private static Future<?> words(
      SqlClient sql,
      String query,
      UUID viewer,
      ContextType type,
      List<Send.Target> targets,
      Map<Send.Target, Quoted> found) {
    UUID[] ids =
        targets.stream().filter(t -> t.type() == type).map(Send.Target::id).toArray(UUID[]::new);
    if (ids.length == 0) {
      return Future.succeededFuture();
    }
    return sql.preparedQuery(query)
        .execute(Tuple.tuple().addUUID(viewer).addArrayOfUUID(ids))
        .onSuccess(
            rows ->
                rows.forEach(
                    row -> {
                      Send.Target target = new Send.Target(type, row.getUUID(0));
                      found.put(target, quotedWords(target, row.getString(1)));
                    }));
  }

  private static Quoted quotedWords(Send.Target target, String words) {
    return new Quoted(
        target.type(), target.id(), null, null, null, null, null, null, words, null, null, null);
  }
}
