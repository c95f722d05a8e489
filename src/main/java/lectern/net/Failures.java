package lectern.net;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import lectern.net.FetchFailure.Kind;

/** What the network says, in words. */
final class Failures {
  private Failures() {}

  static FetchFailure told(Throwable failure) {
    return switch (failure) {
      case FetchFailure known -> known;
      case ConnectTimeoutException _, TimeoutException _ ->
          new FetchFailure(Kind.TIMEOUT, "The server at this address took too long.");
      case SSLException _ ->
          new FetchFailure(
              Kind.UNREACHABLE, "The server at this address could not prove that it is the one.");
      case HttpClosedException _, StreamResetException _, PrematureChannelClosureException _ ->
          new FetchFailure(Kind.BROKEN, "The server's answer broke off.");
      case TooLongFrameException _ ->
          new FetchFailure(
              Kind.BROKEN, "The server's answer does not follow the rules of the web.");
      default ->
          new FetchFailure(Kind.UNREACHABLE, "The server at this address could not be reached.");
    };
  }
}
