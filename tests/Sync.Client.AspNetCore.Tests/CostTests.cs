using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Shared.Contracts.Http;
using Sync.Client.AspNetCore.Scoring;
using Sync.Client.Testing;

namespace Sync.Client.AspNetCore.Tests;

public sealed class CostTests
{
    /// <summary>The enumerator of ASP.NET Core's headers.</summary>
    private const int BytesOfHeaders = 120;

    [Fact]
    public void Score_RequestAfterRequest_AllocatesTheEnumeratorOfHeadersAlone()
    {
        ServiceCollection services = new();
        FakeRelayModel model = new(
            "threats", new([.. HttpFeatureSchema.Columns], ["safe", "attack"], "safe"), (_, _, outputs) => outputs[0] = 1);
        model.Activate(1);
        services.AddLogging().AddSingleton<IRelayModel>(model);
        services.AddThreatScoring();
        using ServiceProvider provider = services.BuildServiceProvider();
        RequestScorer scorer = provider.GetRequiredService<RequestScorer>();
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/shop/item%2042?q=a+b";
        context.Request.Headers.UserAgent = "Mozilla/5.0 (X11; Linux x86_64)";
        context.Request.Headers.Accept = "text/html";
        Score(1_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Score(1_000);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, 0, BytesOfHeaders);

        void Score(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.True(scorer.Score(context).IsScored);
            }
        }
    }
}
