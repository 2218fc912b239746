/* 枫桥 · 工作台自己更新（ES2017，不用模块）。同一浏览器的各个标签页合用一条连接；没有它，刷新页面照样能看。 */
(function () {
  'use strict';
  var SILENT = 30000, LOOK = 5000;   /* 毫秒：多久没有动静算断了；断了以后多久看一次 */

  /* 听一条连接。tell('changed')：该重新看了；tell('ended')：登录已结束 */
  function hear(tell) {
    var source = null, last = 0, timer = 0;
    var alive = function () { last = Date.now(); };
    var stop = function () { clearInterval(timer); if (source) { source.close(); } source = null; };
    var open = function () {
      source = new EventSource('/api/v1/live?whose=all');
      source.addEventListener('alive', alive);
      source.addEventListener('changed', function () { alive(); tell('changed'); });
      source.addEventListener('ended', function () { stop(); tell('ended'); });
    };
    alive();
    if (typeof EventSource !== 'undefined') { open(); }
    timer = setInterval(function () {
      if (Date.now() - last < SILENT) { return; }
      tell('changed');
      if (source && source.readyState === 2) { open(); }
    }, LOOK);
    return { stop: stop, open: function () { return Boolean(source); } };
  }

  /* 各标签页合用的一头 */
  if (typeof SharedWorkerGlobalScope !== 'undefined') {
    var ports = [], line = null, whose = '';
    var all = function (word) { ports.forEach(function (p) { p.postMessage(word); }); };
    self.onconnect = function (e) {
      var port = e.ports[0];
      port.onmessage = function (m) {
        ports = ports.filter(function (p) { return p !== port; });
        if (m.data === 'bye') {
          if (!ports.length && line) { line.stop(); line = null; }
          return;
        }
        ports.push(port);
        if (line && line.open() && m.data === whose) { port.postMessage('changed'); return; }
        if (line) { line.stop(); }
        whose = m.data;
        line = hear(all);
      };
    };
    return;
  }

  var rows = document.getElementById('rows');
  if (!rows || !window.fetch) { return; }
  var d = document, told = d.getElementById('told'), came = {}, stale = false, busy = false, waiting = false;
  function list(q, root) { return Array.prototype.slice.call(root.querySelectorAll(q)); }
  function rowOf(x) { return x && x.closest ? x.closest('tr[data-row]') : null; }
  function row(key, root) { return list('tr[data-row]', root).find(function (r) { return r.getAttribute('data-row') === key; }); }

  /* 焦点所在的那一格，在新表里是哪一格；没有了就先不换 */
  function twin(x, fresh) {
    var own = rowOf(x), its = own ? row(own.getAttribute('data-row'), fresh) : null;
    if (!own) { return x.id ? fresh.querySelector('#' + x.id) : null; }
    return its ? its.querySelector('.' + x.closest('td').classList[0] + ' ' + x.tagName.toLowerCase()) : null;
  }

  function put(page) {
    var fresh = page.getElementById('rows'), active = d.activeElement, inside = rows.contains(active);
    if (!fresh) { return; }
    if (inside && !twin(active, fresh)) { waiting = true; return; }
    var known = {}, n = 0, picked = {}, anchor = rowOf(active) || list('tr[data-row]', rows).find(function (r) { return r.getBoundingClientRect().bottom > 0; });
    list('tr[data-row]', rows).forEach(function (r) { known[r.getAttribute('data-row')] = true; });
    list('input[name=t]', rows).forEach(function (b) { picked[b.value] = b.checked; });
    list('tr[data-row]', fresh).forEach(function (r) {
      var key = r.getAttribute('data-row'), cell = r.querySelector('.sta');
      if (!known[key]) { came[key] = true; n += 1; }
      if (came[key] && !cell.querySelector('.just')) {
        var mark = d.createElement('span');
        mark.className = 'just'; mark.textContent = '刚到';
        cell.appendChild(mark);
      }
    });
    list('input[name=t]', fresh).forEach(function (b) { b.checked = Boolean(picked[b.value]); });
    var before = anchor ? anchor.getBoundingClientRect().top : 0, to = inside ? twin(active, fresh) : null;
    rows.parentNode.replaceChild(fresh, rows);
    rows = fresh;
    if (to) { to.focus({ preventScroll: true }); }
    list('[data-part]', page).forEach(function (p) {
      var old = d.querySelector('[data-part="' + p.getAttribute('data-part') + '"]');
      if (old && !old.contains(d.activeElement)) { old.parentNode.replaceChild(p, old); }
    });
    var same = anchor ? row(anchor.getAttribute('data-row'), rows) : null;
    if (same) { window.scrollBy(0, same.getBoundingClientRect().top - before); }
    d.dispatchEvent(new Event('rows'));
    if (n) { told.textContent = '刚到 ' + n + ' 件'; }
  }

  function look() {
    if (d.hidden || busy) { stale = true; return; }
    busy = true; stale = false;
    fetch(rows.getAttribute('data-live'), { credentials: 'same-origin' })
      .then(function (r) { if (r.redirected) { ended(); return null; } return r.ok ? r.text() : null; })
      .then(function (text) { if (text) { put(new DOMParser().parseFromString(text, 'text/html')); } })
      .catch(function () { setTimeout(look, LOOK); })
      .then(function () { busy = false; if (stale && !d.hidden) { look(); } });
  }

  function ended() { var clock = d.querySelector('.tabs .live'); if (clock) { clock.textContent = '登录已结束，重新登录后接着看'; } }
  function on(word) { if (word === 'changed') { look(); } else { ended(); } }
  d.addEventListener('focusout', function () { setTimeout(function () { if (waiting) { waiting = false; look(); } }, 0); });
  d.addEventListener('visibilitychange', function () { if (!d.hidden && stale) { look(); } });

  var post = rows.getAttribute('data-post');
  if (window.SharedWorker) {
    var port = new SharedWorker(d.currentScript.src, 'live').port, join = function () { port.postMessage(post); };
    port.onmessage = function (m) { on(m.data); };
    join();
    window.addEventListener('pagehide', function () { port.postMessage('bye'); });
    window.addEventListener('pageshow', function (e) { if (e.persisted) { join(); } });
  } else {
    var own = d.hidden ? null : hear(on);
    d.addEventListener('visibilitychange', function () {
      if (own) { own.stop(); own = null; }
      if (!d.hidden) { own = hear(on); }
    });
  }
}());
