/**
 * The typed event bus: questions and answers are records, an {@link lectern.bus.Address} names what
 * may be asked, and a {@link lectern.bus.Refusal} is an expected no. On one node a record crosses
 * by reference; between nodes, and for the bridge, it is JSON. Knows no feature.
 */
@NullMarked
package lectern.bus;

import org.jspecify.annotations.NullMarked;
