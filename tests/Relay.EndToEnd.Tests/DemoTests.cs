using System.Diagnostics;
using System.Text.Json;
using Demo;

namespace Relay.EndToEnd.Tests;

/// <summary><c>./run --once</c> as its user starts it: relay, site and visitors are processes of their own.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Once_OnSimulatedTraffic_GoesRoundTheLoop()
    {
        (int exit, string lastLine) = await RunAsync("--once");

        Assert.True(exit == 0, lastLine);
        DemoReport report = JsonSerializer.Deserialize(lastLine, DemoJson.Default.DemoReport)!;
        Assert.True(report.Ok, lastLine);
        Assert.Equal((2, 2), (report.Active, report.OfflineRestart));
        Assert.Equal([3], report.Quarantined);
        Assert.Equal(new DemoRefusals("ArtifactHashMismatch", "SignatureFileMismatch", "MetadataRollback"), report.Refused);
        Assert.True(report.Predictions is { Total: > 4_000, Failed: 0, Mixed: 0 }, report.Predictions.ToString());
        Assert.True(report.MacroF1 > 0.8, $"macro-F1 {report.MacroF1}");
        Assert.Equal(new DemoGoodRollout(Stages: 4, Active: 200), report.Rollout.Good);
        Assert.True(
            report.Rollout.Bad is { Halted: true, Stage: 1, Affected: > 0 and < 200, ReturnedMs: > 0, Downloads: 0 }, report.Rollout.Bad.ToString());
    }

    [Fact]
    public async Task Once_DataThatIsNotThere_SaysSoInOneLineOfJson()
    {
        (int exit, string lastLine) = await RunAsync("--once", "--data", "no-such-folder");

        Assert.Equal(1, exit);
        DemoFailure failure = JsonSerializer.Deserialize(lastLine, DemoJson.Default.DemoFailure)!;
        Assert.False(failure.Ok);
        Assert.Contains("no-such-folder", failure.Problem, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string LastLine)> RunAsync(params string[] arguments)
    {
        using Process process = new() { StartInfo = new("dotnet") { RedirectStandardOutput = true } };
        process.StartInfo.ArgumentList.Add(typeof(DemoReport).Assembly.Location);
        foreach (string argument in arguments)
        {
            process.StartInfo.ArgumentList.Add(argument);
        }

        process.Start();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output.TrimEnd().Split('\n')[^1]);
    }
}
