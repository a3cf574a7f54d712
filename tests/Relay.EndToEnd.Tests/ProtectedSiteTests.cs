using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Demo;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.EndToEnd.Tests;

/// <summary>The site of the demonstration, as its visitors and its status show it.</summary>
public sealed partial class ProtectedSiteTests
{
    private const int Columns = 6;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_AfterRequests_CountsTheirPredictions()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using SampleHost site = await SampleHost.StartAsync(relay, "ProtectedSite", "Production");
        await site.Client.GetStringAsync("/home", Cancel);
        SitePredictions before = await StatusAsync(site);

        ModelSpec spec = ModelSpecParser.Parse(File.ReadAllBytes(RepositoryRoot.Combine("deploy", "models", "threat-classifier.json")));
        spec = spec with { Parameters = new ModelParameters { Trees = 3, Depth = 6, Seed = 1 } };
        await relay.PublishAsync("stable", await relay.TrainAsync(spec, new() { Simulator = new SimulatorSource(1, 5000) }, Cancel));
        await site.Node.RefreshAsync(Cancel);
        await site.Client.GetStringAsync("/home", Cancel);
        await site.Client.GetStringAsync("/products", Cancel);
        SitePredictions after = await StatusAsync(site);

        Assert.Equal((0, 0), (before.Total, before.Failed));
        Assert.Equal((2, 0, 0), (after.Total, after.Failed, after.Mixed));
        Assert.Equal(2, after.ByVersion[1]);
    }

    /// <summary>On a phone each column has a place of its own in the card that a row becomes, and its text wraps, so that none is cut
    /// off.</summary>
    [Fact]
    public async Task LivePage_NarrowScreen_PlacesEveryColumn()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using SampleHost site = await SampleHost.StartAsync(relay, "ProtectedSite", "Production");
        string page = await site.Client.GetStringAsync("/", Cancel);

        Assert.Equal(Columns, HeaderCell().Count(page));
        Assert.Contains("width=device-width", page, StringComparison.Ordinal);
        string narrow = NarrowRules().Match(page).Groups[1].Value;
        Assert.Contains("td, th { border: 0; padding: 0; white-space: normal; }", narrow, StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(1, Columns), ColumnPlace().Matches(narrow).Select(match => int.Parse(match.Groups[1].ValueSpan)));
        Assert.Equal(Columns, ColumnPlace().Matches(narrow).DistinctBy(match => match.Groups[2].Value).Count());
    }

    private static async Task<SitePredictions> StatusAsync(SampleHost site) =>
        (await site.Client.GetFromJsonAsync("/relay/status", DemoJson.Default.SiteStatus, Cancel))!.Predictions;

    [GeneratedRegex("<th>")]
    private static partial Regex HeaderCell();

    [GeneratedRegex(@"@media \(max-width: 45rem\) \{(.*?)\n +\}\n +\.threat", RegexOptions.Singleline)]
    private static partial Regex NarrowRules();

    [GeneratedRegex(@"td:nth-child\((\d)\) \{ grid-area: (\d / \d)")]
    private static partial Regex ColumnPlace();
}
