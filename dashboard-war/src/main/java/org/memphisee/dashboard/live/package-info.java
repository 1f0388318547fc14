/**
 * Live push for the dashboard (dashboard.md 3.4.2 and D-01): a WebSocket on the dashboard's port. One sampler reads the
 * broker once a second for all viewers, and only while there are any; each viewer gets what changed since the last frame
 * it took, so that a slow one gets fewer and larger frames and nobody waits for it. Pages that get no WebSocket through ask
 * for the same frames every five seconds.
 *
 * <p>{@link org.memphisee.dashboard.live.LiveEndpoint} is called by the container's WebSocket threads,
 * {@link org.memphisee.dashboard.live.PollServlet} by its request threads, neither waits; the sampler runs
 * on the container's scheduled executor. Shards are asked with one small task per partition that has consumers.
 */
package org.memphisee.dashboard.live;
