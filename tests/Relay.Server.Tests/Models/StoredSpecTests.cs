using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Models;

/// <summary>A relay that went back one version finds specs and cards with members that it does not know.</summary>
public sealed class StoredSpecTests
{
    [Fact]
    public async Task Models_StoredByANewerVersion_AreShownAndReleasedAndNotTrained()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync();
        RelayDatabase database = relay.Services.GetRequiredService<RelayDatabase>();
        database.Write((connection, transaction) => connection.Execute(
            """
            UPDATE models SET spec = json_set(json_set(spec, '$.parameters.tomorrow', 1), '$.more', 'as well');
            UPDATE model_versions SET card = json_set(json_set(card, '$.tomorrow', 1), '$.spec.parameters.tomorrow', 2);
            """,
            transaction: transaction));

        Page<ModelView> models = (await relay.Admin.GetFromJsonAsync(Routes.Models, RelayApiJson.Default.PageModelView))!;
        VersionDetail card = (await relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/{version.Name}/versions/{version.Version}", RelayApiJson.Default.VersionDetail))!;
        using HttpResponseMessage training = await relay.Admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(version.Name, SmallModel.Data), RelayApiJson.Default.TrainingRunRequest);
        await relay.PublishAsync("stable", version);

        Assert.Equal(version.Name, Assert.Single(models.Items).Name);
        Assert.Equal(version.Version, card.Version.Version);
        Assert.Equal("spec-of-a-newer-version", await training.ProblemTypeAsync(HttpStatusCode.Conflict));
    }
}
