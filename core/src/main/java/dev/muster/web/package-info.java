/// The port between a web worker and the server that speaks HTTP in it. The core knows no HTTP: it makes the worker,
/// hands it the listening socket, the listeners and the watch over what lasts too long, and tells it when to accept and
/// when to end; [dev.muster.web.WebServer] does the rest.
@NullMarked
package dev.muster.web;

import org.jspecify.annotations.NullMarked;
