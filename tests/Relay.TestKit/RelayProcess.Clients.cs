using System.Net.Http.Headers;
using Relay.Server.Cli;

namespace Relay.TestKit;

/// <summary>How a test asks the process.</summary>
public sealed partial class RelayProcess
{
    /// <param name="address">Of a proxy in front of it; null: its own.</param>
    public HttpClient CreateAdminClient(Uri? address = null)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(Path.Combine(DataFolder, "tls", "ca.pem"));
        HttpClient client = new(handler) { BaseAddress = address ?? Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        return client;
    }

    /// <summary>Sends no key, and follows no redirect.</summary>
    internal HttpClient CreateBrowserClient(Func<HttpMessageHandler, HttpMessageHandler> wrap)
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(Path.Combine(DataFolder, "tls", "ca.pem"));
        return new HttpClient(wrap(handler)) { BaseAddress = Address };
    }

    private async Task ReadLogAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _log.Enqueue(line);
        }
    }
}
