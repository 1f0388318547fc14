package org.memphisee.net;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * The event loops of a listener or of links: epoll where there is one, on threads that somebody else makes. A loop that never
 * ran needs a thread to be ended; by then a container may give none that work, so that is one of our own.
 */
public final class IoThreads {

    private final EventLoopGroup group;
    private final boolean epoll;
    private volatile boolean closing;

    /** Those of a listener. */
    public IoThreads(int loops, boolean nativeTransport, ThreadFactory threads) {
        this(loops, nativeTransport, threads, "client-io-");
    }

    /**
     * Loops whose threads are made when they are first needed.
     *
     * @param loops how many
     * @param nativeTransport whether epoll is used where there is one
     * @param threads makes the threads
     * @param name what their names begin with
     */
    public IoThreads(int loops, boolean nativeTransport, ThreadFactory threads, String name) {
        epoll = nativeTransport && Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(loops, named(threads, name), handlers);
    }

    /** The loops as Netty wants them. */
    public EventLoopGroup group() {
        return group;
    }

    /** What accepts on them. */
    public Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** What connects on them. */
    public Class<? extends Channel> clientChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** What they are, for people. */
    public String kind() {
        return epoll ? "epoll" : "NIO";
    }

    /** Ends the threads; returns when they are gone or after a few seconds. */
    public void close() {
        closing = true;
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private ThreadFactory named(ThreadFactory threads, String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = closing ? own(task) : threads.newThread(task);
            if (thread == null) {
                throw new IllegalStateException("The thread factory makes no more threads");
            }
            thread.setName(name + number.incrementAndGet());
            return thread;
        };
    }

    private static Thread own(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
