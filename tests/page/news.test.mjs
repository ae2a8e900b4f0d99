import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";
import {newsOf} from "@l10n_fr_pos_caisse_ap_ip/news";
import {after, newTill, stopClock, untilIdle} from "./till.mjs";

describe("news of a payment", () => {
    let till = null;
    beforeEach(() => {
        till = newTill();
    });
    afterEach(stopClock);

    it("that is pushed needs no call", async () => {
        await till.pay(till.order(4.9));
        till.server.end("approved");
        const calls = till.server.calls.length;
        till.push();
        await untilIdle();
        assert.equal(till.server.calls.length, calls);
    });

    it("that is not pushed is asked for, quickly at first", async () => {
        await till.pay(till.order(4.9));
        const asked = () => till.server.callsOf("status").length;
        await after(5000);
        const soon = asked();
        assert.ok(soon >= 9, `${soon} times in five seconds`);
        await after(60000);
        const before = asked();
        await after(30000);
        assert.ok(asked() - before <= 10, "still asked quickly after a minute");
    });
});

class FakeSocket {
    constructor(url) {
        this.url = String(url);
        this.sent = [];
        FakeSocket.all.push(this);
    }
    send(text) {
        this.sent.push(JSON.parse(text));
    }
    close() {
        this.isClosed = true;
        this.onclose();
    }
    push(id, type, payload) {
        this.onmessage({data: JSON.stringify([{id, message: {type, payload}}])});
    }
}

/** Have the page think that it is in a browser. */
function enterBrowser() {
    const {window, WebSocket} = globalThis;
    FakeSocket.all = [];
    globalThis.WebSocket = FakeSocket;
    globalThis.window = {...window, location: {href: "https://shop.example/pos?x=1"}};
    return () => Object.assign(globalThis, {window, WebSocket});
}

describe("a page that listens itself", () => {
    const bus = {kind: "websocket", channel: "a-channel"};
    let till = null;
    let leave = null;
    beforeEach(() => {
        leave = enterBrowser();
        till = newTill();
        till.server.bus = bus;
    });
    afterEach(() => {
        leave();
        stopClock();
    });

    it("does so while a payment waits, and no longer", async () => {
        assert.equal(FakeSocket.all.length, 0);
        const line = till.order(4.9);
        await till.pay(line);
        const [socket] = FakeSocket.all;
        socket.onopen();
        till.server.end("approved");
        const state = till.server.stateOf(till.server.last().reference);
        socket.push(7, "FR_CAISSE_AP_IP", {states: [state]});
        await untilIdle();
        assert.equal(line.payment_status, "done");
        await after(5000);
        assert.ok(socket.isClosed);
        assert.equal(FakeSocket.all.length, 1);
    });

    it("asks meanwhile where the bus cannot be reached", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        FakeSocket.all[0].close();
        till.server.end("approved");
        await after(1000);
        assert.equal(line.payment_status, "done");
        assert.equal(FakeSocket.all.length, 1);
    });
});

describe("the bus of 16.0", () => {
    let heard = [];
    let news = null;
    let leave = null;
    beforeEach(() => {
        leave = enterBrowser();
        heard = [];
        const bus = {kind: "websocket", channel: "a-channel"};
        news = newsOf(bus, (message) => heard.push(message));
    });
    afterEach(() => leave());

    it("is opened once, and told the channel", () => {
        news.open();
        news.open();
        const [socket, ...others] = FakeSocket.all;
        socket.onopen();
        assert.deepEqual(others, []);
        assert.equal(socket.url, "wss://shop.example/websocket");
        const data = {channels: ["a-channel"], last: 0};
        assert.deepEqual(socket.sent, [{event_name: "subscribe", data}]);
    });

    it("brings the addon's messages, and nobody else's", () => {
        news.open();
        const [socket] = FakeSocket.all;
        socket.onopen();
        socket.push(7, "FR_CAISSE_AP_IP", {states: []});
        socket.push(8, "simple_notification", {});
        assert.deepEqual(heard, [{states: []}]);
    });

    it("goes on where it was left, when it is opened again", () => {
        news.open();
        FakeSocket.all[0].onopen();
        FakeSocket.all[0].push(7, "FR_CAISSE_AP_IP", {states: []});
        news.close();
        news.open();
        FakeSocket.all[1].onopen();
        assert.equal(FakeSocket.all[1].sent[0].data.last, 7);
    });

    it("is opened again when it was cut", () => {
        news.open();
        FakeSocket.all[0].onopen();
        FakeSocket.all[0].onclose();
        news.open();
        assert.equal(FakeSocket.all.length, 2);
    });

    it("is left alone until the next payment when it was not reached", () => {
        news.open();
        FakeSocket.all[0].onclose();
        news.open();
        assert.equal(FakeSocket.all.length, 1);
        news.close();
        news.open();
        assert.equal(FakeSocket.all.length, 2);
    });
});

describe("the bus of 14.0", () => {
    const {fetch} = globalThis;
    let asked = [];
    let heard = [];
    let news = null;
    beforeEach(() => {
        asked = [];
        heard = [];
        globalThis.fetch = (url, {body, signal}) => {
            const {params} = JSON.parse(body);
            return new Promise((resolve, reject) => {
                signal.addEventListener("abort", () => reject(new Error("aborted")));
                const answer = (reply) => resolve({json: async () => reply});
                asked.push({url, params, answer, reject});
            });
        };
        const bus = {kind: "longpolling", channel: "a-channel"};
        news = newsOf(bus, (message) => heard.push(message));
    });
    afterEach(() => {
        globalThis.fetch = fetch;
    });
    const later = () => new Promise((resolve) => setImmediate(resolve));
    const reply = (id) => ({
        result: [{id, message: {type: "FR_CAISSE_AP_IP", payload: {states: []}}}],
    });

    it("is asked once at a time, on the channel of the page", async () => {
        news.open();
        news.open();
        assert.equal(asked.length, 1);
        const params = {channels: ["a-channel"], last: 0, options: {}};
        assert.deepEqual(asked[0].params, params);
        assert.equal(asked[0].url, "/longpolling/poll");
        news.close();
    });

    it("brings messages, and is asked again for later ones", async () => {
        news.open();
        asked[0].answer(reply(7));
        await later();
        assert.deepEqual(heard, [{states: []}]);
        assert.equal(asked[1].params.last, 7);
        news.close();
    });

    it("is left alone once closed, and may be opened again", async () => {
        news.open();
        news.close();
        await later();
        news.open();
        assert.equal(asked.length, 2);
        news.close();
    });

    it("is asked again when it was cut", async () => {
        news.open();
        asked[0].answer(reply(7));
        await later();
        asked[1].reject(new Error("cut"));
        await later();
        news.open();
        assert.equal(asked.length, 3);
        news.close();
    });

    it("is left alone until the next payment when it was not reached", async () => {
        news.open();
        asked[0].answer({error: {message: "bus.Bus unavailable"}});
        await later();
        news.open();
        assert.equal(asked.length, 1);
        news.close();
        news.open();
        assert.equal(asked.length, 2);
        news.close();
    });
});
