using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Training;

public sealed class FailedTrainingTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private static readonly string OneClass = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i % 7},tcp,benign\n"));

    [Theory]
    [InlineData("rate,size,protocol,verdict\n1,2,tcp,benign\nx,2,tcp,flood\n", "InvalidData")]
    [InlineData("rate,size,protocol,verdict\n", "MissingData")]
    [InlineData("rate,size,protocol,verdict\n40x", "TooFewClasses")]
    public async Task Run_InvalidFile_FailsWithItsFaultAndLeavesNoVersion(string csv, string fault)
    {
        TestRelay relay = fixture.Relay;
        File.WriteAllText(Path.Combine(relay.DatasetsFolder, "bad.csv"), csv.Replace("40x", OneClass, StringComparison.Ordinal));

        TrainingRun run = await relay.StartTrainingAsync(SmallModel.Spec(), new TrainingDataSource { Train = "bad.csv" });
        run = await relay.WaitForRunAsync(run.Id, r => r.IsFinished);
        Page<VersionView> versions = (await relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/{SmallModel.Name}/versions", RelayApiJson.Default.PageVersionView))!;

        Assert.Equal(TrainingRunState.Failed, run.State);
        Assert.Equal(fault, run.Problem!.Fault);
        Assert.Null(run.Version);
        Assert.Empty(versions.Items);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(relay.DataFolder, "artifacts")));
    }
}
