using Relay.TestKit;

namespace Relay.EndToEnd.Tests;

/// <summary>nginx in front of a relay, with the configuration of <c>deploy/nginx-relay.conf</c> and its buffering on. It presents the relay's own
/// certificate.</summary>
internal static class NginxProxy
{
    public static Task<NginxProcess> StartAsync(TestRelay relay)
    {
        string presented = Path.Combine(relay.DataFolder, "tls", "server.key");
        string delivered = File.ReadAllText(RepositoryRoot.Combine("deploy", "nginx-relay.conf"));
        return NginxProcess.StartAsync(port => Replace(delivered, new()
        {
            ["127.0.0.1:60002"] = $"127.0.0.1:{relay.Address.Port}",
            ["listen 443"] = $"listen 127.0.0.1:{port}",
            ["relay.example"] = "localhost",
            ["/etc/nginx/relay/tls.pem"] = presented,
            ["/etc/nginx/relay/tls.key"] = presented,
            ["/etc/nginx/relay/ca.pem"] = relay.CertificateAuthority,
        }));
    }

    /// <summary>A configuration that is delivered, with other values for its examples.</summary>
    public static string Replace(string text, Dictionary<string, string> values)
    {
        foreach ((string placeholder, string value) in values)
        {
            Assert.Contains(placeholder, text, StringComparison.Ordinal);
            text = text.Replace(placeholder, value, StringComparison.Ordinal);
        }

        return text;
    }
}
