-- A message of 256 bytes to one station, with a token, as GatewayBench asks for it.
wrk.method = "POST"
wrk.headers["Content-Type"] = "text/plain"
wrk.headers["Authorization"] = "Bearer " .. (os.getenv("BENCH_TOKEN") or "none")
wrk.body = string.rep("m", 256)
