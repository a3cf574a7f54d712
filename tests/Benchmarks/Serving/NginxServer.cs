using Relay.TestKit;

namespace Benchmarks.Serving;

/// <summary>nginx as a static file server: TLS 1.3, HTTP/1.1 and HTTP/2, and no access log, since a relay writes none.</summary>
internal static class NginxServer
{
    /// <param name="root">The folder that it serves.</param>
    /// <param name="certificate">PEM of the certificate and its key.</param>
    public static Task<NginxProcess> StartAsync(string root, string certificate) => NginxProcess.StartAsync(port => $$"""
        sendfile on;
        tcp_nopush on;
        keepalive_requests 100000000;
        server {
            listen 127.0.0.1:{{port}} ssl http2;
            server_name localhost;
            ssl_certificate {{certificate}};
            ssl_certificate_key {{certificate}};
            ssl_protocols TLSv1.3;
            ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;
            root {{root}};
        }
        """);
}
