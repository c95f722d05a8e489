package lectern.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.goterl.lazysodium.SodiumJava;
import com.goterl.lazysodium.interfaces.PwHash;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import lectern.bus.Code;
import lectern.bus.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Argon2id with libsodium's interactive limits, two passes over 64 MiB, about 70 ms of a core: made
 * and compared on threads of their own, two at a time, so that guessing costs at most two cores and
 * 128 MiB whatever comes in.
 */
final class Passwords {
  private static final int AT_A_TIME = 2;

  /** About three seconds' worth; who comes later is told to come again. */
  private static final int WAITING = 64;

  private final SodiumJava sodium;
  private final WorkerExecutor workers;
  private final AtomicInteger underWay = new AtomicInteger();

  /** Compared with when there is no account, so that this takes as long as when there is one. */
  private @Nullable String nobodys;

  Passwords(Vertx vertx, SodiumJava sodium) {
    this.sodium = sodium;
    this.workers = vertx.createSharedWorkerExecutor("lectern-passwords", AT_A_TIME);
  }

  /** The text to keep, which begins with {@code $argon2id$}. */
  Future<String> hash(String password) {
    return work(() -> hashed(password));
  }

  /** Whether the password is the one behind the hash; false, as slowly, when there is no hash. */
  Future<Boolean> matches(String password, @Nullable String hash) {
    return work(() -> compared(password, hash == null ? nobodys() : hash) && hash != null);
  }

  Future<Void> close() {
    return workers.close();
  }

  private <T> Future<T> work(Callable<T> task) {
    if (underWay.incrementAndGet() > WAITING) {
      underWay.decrementAndGet();
      return Future.failedFuture(
          new Refusal(Code.E_UNAVAILABLE, "Too many people are signing in. Try again in a moment.")
              .with("retry_after_seconds", 3));
    }
    return workers.executeBlocking(task, false).onComplete(_ -> underWay.decrementAndGet());
  }

  private String hashed(String password) {
    byte[] out = new byte[PwHash.STR_BYTES];
    byte[] bytes = password.getBytes(UTF_8);
    int code =
        sodium.crypto_pwhash_str(
            out, bytes, bytes.length, PwHash.OPSLIMIT_INTERACTIVE, PwHash.MEMLIMIT_INTERACTIVE);
    Arrays.fill(bytes, (byte) 0);
    if (code != 0) {
      throw new IllegalStateException("There is not enough memory to hash a password");
    }
    return new String(out, US_ASCII).split("\0", 2)[0];
  }

  private boolean compared(String password, String hash) {
    byte[] bytes = password.getBytes(UTF_8);
    byte[] terminated = Arrays.copyOf(hash.getBytes(US_ASCII), PwHash.STR_BYTES);
    boolean same = sodium.crypto_pwhash_str_verify(terminated, bytes, bytes.length) == 0;
    Arrays.fill(bytes, (byte) 0);
    return same;
  }

  private synchronized String nobodys() {
    if (nobodys == null) {
      nobodys = hashed("nobody's password");
    }
    return nobodys;
  }
}
