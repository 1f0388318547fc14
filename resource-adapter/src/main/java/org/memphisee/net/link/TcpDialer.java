package org.memphisee.net.link;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import org.memphisee.client.BrokerAddress;
import org.memphisee.client.BrokerLink;
import org.memphisee.client.Dialer;
import org.memphisee.client.LinkListener;
import org.memphisee.net.ArrayPool;
import org.memphisee.net.IoThreads;
import org.memphisee.net.NetSettings;
import org.memphisee.net.OutboundQueue;

/** Links to a broker over TCP. Bytes to send wait in an {@link OutboundQueue}, as on the broker's side. */
final class TcpDialer implements Dialer {

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final IoThreads threads;
    private final ArrayPool pool = new ArrayPool();
    private final NetSettings settings;
    private final int connectMillis;

    TcpDialer(IoThreads threads, NetSettings settings, int connectMillis) {
        this.threads = threads;
        this.settings = settings;
        this.connectMillis = connectMillis;
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public void dial(BrokerAddress address, LinkListener listener) {
        Bootstrap bootstrap = new Bootstrap().group(threads.group()).channel(threads.clientChannel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new TcpLink(channel, address, listener));
                }
            });
        try {
            bootstrap.connect(new InetSocketAddress(address.host(), address.port())).addListener((ChannelFuture f) -> {
                if (!f.isSuccess()) {
                    listener.closed(LinkFailure.reason(f.cause()));
                }
            });
        } catch (RejectedExecutionException | IllegalStateException e) { // the adapter has stopped
            listener.closed("the resource adapter has stopped");
        }
    }

    /** One connection. */
    private final class TcpLink extends ChannelInboundHandlerAdapter implements BrokerLink, OutboundQueue.Owner {

        private final Channel channel;
        private final EventLoop loop;
        private final BrokerAddress address;
        private final LinkListener listener;
        private final OutboundQueue queue;
        private boolean opened;
        private boolean closing;
        private String why = "the broker closed the connection";

        TcpLink(Channel channel, BrokerAddress address, LinkListener listener) {
            this.channel = channel;
            this.loop = channel.eventLoop();
            this.address = address;
            this.listener = listener;
            queue = new OutboundQueue(channel, pool, this, settings);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            opened = true;
            listener.opened(this);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                for (ByteBuffer part : bytes.nioBuffers()) {
                    listener.received(part);
                }
            } finally {
                bytes.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            listener.readComplete();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (channel.isWritable()) {
                queue.flush();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            queue.drop();
            if (opened) {
                opened = false;
                listener.closed(why);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!closing) {
                why = LinkFailure.reason(cause);
            }
            channel.close();
        }

        @Override
        public void send(byte[] bytes) {
            queue.offer(bytes, bytes.length, false);
        }

        @Override
        public Task schedule(Runnable task, long delayMillis) {
            try {
                ScheduledFuture<?> future = loop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
                return () -> future.cancel(false);
            } catch (RejectedExecutionException e) { // the adapter has stopped, nobody waits for the task
                return () -> { };
            }
        }

        @Override
        public void encrypt() {
            try {
                SSLEngine engine = SSLContext.getDefault().createSSLEngine(address.host(), address.port());
                engine.setUseClientMode(true);
                SSLParameters parameters = engine.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate must be for this host
                engine.setSSLParameters(parameters);
                channel.pipeline().addFirst(new SslHandler(engine));
            } catch (NoSuchAlgorithmException e) {
                why = "no default SSL context: " + e.getMessage();
                channel.close();
            }
        }

        @Override
        public void close() {
            onLoop(() -> {
                if (!closing) {
                    closing = true;
                    why = "";
                    loop.schedule(() -> channel.close(), settings.drainMillis(), TimeUnit.MILLISECONDS);
                    queue.seal();
                }
            });
        }

        @Override
        public void wakeUp() {
            onLoop(queue::flush);
        }

        @Override
        public void tooSlow() {
            onLoop(() -> {
                why = "the broker takes no more bytes";
                channel.close();
            });
        }

        @Override
        public void flushed() {
            channel.close();
        }

        private void onLoop(Runnable task) {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                // the adapter has ended its threads; the connection is gone
            }
        }
    }
}
