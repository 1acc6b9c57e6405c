// The same answers by node: as a CGI program, or with "inetd" as one that gets a request on standard
// input.
import { readFileSync, writeSync } from "node:fs";

function answer(method, query, body) {
    if (method === "POST") {
        const words = body.split(/[ \t-\r]+/).filter((word) => word).length;
        const lines = body.split("\n").length - 1;
        return `lines ${lines} words ${words} bytes ${Buffer.byteLength(body)}\n`;
    }
    return `hello, ${new URLSearchParams(query).get("name") ?? "world"}\n`;
}

function print(head, text) {
    const fields = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}`;
    writeSync(1, `${head}\r\n${fields}\r\n\r\n${text}`);
}

if (process.argv[2] === "listen") {
    const { createServer } = await import("node:http");
    createServer((request, response) => {
        response.setHeader("Connection", "close");
        response.end(answer(request.method, request.url.split("?")[1] ?? "", ""));
    }).listen({ fd: 3 });
} else if (process.argv[2] === "inetd") {
    let request = "";
    const block = Buffer.alloc(65536);
    const { readSync } = await import("node:fs");
    while (!request.includes("\r\n\r\n")) {
        const count = readSync(0, block);
        if (count === 0) process.exit(1);
        request += block.toString("utf8", 0, count);
    }
    const [method, target] = request.split(" ", 2);
    print("HTTP/1.1 200 OK\r\nConnection: close", answer(method, target.split("?")[1] ?? "", ""));
} else {
    const { REQUEST_METHOD, QUERY_STRING, CONTENT_LENGTH } = process.env;
    const body = Number(CONTENT_LENGTH ?? 0) > 0 ? readFileSync(0, "utf8") : "";
    print("Status: 200", answer(REQUEST_METHOD, QUERY_STRING, body));
}
