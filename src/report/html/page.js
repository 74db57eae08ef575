"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const index = JSON.parse($("index").textContent);
  for (const cell of index) cell.text = cell.id.toLowerCase() + " " + cell.text;
  const overview = $("overview"), page = $("page"), query = $("query"), live = $("live");
  const links = [...document.querySelectorAll("a.v")];
  const rows = [...document.querySelectorAll("tr[data-row]")];
  let verdict = "all", current = -1, drawn = 0;

  // ---- texts: what a target sent is never anything but text, and never hides a character.
  const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
  const visible = (text) => String(text).replace(HIDDEN, (c) => "\\u{" + c.codePointAt(0).toString(16) + "}");
  const el = (name, attributes, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (key === "onclick") node.addEventListener("click", value); else node.setAttribute(key, value);
    }
    for (const child of children.flat(Infinity)) {
      if (child !== undefined && child !== null && child !== false) {
        node.append(child instanceof Node ? child : visible(child));
      }
    }
    return node;
  };
  const copier = (label, text) => {
    const button = el("button", { type: "button" }, label);
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(text); } catch {
        const area = el("textarea"); area.value = text; document.body.append(area); area.select();
        document.execCommand("copy"); area.remove();
      }
      button.textContent = "copied"; live.textContent = "copied";
      setTimeout(() => { button.textContent = label; }, 1200);
    });
    return button;
  };
  const spec = (url, words) => /^https?:\/\//.test(url) ? el("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, words || url) : url;

  // ---- data: packed by feature, unpacked when first asked for.
  const chunks = new Map();
  const inflated = async (id) => {
    const bytes = Uint8Array.from(atob($(id).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  };
  // Exchanges, bodies and cells are rows of fragments, in this order: "." the next one that no row before has used, "A" the one after the last, "*" so many of those, "!" any other,
  // "C", "B" and "D" one, two or three after the place where the likeness with another body ended.
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const joined = (packed, state) => {
    const fragments = state.fragments;
    let at = 0, text = "", last = -10, alike = -10;
    const number = () => {
      for (let value = 0, shift = 1; ; shift *= 32) {
        const digit = DIGITS.indexOf(packed[at++]);
        value += (digit % 32) * shift;
        if (digit < 32) return value;
      }
    };
    while (at < packed.length) {
      const mark = packed[at++], step = "CBD".indexOf(mark) + 1;
      if (mark === "A" || mark === "*") {
        const count = mark === "A" ? 1 : number(), begun = last;
        for (let each = 0; each < count; each++) text += fragments[++last];
        if (count > 1 || begun === alike) alike = last;
        continue;
      }
      if (step) last = alike += step; else last = mark === "." ? state.next++ : number();
      text += fragments[last];
    }
    return text;
  };
  // In cells, numbers of exchanges are counted from the first, which stands before the JSON.
  const absolute = (text) => {
    const [all, first, json] = /^(\d+) ([^]*)$/.exec(text) || [text, "0", text];
    const number = (digits) => (Number(digits) + Number(first)) % 4294967296;
    return json.replace(/"(exchanges?|sent|opened|judged_until|watched_from|cleanup)":(\d+(?=[,}\]])|\[[\d,]+\])/g,
      (part, key, numbers) => "\"" + key + "\":" + numbers.replace(/\d+/g, number));
  };
  let whole;
  const chunk = (number) => {
    if (!chunks.has(number)) chunks.set(number, (async () => {
      whole = whole || inflated("fragments");
      const [packed, fragments] = [await inflated("chunk-" + number), await whole];
      const data = { cells: [], exchanges: {} }, state = { fragments, next: packed.first };
      let id = 0, before = 0;
      for (const [step, since, took, about, request, response] of packed.exchanges) {
        const exchange = JSON.parse(joined(about, state));
        exchange.id = id += step;
        if (since !== null) exchange.sent = new Date(before += since).toISOString();
        exchange.duration_ms = took;
        if (request !== null) exchange.request_body = joined(request, state);
        if (exchange.answer) exchange.answer.body = response === null ? "" : joined(response, state);
        exchange.command = commandLine(exchange);
        data.exchanges[id] = exchange;
      }
      data.cells = packed.cells.map((cell) => JSON.parse(absolute(joined(cell, state))));
      return data;
    })());
    return chunks.get(number);
  };

  // ---- an exchange as a line for a shell: secret headers are variables.
  const quoted = (text) => {
    if (!/[\u0000-\u001f\u007f-\u009f]/.test(text)) return "'" + text.replaceAll("'", "'\\''") + "'";
    const bytes = (c) => [...new TextEncoder().encode(c)].map((byte) => "\\x" + byte.toString(16).padStart(2, "0")).join("");
    return "$'" + text.replace(/[\\']|[\u0000-\u001f\u007f-\u009f]/g, (c) => c === "\\" || c === "'" ? "\\" + c : bytes(c)) + "'";
  };
  const commandLine = (sent) => {
    let line = "curl" + (sent.method === "GET" ? "" : " -X " + sent.method) + " " + quoted(sent.url);
    for (const [name, value] of sent.request_headers) {
      line += " -H " + (value === "***" ? "\"" + name + ": $" + name.replace(/[^A-Za-z0-9]/g, "_").toUpperCase() + "\"" : quoted(name + ": " + value));
    }
    return line + (sent.request_body === undefined ? "" : " --data-raw " + quoted(sent.request_body));
  };

  // ---- the overview and its filters.
  const fits = (cell) => verdict === "all" || cell.v === verdict || (verdict === "flaky" && cell.flaky);
  const words = () => query.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = () => {
    const wanted = words();
    return index.map((cell) => fits(cell) && wanted.every((word) => cell.text.includes(word)));
  };
  const filter = () => {
    const shown = matching();
    for (const link of links) link.classList.toggle("out", !shown[link.dataset.cell]);
    let feature = null, any = false;
    const close = () => { if (feature) feature.hidden = !any; };
    for (const row of rows) {
      if (row.classList.contains("feature")) { close(); feature = row; any = false; continue; }
      const has = [...row.querySelectorAll("a.v")].some((link) => shown[link.dataset.cell]);
      row.hidden = !has; any = any || has;
    }
    close();
    for (const card of document.querySelectorAll("[data-cells]")) {
      card.hidden = !card.dataset.cells.split(" ").some((cell) => shown[cell]);
    }
    const count = shown.filter(Boolean).length;
    $("matching").textContent = count === index.length ? "" : count + " of " + index.length + " cells";
    $("nothing").hidden = count > 0;
  };
  for (const button of document.querySelectorAll("button[data-verdict]")) {
    button.addEventListener("click", () => {
      verdict = button.dataset.verdict;
      for (const other of document.querySelectorAll("button[data-verdict]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      filter();
    });
  }
  query.addEventListener("input", filter);

  // ---- JSON, laid out, with what a finding is about marked.
  const places = (findings) => findings.filter((f) => f.path).map((f) =>
    f.path.replace(/^\$\.?/, "").replace(/\["?([^\]"]*)"?\]/g, ".$1").split(".").filter((part) => part !== ""));
  // What is said of an Order in a page of a feed is said of the data of its last item there.
  const roots = (value, uuid) => {
    const found = [[]];
    if (value && Array.isArray(value.items)) {
      value.items.forEach((item, at) => {
        if (item && uuid && String(item.id).toLowerCase() === uuid.toLowerCase()) found.unshift(["items", String(at), "data"], ["items", String(at)]);
      });
    }
    return found;
  };
  const reachable = (value, path, uuid) => {
    const begins = (root) => { let at = value; for (const part of root) at = at && at[part]; return at && typeof at === "object" && path[0] in at; };
    const root = roots(value, uuid).find(begins) || [];
    const way = []; let here = value;
    for (const part of [...root, ...path]) {
      if (here === null || typeof here !== "object" || !(part in here)) break;
      way.push(part); here = here[part];
    }
    return way.join("\u0000");
  };
  const laidOut = (text, findings, uuid) => {
    const pre = el("pre", { tabindex: "0" });
    let value;
    try { value = JSON.parse(text); } catch { pre.append(visible(text)); return pre; }
    const marks = new Set(places(findings).map((path) => reachable(value, path, uuid)).filter((way) => way !== ""));
    const put = (into, name, said) => into.append(el("span", { class: name }, said));
    const draw = (into, here, way, indent) => {
      const target = marks.has(way.join("\u0000")) && way.length ? into.appendChild(el("mark")) : into;
      if (Array.isArray(here) || (here && typeof here === "object")) {
        const list = Array.isArray(here), keys = Object.keys(here);
        target.append(list ? "[" : "{");
        keys.forEach((key, at) => {
          target.append("\n" + "  ".repeat(indent + 1));
          if (!list) { put(target, "k", JSON.stringify(key)); target.append(": "); }
          draw(target, here[key], [...way, key], indent + 1);
          if (at + 1 < keys.length) target.append(",");
        });
        if (keys.length) target.append("\n" + "  ".repeat(indent));
        target.append(list ? "]" : "}");
      } else {
        put(target, typeof here === "string" ? "s" : typeof here === "number" ? "n" : "w", JSON.stringify(here));
      }
    };
    draw(pre, value, [], 0);
    return pre;
  };

  // ---- one cell.
  const pairs = (list) => el("dl", { class: "pairs" }, list.filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([label, value]) => [el("dt", {}, label), el("dd", {}, value)]));
  const detailsOf = (finding) => pairs([["expected", finding.expected], ["found", finding.found], ["at", finding.path],
    ["spec", finding.spec && spec(finding.spec)],
    ...(finding.violates || []).map((cited) => ["violates", el("span", {}, spec(cited.spec, cited.id), " (" + cited.level + ") " + cited.says)]), ["hint", finding.hint], ["rule", finding.rule],
    ["exchange", finding.exchange && el("a", { href: "#", onclick: (event) => { event.preventDefault(); reveal(finding.exchange); } }, "#" + finding.exchange)]]);
  const MARKS = { held: ["✓", "passed"], failed: ["✗", "failed"], blocked: ["?", "blocked"] };
  const reveal = (id) => {
    const node = page.querySelector('[data-exchange="' + id + '"]');
    if (!node) return;
    for (let up = node; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    node.scrollIntoView({ block: "start" }); node.focus({ preventScroll: true });
  };
  const headers = (list) => el("details", {}, el("summary", { class: "small quiet" }, list.length + " headers"),
    el("pre", {}, list.map(([name, value]) => name + ": " + value).join("\n")));
  const exchange = (sent, findings, uuid) => {
    const mine = findings.filter((finding) => finding.exchange === sent.id);
    const box = el("div", { class: "exchange", "data-exchange": sent.id, tabindex: "-1" });
    const outcome = sent.answer ? "HTTP " + sent.answer.status : sent.failure ? sent.failure.message : "no response";
    box.append(el("h4", {}, "#" + sent.id + " " + sent.label + ": " + outcome),
      el("p", { class: "mono" }, sent.method + " " + sent.url),
      el("p", { class: "small quiet" }, sent.sent + ", " + sent.duration_ms + " ms "), copier("copy as curl", sent.command));
    const bodies = el("div");
    const fill = () => {
      bodies.append(el("h3", {}, "Request"), headers(sent.request_headers));
      if (sent.request_body) bodies.append(laidOut(sent.request_body, []));
      if (sent.answer) {
        bodies.append(el("h3", {}, "Response"), headers(sent.answer.headers));
        if (sent.answer.body) bodies.append(laidOut(sent.answer.body, mine, uuid));
        if (sent.answer.truncated) bodies.append(el("p", { class: "quiet" }, "Body truncated."));
      }
    };
    const more = el("details", { open: mine.length > 0 ? "" : false }, el("summary", {}, "request and response"), bodies);
    let filled = false;
    const once = () => { if (more.open && !filled) { filled = true; fill(); } };
    more.addEventListener("toggle", once); once();
    box.append(more);
    return box;
  };
  const WORDS = { "passed": "passed", "failed": "failed", "blocked": "blocked", "not-run": "not run" };
  const step = (report, exchanges, open, uuid) => {
    const findings = report.checks.map((check) => check.finding).filter(Boolean);
    const box = el("details", { class: "step", open: open ? "" : false }, el("summary", {},
      el("span", { class: "mark " + report.verdict }, { passed: "✓", failed: "✗", blocked: "?", "not-run": "–" }[report.verdict]),
      report.title + " ", el("span", { class: "small quiet" }, WORDS[report.verdict] +
        (report.note ? ": " + report.note : ", " + report.checks.length + " checks, " + report.duration_ms + " ms"))));
    const fill = () => {
      box.append(el("ul", { class: "checks" }, report.checks.map((check) => {
        const [mark, name] = MARKS[check.outcome];
        const only = check.profile ? el("span", { class: "small quiet" }, " " + check.profile) : "";
        const item = el("li", {}, el("span", { class: "mark " + name }, mark), check.name, only);
        if (check.finding) item.append(el("div", { class: "card " + name }, el("p", {}, el("strong", {}, check.finding.message)), detailsOf(check.finding)));
        return item;
      })));
      if (report.remarks && report.remarks.length) {
        box.append(el("details", {}, el("summary", { class: "small" }, report.remarks.length + " warnings and suggestions"),
          el("ul", { class: "small" }, report.remarks.map((said) => el("li", {}, said.level + " ", el("code", {}, said.path), " " + said.message + (said.requirements || []).map((cited) => " " + cited.id + " (" + cited.level + ")").join("") + " (" + said.rule + (said.count > 1 ? ", " + said.count + " times)" : ")"))))));
      }
      for (const id of report.exchanges) if (exchanges[id]) box.append(exchange(exchanges[id], findings, uuid));
    };
    let filled = false;
    const once = () => { if (box.open && !filled) { filled = true; fill(); } };
    box.addEventListener("toggle", once); once();
    box.addEventListener("fill", () => { if (!filled) { filled = true; fill(); } });
    return box;
  };

  // ---- who said what to whom, in order.
  const SVG = "http://www.w3.org/2000/svg";
  const shape = (name, attributes, text) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = visible(text);
    return node;
  };
  const short = (text, most) => text.length > most ? text.slice(0, most - 1) + "…" : text;
  const sequence = (steps, exchanges) => {
    const all = steps.flatMap((report) => report.exchanges.map((id) => exchanges[id]).filter(Boolean));
    const lanes = [["Broker", 90], ["Booking system", 420]];
    if (all.some((sent) => sent.feed)) lanes.push(["Feeds", 660]);
    const width = lanes[lanes.length - 1][1] + 130, LINE = 26;
    const lines = steps.reduce((sum, report) => sum + 1 + report.exchanges.filter((id) => exchanges[id]).length, 0);
    const height = 44 + lines * LINE + 10;
    const svg = shape("svg", { class: "lanes", viewBox: "0 0 " + width + " " + height, width, height, role: "img", "aria-label": "Requests of this cell, in order" });
    for (const [name, x] of lanes) {
      svg.append(shape("text", { x, y: 18, "text-anchor": "middle", class: "head" }, name), shape("line", { x1: x, x2: x, y1: 28, y2: height }));
    }
    let y = 44;
    for (const report of steps) {
      const failed = report.verdict === "failed";
      svg.append(shape("rect", { x: 0, y: y - 14, width, height: 20, class: "band" }));
      const head = shape("g", { class: failed ? "bad" : "" });
      head.append(shape("text", { x: 8, y }, { passed: "✓ ", failed: "✗ ", blocked: "? ", "not-run": "– " }[report.verdict] + short(report.title, 90)));
      svg.append(head); y += LINE;
      const bad = new Set(report.checks.map((check) => check.finding && check.finding.exchange).filter(Boolean));
      for (const id of report.exchanges) {
        const sent = exchanges[id];
        if (!sent) continue;
        const from = lanes[0][1], to = (sent.feed ? lanes[lanes.length - 1] : lanes[1])[1];
        const group = shape("g", { class: bad.has(id) ? "bad" : "" });
        const link = shape("a", { href: "#", tabindex: "0" });
        link.addEventListener("click", (event) => { event.preventDefault(); reveal(id); });
        const back = Boolean(sent.feed), status = sent.answer ? String(sent.answer.status) : "no response";
        link.append(shape("line", { x1: from, x2: to, y1: y, y2: y, class: "arrow" + (back ? " back" : "") }),
          back ? shape("path", { d: "M" + from + " " + y + " l9 -4 v8 z", class: "tip" }) : shape("path", { d: "M" + to + " " + y + " l-9 -4 v8 z", class: "tip" }),
          shape("text", { x: from + 14, y: y - 5 }, short((back ? sent.label : sent.method + " " + sent.label), back ? 70 : 38)),
          shape("text", { x: back ? to + 10 : to + 10, y: y + 4, class: bad.has(id) ? "" : "quiet" }, (back ? "" : status + " ") + "#" + id));
        group.append(link); svg.append(group); y += LINE;
      }
    }
    return el("div", { class: "scroll" }, svg);
  };

  const show = async (number) => {
    const place = ++drawn, brief = index[number];
    current = number;
    overview.hidden = true; page.hidden = false; page.textContent = "";
    let data;
    try { data = await chunk(brief.chunk); } catch (error) {
      page.append(el("p", { class: "card failed" }, "This browser cannot unpack the data of the report: " + error));
      return;
    }
    if (place !== drawn) return;
    const cell = data.cells[brief.at];
    const shown = cell.known ? "known" : cell.verdict;
    document.title = cell.id;
    const wanted = matching();
    const near = (direction) => {
      for (let at = number + direction; at >= 0 && at < index.length; at += direction) if (wanted[at]) return at;
      return -1;
    };
    const go = (at, label) => el("button", { type: "button", disabled: at < 0 ? "" : false, onclick: () => { location.hash = "cell/" + encodeURIComponent(index[at].id); } }, label);
    page.append(el("nav", { class: "nav" }, el("button", { type: "button", onclick: () => { location.hash = ""; } }, "← all cells"), go(near(-1), "previous"), go(near(1), "next")),
      el("h1", { tabindex: "-1" }, cell.name), el("p", { class: "mono" }, cell.id),
      el("p", {}, el("span", { class: "word " + shown }, shown), cell.flaky ? el("span", { class: "word flaky" }, " flaky") : "",
        cell.reason ? " " + cell.reason : "", el("span", { class: "quiet" }, " " + cell.duration_ms + " ms")));
    if (cell.known) page.append(el("p", { class: "card known" }, "Known failure until " + cell.known.expires + ": " + cell.known.reason));
    page.append(el("p", {}, el("code", {}, cell.rerun), " ", copier("copy", cell.rerun)));
    if (cell.opportunities.length) {
      page.append(el("details", {}, el("summary", {}, cell.opportunities.length + (cell.opportunities.length === 1 ? " opportunity" : " opportunities")), el("ul", { class: "small" }, cell.opportunities.map((used) =>
        el("li", {}, el("code", {}, used.id), " " + used.criteria + (used.control ? ", control" : ""))))));
    }
    const tries = [...(cell.tries || []), cell];
    tries.forEach((attempt, at) => {
      if (tries.length > 1) page.append(el("h2", {}, "Attempt " + (at + 1) + ": " + attempt.verdict));
      page.append(sequence(attempt.steps, data.exchanges), el("h2", {}, "Steps"));
      let open = true;
      for (const report of attempt.steps) {
        const first = open && (report.verdict === "failed" || report.verdict === "blocked");
        if (first) open = false;
        page.append(step(report, data.exchanges, first, cell.order_uuid));
      }
    });
    window.scrollTo(0, 0);
    page.querySelector("h1").focus({ preventScroll: true });
  };
  const route = () => {
    const wanted = location.hash.startsWith("#cell/") ? decodeURIComponent(location.hash.slice(6)) : null;
    const number = wanted === null ? -1 : index.findIndex((cell) => cell.id === wanted);
    if (number >= 0) { show(number); return; }
    drawn++; page.hidden = true; overview.hidden = false; document.title = document.body.dataset.title;
    if (current >= 0) {
      const link = links.find((known) => Number(known.dataset.cell) === current);
      if (link) { link.focus({ preventScroll: true }); link.scrollIntoView({ block: "center" }); }
      current = -1;
    }
  };
  addEventListener("hashchange", route);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target === query;
    if (event.key === "Escape") {
      if (typing && query.value) { query.value = ""; filter(); } else if (typing) query.blur(); else location.hash = "";
    } else if (!typing && event.key === "/") { event.preventDefault(); location.hash = ""; query.focus(); }
    else if (!typing && (event.key === "j" || event.key === "k")) {
      const wanted = matching(), direction = event.key === "j" ? 1 : -1;
      const start = current < 0 ? (direction > 0 ? -1 : index.length) : current;
      for (let at = start + direction; at >= 0 && at < index.length; at += direction) {
        if (wanted[at]) { location.hash = "cell/" + encodeURIComponent(index[at].id); break; }
      }
    }
  });
  addEventListener("beforeprint", () => {
    for (const box of document.querySelectorAll("details")) {
      if (box.checkVisibility === undefined || box.checkVisibility()) { box.dispatchEvent(new Event("fill")); box.open = true; }
    }
  });
  const theme = $("theme"), THEMES = ["auto", "light", "dark"];
  const paint = (name) => {
    if (name === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = name;
    theme.textContent = "theme: " + name; theme.dataset.now = name;
  };
  let stored = "auto";
  try { stored = localStorage.getItem("oa-test-theme") || "auto"; } catch { /* a browser that keeps nothing */ }
  paint(THEMES.includes(stored) ? stored : "auto");
  theme.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(theme.dataset.now) + 1) % THEMES.length];
    paint(next);
    try { localStorage.setItem("oa-test-theme", next); } catch { /* as above */ }
  });
  filter(); route();
})();
