using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Relay.TestKit;

namespace Sync.Client.AspNetCore.Tests;

public sealed class HealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_NoRelease_IsUnhealthyAndStatusSaysWhy()
    {
        using TemporaryFolder folder = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        string root = Path.Combine(folder.FullPath, "root.json");
        await File.WriteAllTextAsync(root, "{}", Cancel);
        builder.Services.AddRelaySync(o =>
        {
            (o.Relay, o.TrustedRoot) = (new("https://127.0.0.1:1"), root);
            o.StoreFolder = Path.Combine(folder.FullPath, "store");
            o.Models.Add("threats");
            o.Budgets.Retries = 0;
        });
        builder.Services.AddHealthChecks().AddRelaySync(tags: ["ready"]);
        await using WebApplication site = builder.Build();
        site.MapHealthChecks("/health/ready");
        site.MapRelayStatus();
        await site.StartAsync(Cancel);
        using HttpClient client = new() { BaseAddress = new Uri(site.Urls.Single()) };

        using HttpResponseMessage health = await client.GetAsync("/health/ready", Cancel);
        JsonElement status = await client.GetFromJsonAsync<JsonElement>("/relay/status", Cancel);
        HealthReport report = await site.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal(0, status.GetProperty("release").GetInt32());
        Assert.StartsWith("no release is active yet", report.Entries["relay-sync"].Description, StringComparison.Ordinal);
    }
}
