/*
 * APEX Analytics client SDK.
 *
 *   <script src="https://api.example/static/apex-analytics.js"
 *           data-api-url="https://api.example" data-store-id="my-shop"></script>
 *
 * Sends pageview, click, scroll (each quarter), form_submit, add_to_cart and performance events in batches. With the
 * cookie apex_consent=false it sends nothing and stores nothing.
 */
(function () {
  "use strict";

  var BUFFER_MS = 5000;
  var MAX_BATCH = 100;
  var MAX_LEAVING_LENGTH = 20000; // characters: browsers keep 64 KiB alive after a page
  var SESSION_MS = 30 * 60 * 1000;
  var SESSION_KEY = "apex_session";
  var VISITOR_KEY = "apex_visitor";
  var CAMPAIGN = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

  var script = document.currentScript || document.querySelector("script[data-api-url]");
  if (!script) return;
  var base = script.getAttribute("data-api-url") || new URL(script.src).origin;
  var endpoint = base.replace(/\/+$/, "") + "/api/v1/analytics/track/batch";
  var storeId = script.getAttribute("data-store-id");

  var buffer = [];
  var timer = null;
  var quarters = {};
  var memory = {};

  function consented() {
    return !/(?:^|;\s*)apex_consent=false(?:;|$)/.test(document.cookie);
  }

  /* Storage may be forbidden (private windows, sandboxed frames): then values last as long as the page. */
  function recall(area, key) {
    try {
      return window[area].getItem(key);
    } catch (forbidden) {
      return memory[key] || null;
    }
  }

  function keep(area, key, value) {
    try {
      window[area].setItem(key, value);
    } catch (forbidden) {
      memory[key] = value;
    }
  }

  function newId() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (byte) {
      return ("0" + byte.toString(16)).slice(-2);
    }).join("");
  }

  function visitorId() {
    var id = recall("localStorage", VISITOR_KEY) || newId();
    keep("localStorage", VISITOR_KEY, id);
    return id;
  }

  /* A session ends after half an hour without an event. */
  function sessionId() {
    var now = Date.now();
    var stored = (recall("sessionStorage", SESSION_KEY) || "").split("|");
    var id = stored[0] && now - Number(stored[1]) < SESSION_MS ? stored[0] : newId();
    keep("sessionStorage", SESSION_KEY, id + "|" + now);
    return id;
  }

  /* Shortens a text; half a character at its end, or a NUL, would make the whole batch unacceptable. */
  function cut(text, length) {
    return text ? String(text).replace(/\0/g, "").slice(0, length).replace(/[\uD800-\uDBFF]$/, "") : undefined;
  }

  function deviceType() {
    var agent = navigator.userAgent;
    if (/iPad|Tablet|Android(?!.*Mobile)/i.test(agent)) return "tablet";
    return /Mobi|iPhone|Android/i.test(agent) ? "mobile" : "desktop";
  }

  function pixels(value) {
    return Math.max(0, Math.min(10000, Math.round(value || 0)));
  }

  function campaign(event) {
    var query = new URLSearchParams(location.search);
    CAMPAIGN.forEach(function (name) {
      event[name] = cut(query.get(name), 255);
    });
    return event;
  }

  function describe(type, details) {
    return Object.assign(campaign({
      event_type: type,
      session_id: sessionId(),
      visitor_id: visitorId(),
      timestamp: Date.now(),
      url: cut(location.href, 2048),
      path: cut(location.pathname, 1024),
      referrer: cut(document.referrer, 2048),
      user_agent: cut(navigator.userAgent, 2048),
      device_type: deviceType(),
      viewport_width: pixels(window.innerWidth),
      viewport_height: pixels(window.innerHeight),
      screen_width: pixels(window.screen && screen.width),
      screen_height: pixels(window.screen && screen.height),
      consent_given: true
    }), details);
  }

  function track(type, details) {
    if (!consented()) return;
    var event = describe(type, details || {});
    event.properties = Object.assign({}, event.properties, storeId ? { store_id: cut(storeId, 255) } : {});
    buffer.push(event);
    if (buffer.length >= MAX_BATCH) flush(false);
    else if (!timer) timer = setTimeout(function () { flush(false); }, BUFFER_MS);
  }

  function post(events, leaving) {
    var body = JSON.stringify({ events: events });
    if (leaving && events.length > 1 && body.length > MAX_LEAVING_LENGTH) {
      var middle = Math.ceil(events.length / 2);
      post(events.slice(0, middle), true);
      post(events.slice(middle), true);
      return;
    }
    /* A beacon carries credentials, which most servers' CORS rules refuse: only for browsers that know nothing better. */
    if (leaving && !("keepalive" in Request.prototype) && navigator.sendBeacon) {
      navigator.sendBeacon(endpoint, new Blob([body], { type: "application/json" }));
      return;
    }
    /* A lost batch is lost: tracking must never disturb the page. */
    fetch(endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: body,
      keepalive: leaving,
      credentials: "omit"
    }).catch(function () {});
  }

  function flush(leaving) {
    clearTimeout(timer);
    timer = null;
    var events = buffer.splice(0, buffer.length);
    if (events.length && consented()) post(events, leaving);
  }

  function label(element) {
    return cut((element.textContent || element.value || "").trim(), 100);
  }

  function onClick(event) {
    var target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    var cart = target.closest(".add-to-cart");
    if (cart) track("ecommerce", { event_name: "add_to_cart", ecommerce: product(cart) });
    var clicked = target.closest("a, button");
    if (clicked) {
      track("click", {
        properties: {
          element: clicked.tagName.toLowerCase(),
          text: label(clicked),
          href: cut(clicked.getAttribute("href"), 2048)
        }
      });
    }
  }

  function number(text) {
    return text && isFinite(text) ? Math.max(0, Number(text)) : undefined;
  }

  function product(element) {
    var data = element.dataset;
    return {
      product_id: cut(data.productId, 255),
      product_name: cut(data.productName, 255),
      product_price: number(data.productPrice),
      product_quantity: data.productQuantity ? Math.round(number(data.productQuantity) || 0) : undefined,
      funnel_step: "add_to_cart"
    };
  }

  function onScroll() {
    var height = document.documentElement.scrollHeight - window.innerHeight;
    var depth = height > 0 ? ((window.scrollY + 1) / height) * 100 : 100;
    [25, 50, 75, 100].forEach(function (quarter) {
      if (depth < quarter || quarters[quarter]) return;
      quarters[quarter] = true;
      track("scroll", { properties: { scroll_depth: quarter } });
    });
  }

  function onSubmit(event) {
    var form = event.target;
    /* What was typed is nobody's business: only which form it was. */
    track("form_submit", { properties: { form_id: cut(form.getAttribute("id"), 255), form_name: cut(form.getAttribute("name"), 255) } });
  }

  function milliseconds(value) {
    return value > 0 && value <= 3600000 ? Math.round(value * 10) / 10 : undefined;
  }

  function measure() {
    var page = performance.getEntriesByType("navigation")[0];
    if (!page) return;
    var paint = performance.getEntriesByName("first-contentful-paint")[0];
    track("performance", {
      performance: {
        ttfb: milliseconds(page.responseStart - page.startTime),
        fcp: milliseconds(paint && paint.startTime),
        dom_load_time: milliseconds(page.domContentLoadedEventEnd - page.startTime),
        window_load_time: milliseconds(page.loadEventEnd - page.startTime)
      }
    });
  }

  function afterLoad() {
    setTimeout(measure, 0); // loadEventEnd is known only after the handlers
  }

  document.addEventListener("click", onClick, true);
  document.addEventListener("submit", onSubmit, true);
  window.addEventListener("scroll", onScroll, { passive: true });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") flush(true);
  });
  window.addEventListener("pagehide", function () { flush(true); });
  if (document.readyState === "complete") afterLoad();
  else window.addEventListener("load", afterLoad);

  track("pageview");
  window.apexAnalytics = { track: track, flush: function () { flush(false); } };
})();
