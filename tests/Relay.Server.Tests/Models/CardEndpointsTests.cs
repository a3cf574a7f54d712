using System.Net;
using System.Net.Http.Json;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Models;

public sealed class CardEndpointsTests(PublishedRelay fixture)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Json_TrainedVersion_HasBoundedFiguresOfItsHeldOutRows()
    {
        ModelCard card = (await fixture.Relay.Admin.GetFromJsonAsync(Routes.CardOf(SmallModel.Name, 1, "json"), ModelJson.Default.ModelCard, Cancel))!;

        EvaluationReport report = card.Evaluation!;
        Assert.Equal(card.Metrics.Rows, report.Confusion!.Rows.Sum(row => row.Sum()));
        Assert.Equal(card.Schema.Classes, report.Confusion.Classes);
        ClassificationMetrics metrics = Assert.IsType<ClassificationMetrics>(card.Metrics);
        Assert.Equal(metrics.MacroAuc, report.Curves!.Average(c => c.Auc), 12);
        Assert.Equal(metrics.Accuracy, report.Calibration!.Bins.Sum(b => b.Rows * b.Observed) / metrics.Rows, 12);
        Assert.Equal(card.Schema.Inputs.Select(i => i.Name), report.Columns!.Select(c => c.Name));
        Assert.All(report.Columns!, c => Assert.Equal(card.Train.Rows, c.Bins!.Sum(b => b.Train) + c.Train!.Missing));
        Assert.All(report.Columns!, c => Assert.Equal(card.Test.Rows, c.Bins!.Sum(b => b.HeldOut) + c.HeldOut.Missing));
    }

    [Fact]
    public async Task Html_TrainedVersion_IsAPageUnderAStrictPolicy()
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync(Routes.CardOf(SmallModel.Name, 1, "html"), Cancel);

        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.EndsWith("frame-ancestors 'none'; sandbox", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("<!DOCTYPE html>", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("html")]
    [InlineData("md")]
    public async Task Card_UnknownVersion_SaysSo(string form)
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync(Routes.CardOf(SmallModel.Name, 999, form), Cancel);

        Assert.Equal("unknown-version", await response.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Verify_CommandsOfTheCard_AcceptThePublishedFileAndRefuseAnother()
    {
        Assert.SkipUnless(await OpenSsl.IsInstalledAsync(), "openssl is not installed.");
        string card = await fixture.Relay.Admin.GetStringAsync(Routes.CardOf(fixture.Published.Name, fixture.Published.Version, "md"), Cancel);
        string commands = card.Split("```sh\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])
            .Single(block => block.Contains("openssl cms", StringComparison.Ordinal));
        using TemporaryFolder folder = new();
        Directory.CreateSymbolicLink(folder.Combine("repository"), Path.Combine(fixture.Relay.DataFolder, "repository"));

        CommandRun run = (await CommandRun.TryAsync("bash", ["-euo", "pipefail", "-c", commands], folder.FullPath))!;
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("CMS Verification successful", run.Errors, StringComparison.Ordinal);

        string spoilt = commands.Replace("\ntest ", "\nprintf x >> model.onnx\ntest ", StringComparison.Ordinal);
        Assert.NotEqual(0, (await CommandRun.TryAsync("bash", ["-euo", "pipefail", "-c", spoilt], folder.FullPath))!.ExitCode);
        Assert.NotEqual(0, (await CommandRun.TryAsync("bash", ["-euo", "pipefail", "-c", spoilt[spoilt.IndexOf("openssl cms", StringComparison.Ordinal)..]], folder.FullPath))!.ExitCode);
    }

    [Fact]
    public async Task Command_CardFile_IsWrittenByTheEndingOfTheOutput()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(
            folder.Combine("m.card.json"), await fixture.Relay.Admin.GetStringAsync(Routes.CardOf(SmallModel.Name, 1, "json"), Cancel), Cancel);

        RelayCommandRun page = await RelayCommandRun.RunAsync("card", folder.Combine("m.card.json"), "--output", folder.Combine("m.html"));
        RelayCommandRun text = await RelayCommandRun.RunAsync("card", folder.Combine("m.card.json"));

        Assert.Equal((0, 0), (page.Code, text.Code));
        Assert.StartsWith("<!DOCTYPE html>", await File.ReadAllTextAsync(folder.Combine("m.html"), Cancel), StringComparison.Ordinal);
        Assert.StartsWith($"# Model card: {SmallModel.Name}, version 1", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_CardFileAndARelay_IsRefused()
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("card", "m.card.json", "--relay", "https://localhost:1");

        Assert.Equal(1, run.Code);
        Assert.Contains("--relay is for the card of a version on a relay", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_NameWithoutAVersion_AsksForIt()
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("card", "traffic");

        Assert.Equal(1, run.Code);
        Assert.Contains("relay card traffic 1", run.Error, StringComparison.Ordinal);
    }
}
