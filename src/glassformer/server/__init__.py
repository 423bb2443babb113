"""Models over HTTP: a JSON API, and the page.

serving.py         serve(): models loaded, address bound, what may not be served refused
  running.py       uvicorn, its signals, and connections that are cut where they are too slow
application.py     the application: what stands around all routes, and the routes
  access.py        who may ask: Host, Origin, token
  endpoint.py      one address: settings in, an answer or an error as JSON out
    reading.py     settings of a query string or a JSON body, within the limits
    problems.py    errors as JSON, with their status
  worker.py        requests that wait together, computed as one batch in a thread
  pages.py         page data, kept for the blocks that are asked for next
  metrics.py       what /metrics says
  openapi.py       what can be asked, as an OpenAPI document
routes/            one file for what belongs together; other protocols have their place here
"""
