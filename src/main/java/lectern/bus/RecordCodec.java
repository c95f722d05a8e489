package lectern.bus;

import io.netty.util.CharsetUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Carries our records over the bus: by reference on one node, as the class name and JSON between
 * nodes. Only records of this program are ever read back, whatever name arrives.
 */
final class RecordCodec implements MessageCodec<Object, Object> {
  static final String NAME = "record";

  static boolean carries(Object body) {
    return body instanceof Record && body.getClass().getName().startsWith("lectern.");
  }

  @Override
  public void encodeToWire(Buffer wire, Object body) {
    byte[] type = body.getClass().getName().getBytes(CharsetUtil.UTF_8);
    Buffer json = Json.write(body);
    wire.appendInt(type.length).appendBytes(type).appendInt(json.length()).appendBuffer(json);
  }

  @Override
  public Object decodeFromWire(int position, Buffer wire) {
    int at = position;
    int typeLength = wire.getInt(at);
    String type = wire.getString(at + 4, at + 4 + typeLength);
    at += 4 + typeLength;
    int jsonLength = wire.getInt(at);
    return Json.read(wire.getBytes(at + 4, at + 4 + jsonLength), recordNamed(type));
  }

  private static Class<?> recordNamed(String name) {
    try {
      Class<?> type = Class.forName(checked(name), false, RecordCodec.class.getClassLoader());
      if (!type.isRecord()) {
        throw new IllegalArgumentException("not a record of ours");
      }
      return type;
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("not a record of ours", e);
    }
  }

  private static String checked(String name) {
    if (!name.startsWith("lectern.")) {
      throw new IllegalArgumentException("not a record of ours");
    }
    return name;
  }

  @Override
  public Object transform(Object body) {
    return body;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
