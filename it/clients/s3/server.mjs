// A store of objects that speaks S3: node server.mjs <directory> <bucket>. s3rver does not look at signatures of version 4, so each
// request is first signed again with another implementation of them. Prints its port; ends with its input.
import aws4 from "aws4";
import http from "node:http";
import S3rver from "s3rver";

const [directory, bucket] = process.argv.slice(2);
const credentials = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
const store = new S3rver({ silent: true, directory, configureBuckets: [{ name: bucket }] });
await store.configureBuckets();
const serve = store.callback();

function signed(request) {
  const { authorization = "", host } = request.headers;
  const [, key, region] = /Credential=([^/]+)\/\d+\/([^/]+)\/s3\/aws4_request/.exec(authorization) ?? [];
  const headers = Object.fromEntries((/SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? "").split(";")
    .map((name) => [name, request.headers[name]]));
  const again = aws4.sign({ service: "s3", region, host, method: request.method, path: request.url, headers,
    signQuery: false }, credentials);
  return key !== credentials.accessKeyId || again.headers.Authorization === authorization;
}

const server = http.createServer((request, response) => {
  if (signed(request)) {
    serve(request, response);
  } else {
    request.resume();
    response.writeHead(403, { "Content-Type": "application/xml" });
    response.end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
