"use strict";
// Everything from a problem reaches the page as a text node, never as markup.
(() => {
  const AT_A_TIME = 50;
  const byId = (id) => document.getElementById(id);
  const columns = { status: 2, verdict: 3, group: 4, evidence: 5, fault: 9 };
  let rows = [], words = [], facts = {}, shown = [], state = {};
  const chunks = new Map();

  async function inflated(id) {
    const packed = atob(byId(id).textContent.trim());
    const bytes = Uint8Array.from(packed, (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  function element(name, text, cls) {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = String(text);
    if (cls) made.className = cls;
    return made;
  }

  function fromHash() {
    const found = new URLSearchParams(location.hash.slice(1));
    state = { q: "", page: "1", open: "" };
    for (const [key, value] of found) state[key] = value;
  }

  function toHash() {
    const set = new URLSearchParams();
    for (const [key, value] of Object.entries(state)) if (value && !(key === "page" && value === "1")) set.set(key, value);
    const hash = "#" + set.toString();
    if (hash !== location.hash) history.replaceState(null, "", hash);
  }

  function filter() {
    const asked = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    shown = [];
    for (let i = 0; i < rows.length; i++) {
      const fits = Object.entries(columns).every(([name, at]) => !state[name] || rows[i][at] === state[name]);
      if (fits && asked.every((word) => words[i].includes(word))) shown.push(i);
    }
  }

  function list() {
    const pages = Math.max(1, Math.ceil(shown.length / AT_A_TIME));
    const page = Math.min(Math.max(1, Number(state.page) || 1), pages);
    state.page = String(page);
    byId("count").textContent = `${shown.length} of ${rows.length} problems`;
    byId("page").textContent = `${page} / ${pages}`;
    const body = document.querySelector("#list tbody");
    body.replaceChildren();
    for (const i of shown.slice((page - 1) * AT_A_TIME, page * AT_A_TIME)) {
      const [id, text, status, verdict, group, evidence, rounds, tokens, seconds] = rows[i];
      const row = element("tr");
      row.tabIndex = 0;
      row.dataset.id = id;
      for (const [value, cls] of [[id], [text.slice(0, 200)], [status], [verdict, verdict], [group], [evidence],
        [rounds, "n"], [tokens, "n"], [seconds === null ? "" : seconds.toFixed(2), "n"]]) row.append(element("td", value, cls));
      row.addEventListener("click", () => open(id));
      row.addEventListener("keydown", (event) => { if (event.key === "Enter") open(id); });
      body.append(row);
    }
    toHash();
  }

  function choices() {
    for (const [name, at] of Object.entries(columns)) {
      const values = [...new Set(rows.map((row) => row[at]).filter(Boolean))].sort();
      if (values.length < (name === "fault" ? 1 : 2)) continue;
      const select = element("select");
      select.id = name;
      select.setAttribute("aria-label", name);
      select.append(new Option(`any ${name}`, ""), ...values.map((value) => new Option(value, value)));
      select.value = state[name] || "";
      select.addEventListener("change", () => { state[name] = select.value; state.page = "1"; filter(); list(); });
      byId("filters").append(select);
    }
  }

  function highlighted(source) {
    const pre = element("pre");
    const pattern = /(#[^\n]*)|("(?:[^"\\\n]|\\.)*")|([A-Za-z_][A-Za-z0-9_]*)|(\d+(?:\.\d+)?)/g;
    let last = 0;
    for (const found of source.matchAll(pattern)) {
      pre.append(source.slice(last, found.index));
      last = found.index + found[0].length;
      const cls = found[1] ? "comment" : found[2] ? "string" : found[4] ? "number" : facts.keywords.has(found[3]) ? "keyword" : "";
      pre.append(cls ? element("span", found[0], cls) : found[0]);
    }
    pre.append(source.slice(last));
    return pre;
  }

  function section(into, title, ...parts) {
    into.append(element("h3", title), ...parts);
  }

  function value(thing) {
    const table = thing && typeof thing === "object" && thing.table;
    if (!table) return element("pre", typeof thing === "string" ? thing : JSON.stringify(thing, null, 1));
    const made = element("table"), head = element("tr");
    head.append(...table.header.map((cell) => element("th", cell)));
    made.append(head);
    for (const row of table.rows) {
      const line = element("tr");
      line.append(...row.map((cell) => element("td", cell)));
      made.append(line);
    }
    return made;
  }

  function lines(things) {
    const made = element("ul");
    made.append(...things.map((thing) => element("li", thing)));
    return made;
  }

  async function open(id) {
    const i = rows.findIndex((row) => row[0] === id);
    if (i < 0) return;
    const chunk = Math.floor(i / facts.chunk);
    if (!chunks.has(chunk)) chunks.set(chunk, await inflated(`chunk-${chunk}`));
    const one = chunks.get(chunk)[i % facts.chunk], [, text, status, verdict] = rows[i];
    const into = byId("detail");
    into.replaceChildren(element("h2", id), element("p", `${status}${verdict ? ", " + verdict : ""}`, verdict));
    section(into, "Text", element("pre", text));
    if (one.reason) section(into, "Reason", element("p", one.reason));
    if (one.detail) section(into, "Verdict", element("p", one.detail));
    if (one.answer !== null) section(into, "Answer", value(one.answer));
    if (one.gold !== null) section(into, "Gold answer", value(one.gold && one.gold.header ? { table: one.gold } : one.gold));
    if (one.program) section(into, "Program", highlighted(one.program));
    if (one.diagnostics.length) section(into, "Diagnostics", lines(one.diagnostics));
    section(into, "Evidence", lines(one.evidence));
    if (one.explanation.length) section(into, "Explanation", lines(one.explanation));
    one.rounds.forEach((round) => {
      const made = element("details");
      made.append(element("summary", `${round.number}. ${round.kind}: ${round.outcome} (${round.seconds.toFixed(2)} s)`));
      if (round.findings.length) made.append(lines(round.findings));
      made.append(highlighted(round.source));
      into.append(made);
    });
    section(into, "Cost", lines(one.cost));
    state.open = id;
    toHash();
    if (!byId("one").open) byId("one").showModal();
  }

  function closed() {
    state.open = "";
    toHash();
  }

  async function start() {
    fromHash();
    const data = await inflated("index");
    rows = data.rows;
    facts = { ...data.facts, keywords: new Set(data.facts.keywords) };
    words = rows.map((row) => `${row[0]}\n${row[1]}\n${row[10]}`.toLowerCase());
    const head = element("tr");
    head.append(...["problem", "text", "status", "verdict", facts.by || "group", "evidence"].map((name) => element("th", name)),
      ...["rounds", "tokens", "seconds"].map((name) => element("th", name, "n")));
    document.querySelector("#list thead").append(head);
    choices();
    byId("q").value = state.q;
    byId("q").addEventListener("input", () => { state.q = byId("q").value; state.page = "1"; filter(); list(); });
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("before").addEventListener("click", () => { state.page = String(Number(state.page) - 1); list(); });
    byId("after").addEventListener("click", () => { state.page = String(Number(state.page) + 1); list(); });
    byId("close").addEventListener("click", () => byId("one").close());
    byId("one").addEventListener("close", closed);
    filter();
    list();
    if (state.open) await open(state.open);
    document.documentElement.dataset.ready = performance.now().toFixed(0);
  }

  start().catch((error) => { byId("count").textContent = `This page cannot be shown: ${error}`; });
})();
