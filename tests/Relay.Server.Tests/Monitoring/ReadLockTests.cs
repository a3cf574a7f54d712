using System.Data.Common;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Monitoring;

/// <summary>What is asked for all the time, by collectors and pages, takes no lock of the database: reports of nodes wait for none of it.</summary>
public sealed class ReadLockTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    [Theory]
    [InlineData(Routes.Fleet)]
    [InlineData(Routes.LegacyStats)]
    [InlineData("/metrics")]
    [InlineData("/health/ready")]
    public async Task Get_WhileAWriteIsUnderWay_DoesNotWaitForItsEnd(string route)
    {
        using DbConnection writer = own.Relay.Services.GetRequiredService<RelayDatabase>().Open();
        writer.HoldWriters();

        using HttpResponseMessage answer = await own.Relay.Admin.GetAsync(route).WaitAsync(TimeSpan.FromSeconds(10));
        string text = await answer.Content.ReadAsStringAsync();
        writer.EndWait();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotMatch("(?m)^relay_part_readable.* 0$", text);
    }
}
