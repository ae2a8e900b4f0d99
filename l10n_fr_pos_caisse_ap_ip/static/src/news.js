/** @odoo-module **/

/*
 * News of payments for the series whose Point of Sale loads no bus: while a payment
 * waits, the page speaks to Odoo's bus itself. Where that cannot be reached (a proxy
 * without it) it is left alone until the next payment: the page asks the server anyway.
 */

const TYPE = "FR_CAISSE_AP_IP"; // NOTIFICATION in compat.py

class News {
    /**
     * @param {string} channel that the server named
     * @param {Function} onMessage called with what the server pushes
     */
    constructor(channel, onMessage) {
        this.channel = channel;
        this.onMessage = onMessage;
        this.stop = null; // What ends the listening that goes on
        this.isAway = false; // The bus was not reached
        this.last = 0; // Of the bus: nothing before it comes again
    }

    /** Listen, unless this does already. */
    open() {
        if (!this.stop && !this.isAway) {
            this.stop = this.listen();
        }
    }

    close() {
        const {stop} = this;
        this.stop = null;
        this.isAway = false;
        if (stop) {
            stop();
        }
    }

    /** The bus went away, or never was there. */
    lose(stop, isAway) {
        if (this.stop === stop) {
            this.stop = null;
            this.isAway = isAway;
        }
    }

    read(notifications) {
        for (const {id, message} of notifications) {
            this.last = Math.max(this.last, id);
            if (message.type === TYPE) {
                this.onMessage(message.payload);
            }
        }
    }
}

/** The bus of Odoo 16.0. */
class SocketNews extends News {
    listen() {
        const url = new URL("/websocket", window.location.href);
        url.protocol = url.protocol.replace("http", "ws");
        const socket = new WebSocket(url);
        const stop = () => socket.close();
        let isReached = false;
        socket.onopen = () => {
            isReached = true;
            const data = {channels: [this.channel], last: this.last};
            socket.send(JSON.stringify({event_name: "subscribe", data}));
        };
        socket.onmessage = ({data}) => this.read(JSON.parse(data));
        socket.onclose = () => this.lose(stop, !isReached);
        return stop;
    }
}

/** The bus of Odoo 14.0: a request that waits for news, and then the next one. */
class PollNews extends News {
    listen() {
        const request = new AbortController();
        const stop = () => request.abort();
        let isReached = false;
        const poll = async () => {
            for (;;) {
                this.read(await this.poll(request.signal));
                isReached = true;
            }
        };
        poll().catch(() => this.lose(stop, !isReached));
        return stop;
    }

    async poll(signal) {
        const {channel, last} = this;
        const params = {channels: [channel], last, options: {}};
        const response = await fetch("/longpolling/poll", {
            method: "POST",
            headers: {"Content-Type": "application/json"},
            body: JSON.stringify({jsonrpc: "2.0", method: "call", params}),
            signal,
        });
        const {result} = await response.json();
        return result;
    }
}

const KINDS = {websocket: SocketNews, longpolling: PollNews};

/**
 * @param {Object} bus see State in server.js
 * @param {Function} onMessage called with what the server pushes
 * @returns {News} to be opened
 */
export function newsOf({kind, channel}, onMessage) {
    return new KINDS[kind](channel, onMessage);
}
