using System.Data.Common;
using System.Net;
using Dapper;
using Relay.Server.Tests.Rollouts;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Rollouts in the console: the form, the page with its evidence, and the commands in the states in which the API takes them.</summary>
public sealed class RolloutPagesTests : IAsyncLifetime
{
    private const string Rollouts = "/console/rollouts";
    private const string Page = $"{Rollouts}/1";

    private RolloutRelay _rollout = null!;

    private TestRelay Relay => _rollout.Relay;

    public async ValueTask InitializeAsync() => _rollout = await RolloutRelay.StartAsync();

    public ValueTask DisposeAsync() => _rollout.DisposeAsync();

    [Fact]
    public async Task Rollout_FromTheFormToItsHalt_IsShownWithItsEvidenceAndItsCommands()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(Relay, "operator");
        using ConsoleBrowser auditor = await ConsoleBrowser.SignInAsAsync(Relay, "auditor");
        ConsoleAnswer started = await browser.SubmitAsync($"{Rollouts}/new", $"{Rollouts}/new", StartForms.Sound);
        _rollout.ReportAll(failures: 0);
        await _rollout.WaitAsync(1, rollout => rollout.Verdict == "pass");
        using (DbConnection connection = Relay.OpenDatabase())
        {
            await connection.ExecuteAsync("UPDATE rollout_nodes SET standing = 'Refused' WHERE node = 'node-7'");
        }

        ConsoleAnswer running = await browser.GetAsync(Page);
        ConsoleAnswer seen = await auditor.GetAsync(Page);

        Assert.Contains("gives it to 50 percent of the nodes now", started.Text, StringComparison.Ordinal);
        Assert.Contains("<li class=\"now\">50 %", running.Html, StringComparison.Ordinal);
        Assert.Contains("Mean of failures with its interval", running.Text, StringComparison.Ordinal);
        Assert.Contains("is shown to do no harm", running.Text, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/console/fleet/nodes/node-7\">node-7</a>", running.Html, StringComparison.Ordinal);
        Assert.Contains("refused the candidate 1", running.Text, StringComparison.Ordinal);
        Assert.Contains("run the release of their group", running.Text, StringComparison.Ordinal);
        Assert.Equal("pause skip halt", Commands(running));

        // A live page that differs without a change would be sent to each browser every two seconds.
        string[] followed = [Page, Rollouts, $"{Rollouts}/channels", $"{Rollouts}/channels/stable", $"{Rollouts}/releases", "/console/fleet"];
        foreach (string live in followed)
        {
            Assert.Equal((await auditor.GetAsync(live)).Html, (await auditor.GetAsync(live)).Html);
        }

        string candidate = (await auditor.GetAsync("/console/models/small/versions/2")).Text;
        Assert.Contains("Rollout 1 gives it to 50 % of the nodes of stable", candidate, StringComparison.Ordinal);
        Assert.DoesNotContain("No channel runs it now", candidate, StringComparison.Ordinal);

        Assert.Equal("", Commands(seen));
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"{Page}/halt")).Status);

        ConsoleAnswer paused = await browser.SubmitAsync(Page, $"{Page}/pause");
        Assert.Equal("resume halt", Commands(paused));
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostAsync($"{Page}/skip")).Status);
        Assert.Equal("pause skip halt", Commands(await browser.SubmitAsync(Page, $"{Page}/resume")));

        await browser.SubmitAsync(Page, $"{Page}/halt");
        await _rollout.WaitAsync(1, rollout => rollout.Status == "halted");
        ConsoleAnswer halted = await browser.GetAsync(Page);
        Assert.Equal("", Commands(halted));
        Assert.Contains("Halted by an operator.", halted.Text, StringComparison.Ordinal);
        Assert.Contains("halted here", halted.Text, StringComparison.Ordinal);
        Assert.Contains(Page, (await browser.GetAsync($"{Rollouts}?status=halted&channel=stable")).Html, StringComparison.Ordinal);
        Assert.Contains("No rollout is of this kind", (await browser.GetAsync($"{Rollouts}?status=running")).Text, StringComparison.Ordinal);
        Assert.Contains(Page, (await browser.GetAsync($"{Rollouts}/channels/stable")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AnotherSchema_IsAskedAboutAndThenStarted()
    {
        ModelSpec spec = SmallModel.Spec();
        ModelVersion other = await Relay.TrainAsync(
            spec with { Columns = [.. spec.Columns.Select(column => column.Name == "size" ? column with { Type = ColumnType.Ignore } : column)] },
            SmallModel.Data);
        (string, string)[] form = [.. StartForms.Sound.Where(entered => entered.Name != "models"), ("models", $"small@{other.Version}")];
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(Relay);
        ConsoleAnswer asked = await browser.SubmitAsync($"{Rollouts}/new", $"{Rollouts}/new", form);
        ConsoleAnswer started = await browser.PostAsync($"{Rollouts}/new", [.. form, ("schemaChange", "true")]);

        Assert.DoesNotContain("name=\"schemaChange\"", (await browser.GetAsync($"{Rollouts}/new")).Html, StringComparison.Ordinal);
        Assert.Contains("has another schema than version 1", asked.Text, StringComparison.Ordinal);
        Assert.Contains("name=\"schemaChange\"", asked.Html, StringComparison.Ordinal);
        Assert.StartsWith($"{Rollouts}/", started.Location, StringComparison.Ordinal);
    }

    private static string Commands(ConsoleAnswer page) => string.Join(' ', new[] { "pause", "resume", "skip", "halt" }
        .Where(command => page.Html.Contains($"action=\"{Page}/{command}\"", StringComparison.Ordinal)));
}
