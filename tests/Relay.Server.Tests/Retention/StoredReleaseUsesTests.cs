using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Models;
using Relay.Server.Repository.Pruning;
using Relay.Server.Retention;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Retention;

/// <summary>What the database says of releases that are to leave the metadata, and of versions that left them.</summary>
public sealed class StoredReleaseUsesTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private readonly TestRelay _relay = own.Relay;

    private StoredReleaseUses Uses => new(
        _relay.Services.GetRequiredService<RelayDatabase>(), _relay.Services.GetRequiredService<VersionSteps>());

    [Fact]
    public async Task Find_NodesAliasesAndVersions_AreThoseOfTheDatabase()
    {
        await _relay.TrainAsync(SmallModel.Spec("used", trees: 2), SmallModel.Data);
        await _relay.TrainAsync(SmallModel.Spec("used", trees: 3), SmallModel.Data);
        (await _relay.Admin.PutAsync($"{Routes.ModelOf("used")}/aliases/champion", HttpResponses.Json("""{"version":2}"""))).Dispose();
        (await _relay.Admin.PutAsync($"{Routes.ModelOf("used")}/aliases/champion", HttpResponses.Json("""{"version":1}"""))).Dispose();
        (await _relay.Admin.PutAsync($"{Routes.ModelOf("used")}/aliases/gone", HttpResponses.Json("""{"version":2}"""))).Dispose();
        (await _relay.Admin.DeleteAsync($"{Routes.ModelOf("used")}/aliases/gone")).Dispose();
        DateTimeOffset since = _relay.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(-90);
        using (DbConnection database = _relay.OpenDatabase())
        {
            database.Execute(
                "INSERT INTO nodes (id, check_in, seen_at, release) VALUES ('uses-new', '{}', @New, 7), ('uses-old', '{}', @Old, 8)",
                new { New = since.ToUnixTimeMilliseconds(), Old = since.ToUnixTimeMilliseconds() - 1 });
        }

        ReleaseUses found = Uses.Find(since);

        Assert.Contains(7, found.Reported);
        Assert.DoesNotContain(8, found.Reported);
        Assert.Superset(new HashSet<ModelVersion> { new("used", 1), new("used", 2) }, found.Stored.ToHashSet());
        Assert.Equal([new("used", 1)], found.Aliased.Where(version => version.Name == "used"));
    }

    [Fact]
    public async Task NoteLeaving_Version_StaysPublishedAndIsNotDeleted()
    {
        ModelVersion version = new("left", 1);
        await _relay.TrainAsync(SmallModel.Spec("left", trees: 2), SmallModel.Data);
        await _relay.TrainAsync(SmallModel.Spec("left", trees: 3), SmallModel.Data);

        Uses.NoteLeaving([version]);

        VersionDetail detail = (await _relay.Admin.GetFromJsonAsync(Routes.VersionOf("left", 1), RelayApiJson.Default.VersionDetail))!;
        Page<VersionView> published = (await _relay.Admin.GetFromJsonAsync(
            $"{Routes.VersionsOf("left")}?state=published", RelayApiJson.Default.PageVersionView))!;
        using HttpResponseMessage refused = await _relay.Admin.DeleteAsync(Routes.VersionOf("left", 1));
        IReadOnlyList<ModelVersion> expired = await _relay.Services.GetRequiredService<VersionDeletion>()
            .DeleteExpiredAsync(new() { KeepVersions = 1 }, dryRun: true, TestContext.Current.CancellationToken);
        Assert.Equal(VersionView.Published, detail.Version.State);
        Assert.Equal(VersionSteps.Unlisted, detail.Steps[^1].Kind);
        Assert.Equal([1], published.Items.Select(found => found.Version));
        Assert.Equal("version-in-use", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.DoesNotContain(version, expired);
    }
}
