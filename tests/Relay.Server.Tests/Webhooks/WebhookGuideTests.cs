using System.Text;
using System.Text.RegularExpressions;
using Relay.Server.Webhooks;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Webhooks;

/// <summary>What docs/guides/webhooks.md shows is what receivers get.</summary>
public sealed partial class WebhookGuideTests
{
    private const string Python = "/usr/bin/python3";

    private static readonly string Guide = File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "webhooks.md"));

    [Fact]
    public async Task Verification_TakesWhatTheRelaySignsAndNothingElse()
    {
        Assert.SkipUnless(File.Exists(Python), "python3 is not installed");
        const string Body = """{"id":"evt_1"}""";
        byte[] secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string right = Call(now, Body, WebhookSignature.Create(secret, "evt_1", now, Encoding.UTF8.GetBytes(Body)));
        string changed = Call(now, """{"id":"evt_2"}""", WebhookSignature.Create(secret, "evt_1", now, Encoding.UTF8.GetBytes(Body)));
        string old = Call(now - 3600, Body, WebhookSignature.Create(secret, "evt_1", now - 3600, Encoding.UTF8.GetBytes(Body)));

        CommandRun run = (await CommandRun.TryAsync(
            Python, ["-c", $"{PythonBlock().Match(Guide).Groups[1].Value}\nprint({right}, {changed}, {old})"]))!;

        Assert.Equal("True False False", Encoding.UTF8.GetString(run.Output).Trim());

        string Call(long timestamp, string body, string signature) =>
            $"verify('whsec_{Convert.ToBase64String(secret)}', {{'webhook-id': 'evt_1', 'webhook-timestamp': '{timestamp}', "
            + $"'webhook-signature': 'v1,AAAA {signature}'}}, b'{body}')";
    }

    [Fact]
    public void Events_AreAllInTheGuide() => Assert.All(
        WebhookEvents.All, name => Assert.Contains($"`{name}`", Guide, StringComparison.Ordinal));

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}
