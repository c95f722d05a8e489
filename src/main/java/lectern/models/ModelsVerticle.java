package lectern.models;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.keys.Key;
import lectern.keys.UserConnection;
import lectern.models.Catalogued.Entry;
import lectern.models.ModelStore.Own;

/** Owns which models there are for whom, and with whose key they are asked. */
public final class ModelsVerticle extends VerticleBase {
  private final Bus bus;
  private final Pool pool;
  private final Catalogued catalogued;
  private final Named named;
  private final Picking picking;

  public ModelsVerticle(Bus bus, Pool pool) {
    this.bus = bus;
    this.pool = pool;
    this.catalogued = new Catalogued(bus, pool);
    this.named = new Named(pool, catalogued);
    this.picking = new Picking(bus, pool, catalogued, named);
  }

  @Override
  public Future<?> start() {
    return Future.all(
        List.of(
            bus.answer(Model.ListAll.ADDRESS, this::list),
            bus.answer(Pick.ADDRESS, picking::pick),
            bus.answer(StandIns.Ask.ADDRESS, named::list),
            bus.answer(StandIns.Name.ADDRESS, named::name),
            bus.answer(AdminModel.ListAll.ADDRESS, this::listAll),
            bus.answer(AdminModel.Add.ADDRESS, this::add),
            bus.answer(AdminModel.Change.ADDRESS, this::change)));
  }

  /** Those that can be asked first; otherwise in the order of the catalogue. */
  private Future<Model.Listing> list(Model.ListAll question) {
    Future<Map<UUID, Entry>> entries = catalogued.entries();
    Future<Key.Providers> keys = bus.ask(Key.Usable.ADDRESS, new Key.Usable(question.viewer()));
    Future<List<Own>> own = ModelStore.listOwn(pool, question.viewer());
    own.onSuccess(
        all -> {
          if (all.stream().anyMatch(Own::stale)) {
            bus.ask(UserConnection.Refresh.ADDRESS, new UserConnection.Refresh(question.viewer()));
          }
        });
    return Future.all(entries, keys, own)
        .map(_ -> listing(entries.result(), keys.result().names(), own.result()));
  }

  private static Model.Listing listing(Map<UUID, Entry> entries, Set<String> keys, List<Own> own) {
    Stream<Model> offered =
        entries.values().stream()
            .filter(entry -> !entry.known().hidden())
            .map(entry -> Models.model(entry, keys.contains(entry.spec().provider())));
    return new Model.Listing(
        Stream.concat(offered, own.stream().map(Models::model))
            .sorted(Comparator.comparing(model -> !model.available()))
            .toList());
  }

  private Future<AdminModel.Listing> listAll(AdminModel.ListAll question) {
    return catalogued
        .entries()
        .map(
            entries ->
                new AdminModel.Listing(entries.values().stream().map(Models::adminModel).toList()));
  }

  private Future<AdminModel> add(AdminModel.Add question) {
    checkLimits(question.maxContextTokens(), question.maxOutputTokens());
    Tiers.check(question.prices());
    return catalogued
        .entries()
        .compose(_ -> ModelStore.insert(pool, question))
        .compose(this::changed);
  }

  private Future<AdminModel> change(AdminModel.Change question) {
    if (question.prices() != null) {
      Tiers.check(question.prices());
    }
    return ModelStore.update(pool, question)
        .compose(done -> done ? changed(question.id()) : Future.failedFuture(missing()));
  }

  private Future<AdminModel> changed(UUID id) {
    catalogued.changed();
    return catalogued
        .entries()
        .map(
            entries -> {
              Entry entry = entries.get(id);
              if (entry == null) {
                throw missing();
              }
              return Models.adminModel(entry);
            });
  }

  private static void checkLimits(int context, int output) {
    if (output > context) {
      throw new Refusal(
              Code.E_INVALID_REQUEST, "A model writes at most as many tokens as it can read.")
          .with("field", "max_output_tokens");
    }
  }

  private static Refusal missing() {
    return new Refusal(Code.E_NOT_FOUND, "This server has no such model.");
  }
}
