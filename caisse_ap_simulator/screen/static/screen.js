// The page of the simulated terminals. It holds no rule of its own: it shows the parts
// that the server sends (see view.py) and sends back what the visitor does.

const RETRY_MS = 1000;
const DIGITS = 4;
const CARD_LESS = ["manual", "accept", "amounts"];
const KEYS = [..."123456789", "yellow", "0", "red", "green"];
const SIGNS = {red: "✕", yellow: "‹", green: "○"};

const state = {};
const opened = new Set();
let socket = null;

const byId = (id) => document.getElementById(id);

/** Make an element: its properties, then its children (elements or texts). */
function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
}

function button(text, onclick, properties) {
    return make("button", {type: "button", onclick, ...properties}, text);
}

function showTrouble(text) {
    byId("trouble").textContent = text;
    byId("trouble").hidden = !text;
}

// The terminal

function drawTexts(texts) {
    document.documentElement.lang = state.lang;
    for (const element of document.querySelectorAll("[data-text]")) {
        element.textContent = texts[element.dataset.text];
    }
    for (const element of document.querySelectorAll("[data-label]")) {
        element.setAttribute("aria-label", texts[element.dataset.label]);
    }
    for (const element of document.querySelectorAll("[data-hint]")) {
        element.placeholder = texts[element.dataset.hint];
        element.setAttribute("aria-label", texts[element.dataset.hint]);
    }
    for (const element of document.querySelectorAll("[data-lang]")) {
        element.ariaPressed = String(element.dataset.lang === state.lang);
    }
    byId("names").title = texts.script;
    drawKeys(texts);
}

function drawKeys(texts) {
    const keys = KEYS.map((key) =>
        button(SIGNS[key] || key, () => send({key}), {
            className: `key ${key in SIGNS ? key : "digit"}`,
            ariaLabel: texts[key] || key,
            title: texts[key] || "",
        })
    );
    byId("keys").replaceChildren(...keys);
}

function drawTerminals(terminals) {
    const tabs = terminals.map((each) =>
        button(`${state.texts.terminal} ${each.port}`, () => send({show: each.port}), {
            className: each.busy ? "tab busy" : "tab",
            ariaPressed: String(each.shown),
        })
    );
    byId("tabs").replaceChildren(...tabs);
    const shown = terminals.find((each) => each.shown);
    byId("name").textContent = shown.name;
    byId("light").className = shown.busy ? "busy" : "";
    byId("light").ariaLabel = shown.busy ? state.texts.busy : state.texts.free;
    byId("light").title = byId("light").ariaLabel;
}

function drawDisplay(display) {
    const screen = byId("display");
    screen.className = `${display.step} ${display.tone}`;
    for (const line of ["title", "amount", "text", "hint"]) {
        byId(line).textContent = display[line];
    }
    const typed = "●".repeat(display.digits) + "○".repeat(DIGITS - display.digits);
    byId("dots").textContent = display.step === "code" ? typed : "";
    byId("device").dataset.step = display.step;
    drawAdvice();
}

function drawAdvice() {
    const {texts, display, cards} = state;
    const waits = cards && cards.some((card) => card.usable);
    const advice = {idle: texts.no_payment, present: waits && texts.take_a_card};
    byId("advice").textContent = advice[display.step] || "";
}

function drawCards(cards) {
    const drawn = cards.map((card) =>
        make(
            "button",
            {
                type: "button",
                className: `card ${card.name} ${card.how}`,
                disabled: !card.usable,
                onclick: () => send({card: card.name}),
            },
            make("span", {className: "chip", ariaHidden: "true"}),
            make("span", {className: "brand"}, card.label),
            make("span", {className: "how"}, state.texts[card.how])
        )
    );
    byId("hand").replaceChildren(...drawn);
    drawSlot(cards.find((card) => card.held));
    drawAdvice();
}

/** The card that the terminal holds, half of it to be seen. */
function drawSlot(card) {
    const held = card && make("div", {className: `card ${card.name} ${card.how}`});
    if (held) {
        held.append(make("span", {className: "brand"}, card.label));
    }
    byId("slot").replaceChildren(...(held ? [held] : []));
}

function drawPaper(paper) {
    const slip = byId("slip");
    const isNew = paper && slip.dataset.number !== String(paper.number);
    slip.hidden = !paper;
    byId("paper").textContent = paper ? paper.text : "";
    slip.dataset.number = paper ? paper.number : "";
    slip.classList.toggle("printing", Boolean(isNew));
}

// Beside it, for developers

function drawOrders(orders) {
    const {texts} = state;
    const options = [...new Set([...CARD_LESS, orders.scenario])].map((name) =>
        make("option", {value: name}, texts[name] || name)
    );
    byId("scenario").replaceChildren(...options);
    byId("scenario").value = orders.scenario;
    if (document.activeElement !== byId("delay")) {
        byId("delay").value = orders.delay;
    }
    const queue = orders.queue.map((name) => make("code", {}, name));
    byId("queue").replaceChildren(...(queue.length ? queue : [texts.empty_queue]));
    byId("forget").hidden = !queue.length;
    const plays = orders.playing && !CARD_LESS.includes(orders.playing);
    byId("playing").textContent = plays
        ? texts.playing.replace("{}", orders.playing)
        : "";
}

function drawScenarios() {
    const {texts, scenarios} = state;
    const sought = byId("search").value.trim().toLowerCase();
    const found = scenarios.filter(
        ({name, text}) =>
            !CARD_LESS.includes(name) &&
            `${name} ${text}`.toLowerCase().includes(sought)
    );
    const rows = found.map(({name, text, now}) =>
        make(
            "li",
            {},
            make("div", {}, make("code", {}, name), make("span", {}, text)),
            button(texts.now, () => send({now: name}), {disabled: !now}),
            button(texts.next, () => send({play: [name]}))
        )
    );
    byId("scenarios").replaceChildren(...rows);
}

function drawExchanges(exchanges) {
    const {texts} = state;
    const none = make("p", {}, texts.no_exchange);
    byId("exchanges").replaceChildren(...exchanges.map(makeExchange));
    if (!exchanges.length) {
        byId("exchanges").append(none);
    }
    drawLedger(exchanges.filter((each) => each.decision));
}

/** Keep open what the visitor opened; the newest one is open unless he closed it. */
function makeExchange(exchange, place) {
    const {texts} = state;
    const key = `${shownPort()} ${exchange.number}`;
    const closed = `closed ${key}`;
    const title = [
        `#${exchange.number}`,
        exchange.time,
        exchange.operation,
        exchange.asked,
        "→",
        exchange.decision_text || texts.waiting,
        exchange.moved,
        exchange.delivered === false ? `(${texts.undelivered})` : "",
    ];
    const details = make(
        "details",
        {open: opened.has(key) || (!place && !opened.has(closed))},
        make(
            "summary",
            {className: exchange.decision},
            title.filter(Boolean).join(" ")
        ),
        makeFrame(texts.request, exchange.request),
        exchange.answer ? makeFrame(texts.answer, exchange.answer) : ""
    );
    details.ontoggle = () => {
        opened[details.open ? "add" : "delete"](key);
        opened[details.open ? "delete" : "add"](closed);
    };
    return details;
}

function shownPort() {
    return state.terminals.find((each) => each.shown).port;
}

function makeFrame(title, frame) {
    const {texts} = state;
    const heading = make("h3", {}, `${title} · ${frame.bytes} ${texts.bytes}`);
    const box = make("div", {className: "frame"}, heading);
    if (!frame.bytes) {
        box.append(make("p", {}, texts.no_answer));
    }
    for (const rows of frame.messages) {
        box.append(makeTable([], rows));
    }
    if (frame.error) {
        const text = [frame.error, frame.unreadable].filter(Boolean).join(" · ");
        box.append(make("p", {className: "bad"}, texts.unreadable + text));
    }
    if (frame.receipt) {
        box.append(make("pre", {}, frame.receipt));
    }
    return box;
}

function makeTable(heads, rows) {
    const cells = (tag, row) => row.map((text) => make(tag, {}, text));
    const body = rows.map((row) => make("tr", {}, ...cells("td", row)));
    const head = heads.length ? [make("tr", {}, ...cells("th", heads))] : [];
    return make("table", {}, ...head, ...body);
}

function drawLedger(exchanges) {
    const {texts} = state;
    const heads = ["time", "operation", "asked", "decision", "moved", "scenario"];
    const rows = exchanges.map((each) => [
        each.time,
        each.operation,
        each.asked,
        each.decision_text,
        each.moved,
        `${each.scenario} · ${each.text}`,
    ]);
    const drawn = rows.length
        ? makeTable(
              heads.map((name) => texts[name]),
              rows
          )
        : make("p", {}, texts.no_entry);
    byId("entries").replaceChildren(drawn);
}

function drawTotals(totals) {
    const sums = totals.map(([operation, amount]) => `${operation} ${amount}`);
    byId("totals").textContent = sums.length
        ? `${state.texts.totals} ${sums.join(", ")}`
        : "";
}

const DRAW = {
    texts: drawTexts,
    terminals: drawTerminals,
    display: drawDisplay,
    cards: drawCards,
    paper: drawPaper,
    orders: drawOrders,
    scenarios: drawScenarios,
    exchanges: drawExchanges,
    totals: drawTotals,
};

// The server

function chosenLanguage() {
    const asked = new URLSearchParams(location.search).get("lang");
    const wanted = [asked, localStorage.getItem("lang"), ...navigator.languages];
    const known = wanted.filter(Boolean).map((lang) => lang.slice(0, 2));
    return known.find((lang) => ["fr", "en"].includes(lang)) || "";
}

function connect() {
    const address = new URL("/live", location.href.replace(/^http/, "ws"));
    address.searchParams.set("lang", state.lang || chosenLanguage());
    socket = new WebSocket(address);
    socket.onopen = reopen;
    socket.onmessage = (event) => receive(JSON.parse(event.data));
    socket.onclose = lose;
}

/** After a lost connection the visitor wants the terminal he looked at. */
function reopen() {
    showTrouble("");
    const tab = (state.terminals || []).find((each) => each.shown);
    if (tab) {
        send({show: tab.port});
    }
}

function lose() {
    showTrouble((state.texts || {}).offline || "…");
    setTimeout(connect, RETRY_MS);
}

function send(command) {
    showTrouble("");
    if (socket.readyState === WebSocket.OPEN) {
        socket.send(JSON.stringify(command));
    }
}

function receive(news) {
    if (news.error) {
        showTrouble(news.error);
    }
    Object.assign(state, news);
    // Another language: everything is drawn again.
    if (news.texts) {
        Object.assign(news, state);
    }
    for (const [part, draw] of Object.entries(DRAW)) {
        if (part in news) {
            draw(state[part]);
        }
    }
}

// The visitor

function speak(lang) {
    localStorage.setItem("lang", lang);
    send({lang});
}

function addScript(event) {
    event.preventDefault();
    const names = byId("names")
        .value.split(/[\s,]+/)
        .filter(Boolean);
    send({play: names});
    byId("names").value = "";
}

/** A keyboard has the keys of the terminal too, unless a field is being filled. */
function typeKey(event) {
    const keys = {Enter: "green", Escape: "red", Backspace: "yellow"};
    const key = keys[event.key] || (/^[0-9]$/.test(event.key) && event.key);
    const elsewhere = event.target.closest("input, select, button, summary");
    if (key && !elsewhere && !event.ctrlKey && !event.metaKey) {
        send({key});
    }
}

for (const element of document.querySelectorAll("[data-lang]")) {
    element.onclick = () => speak(element.dataset.lang);
}
byId("scenario").onchange = (event) => send({scenario: event.target.value});
byId("delay").onchange = (event) => send({delay: event.target.valueAsNumber || 0});
byId("customer").onsubmit = (event) => event.preventDefault();
byId("forget").onclick = () => send({forget: true});
byId("script").onsubmit = addScript;
byId("search").oninput = drawScenarios;
document.addEventListener("keydown", typeKey);
// On a phone the terminal comes first; the rest waits folded below it.
if (matchMedia("(max-width: 800px)").matches) {
    for (const details of document.querySelectorAll("#developer > details")) {
        details.open = false;
    }
}
connect();
